import { type Finding, finding } from '../domain/findings.ts';
import { isMapping, type Mapping } from '../read/fields.ts';
import { type InputText, readTexts } from '../read/index.ts';
import { namedConfigMaps } from './config-maps.ts';
import * as findings from './findings.ts';
import { type AskedKind, apiPath, askedKinds } from './kinds.ts';
import type { Access } from './kubectl.ts';
import { getObject, type Listed, list, type Question } from './list.ts';
import { listSecrets } from './secrets.ts';
import { textOf } from './texts.ts';

/** The part of a cluster that is read. */
export interface LiveCluster {
  readonly access: Access;
  /** Empty: all of them. */
  readonly namespaces: readonly string[];
  /** Where the gateways stand: their policies and Secrets are read, too. */
  readonly gatewayNamespaces: readonly string[];
  /** Only the kinds that a conversion writes. */
  readonly outputOnly?: boolean;
}

/** How far it has come: questions that are answered, of how many; `text` names what was read last. */
export type OnRead = (progress: {
  readonly done: number;
  readonly total: number;
  readonly text: string;
}) => void;

/** At a time; each is a process of its own. */
const concurrency = 4;

interface Requested {
  readonly kind: Pick<AskedKind, 'plural' | 'essential' | 'without'>;
  readonly namespace: string | undefined;
  ask(question: Question): Promise<Listed>;
}

const secretsKind = {
  plural: 'secrets',
  essential: false,
  without: 'it is not known whether the Secrets of certificates are there',
};

/**
 * Reads what the conversion looks at from a live cluster, and changes nothing: every request is a GET or a list. Gives texts, so that
 * a cluster and a dump of it are read the same way. A kind that may not be read is a finding.
 * @throws {ClusterError} kubectl is missing, or the cluster cannot be reached, refuses the user or answers nonsense
 */
export async function readCluster(
  live: LiveCluster,
  onRead: OnRead,
): Promise<{ inputs: InputText[]; findings: Finding[] }> {
  const reported: Finding[] = [];
  const abort = new AbortController();
  let done = 0;
  try {
    const requested = questions(live, await servedVersions({ access: live.access, signal: abort.signal }));
    const answers = await inTurn(requested, async (one) => {
      const name = one.kind.plural;
      const listed = await one.ask({
        access: live.access,
        signal: abort.signal,
        onItems: (count) => onRead({ done, total: requested.length, text: `Reading ${name} (${count})` }),
      });
      onRead({ done: ++done, total: requested.length, text: `Reading ${name}` });
      return listed;
    });
    const inputs = answers.flatMap((listed, index) => textsOf(listed, requested[index]!, reported));
    inputs.push(...(await configMaps(inputs, live, abort.signal, reported)));
    return { inputs: inputs.sort(byFile), findings: reported };
  } catch (error) {
    abort.abort();
    throw error;
  }
}

function questions(
  { namespaces, gatewayNamespaces, outputOnly = false }: LiveCluster,
  served: ReadonlySet<string> | undefined,
): Requested[] {
  const scope = namespaces.length === 0 ? [undefined] : [...new Set(namespaces)].sort();
  const withGateway =
    namespaces.length === 0 ? scope : [...new Set([...namespaces, ...gatewayNamespaces])].sort();
  const kinds = askedKinds.filter(({ where }) => !outputOnly || where === 'gateway');
  const requested: Requested[] = kinds.flatMap((kind) => {
    const where = { everywhere: [undefined], scope, gateway: withGateway }[kind.where];
    return where.map((namespace) => ({
      kind,
      namespace,
      ask: (question: Question) => listKind(kind, namespace, served, question),
    }));
  });
  for (const namespace of outputOnly ? [] : withGateway)
    requested.push({ kind: secretsKind, namespace, ask: (question) => listSecrets(namespace, question) });
  return requested;
}

/** In the first version that the server has. */
async function listKind(
  { plural, versions, selector }: AskedKind,
  namespace: string | undefined,
  served: ReadonlySet<string> | undefined,
  question: Question,
): Promise<Listed> {
  let listed: Listed = { ok: false, refusal: 'not-found', said: '' };
  for (const version of versions) {
    if (version.includes('/') && served?.has(version) === false) continue;
    listed = await list(apiPath(version, plural, namespace), selector, question);
    if (listed.ok || listed.refusal !== 'not-found') return listed;
  }
  return listed;
}

/** Group and version of every API of the server; undefined where it does not tell. Also shows that it can be reached at all. */
async function servedVersions(question: Question): Promise<ReadonlySet<string> | undefined> {
  const answer = await getObject('/apis', question);
  const groups = answer.ok ? answer.items[0]?.['groups'] : undefined;
  if (!Array.isArray(groups)) return undefined;
  const versions = groups.filter(isMapping).flatMap((group) => group['versions']);
  return new Set(versions.filter(isMapping).map((version) => String(version['groupVersion'])));
}

function textsOf(listed: Listed, { kind, namespace = '' }: Requested, reported: Finding[]): InputText[] {
  if (listed.ok) return listed.items.map(textOf);
  if (listed.refusal === 'forbidden') {
    const { plural, essential, without } = kind;
    const type = essential ? findings.forbiddenEssential : findings.forbidden;
    reported.push(finding(type, { plural, namespace, without, said: listed.said }));
  } else if (kind.plural === 'ingresses') {
    reported.push(finding(findings.noIngressApi, {}));
  }
  return [];
}

/** Those that the controller and the annotations name, then those that the controller's own names. */
async function configMaps(
  inputs: readonly InputText[],
  live: LiveCluster,
  signal: AbortSignal,
  reported: Finding[],
): Promise<InputText[]> {
  const found: InputText[] = [];
  const seen = new Set<string>();
  const relevant = inputs.filter(({ file }) => /\/(?:ingress|deployment|daemonset)\//.test(file));
  for (let round = 0; round < 2; round++) {
    const wanted = namedConfigMaps(readTexts([...relevant, ...found])).filter((name) => !seen.has(name));
    for (const name of wanted) seen.add(name);
    const answers = await inTurn(wanted, (reference) => {
      const [namespace, name] = reference.split('/');
      return getObject(apiPath('v1', 'configmaps', namespace, name), { access: live.access, signal });
    });
    for (const [index, listed] of answers.entries()) {
      if (listed.ok) found.push(...listed.items.map((item: Mapping) => textOf(item)));
      else if (listed.refusal === 'forbidden') {
        const without = `the settings in ${wanted[index]} are unknown`;
        const namespace = wanted[index]!.split('/')[0]!;
        reported.push(
          finding(findings.forbidden, { plural: 'configmaps', namespace, without, said: listed.said }),
        );
      }
    }
  }
  return found;
}

/** Like `Promise.all`, a few at a time; the first failure ends it. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await act(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return results;
}

function byFile(a: InputText, b: InputText): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : 0;
}
