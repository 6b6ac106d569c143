import { type Fragment, fragmentsBySetting, fragmentsOf, settingKey } from '../../conversion/fragments.ts';
import { groupByCode, ingressOf, placeOf } from '../../conversion/places.ts';
import { remedyOf } from '../../domain/findings.ts';
import { type Origin, originOf, qualifiedName } from '../../domain/origin.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Ingress } from '../../read/cluster.ts';
import { longestText, longestValue, visible } from '../../text/escape.ts';
import { reasonOf, toldOf } from '../decided.ts';
import type { Overview } from '../overview.ts';
import type { IngressReadiness } from '../readiness.ts';
import {
  chunkSize,
  type PageDetail,
  type PageIngress,
  type PageList,
  type PageObject,
  type PageOutcome,
  type PagePart,
} from './data.ts';
import { ingressManifest, objectManifest } from './manifest.ts';

/** Longest list of hosts of one Ingress. */
const longestHosts = 300;

export function pageList(overview: Overview): PageList {
  const { findings, ingresses, conversion } = overview;
  const namespaces = [...new Set(ingresses.map(({ ingress }) => ingress.ingress.ref.namespace))].sort();
  const numbers = new Map(namespaces.map((name, index) => [name, index]));
  const codes = groupByCode(findings);
  const codeNumbers = new Map(codes.map(({ code }, index) => [code, index]));
  const byName = new Map(ingresses.map(({ ingress }, index) => [qualifiedName(ingress.ingress.ref), index]));
  const remedies = new Map<string, number>();
  const columns: PageColumns = { code: [], ingress: [], place: [], message: [], remedy: [] };
  for (const finding of findings) {
    const remedy = visible(remedyOf(finding));
    if (!remedies.has(remedy)) remedies.set(remedy, remedies.size);
    columns.code.push(codeNumbers.get(finding.type.code)!);
    columns.ingress.push(byName.get(ingressOf(finding) ?? '') ?? -1);
    columns.place.push(placeOf(finding.origin));
    columns.message.push(visible(toldOf(finding)));
    columns.remedy.push(remedies.get(remedy)!);
  }
  const hosts = hostsOf(overview);
  return {
    namespaces: namespaces.map((name) => visible(name, longestValue)),
    codes: codes.map(({ code, severity, summary, url }) => ({ code, severity, summary, url })),
    remedies: [...remedies.keys()],
    ingresses: ingresses.map((entry): PageIngress => {
      const { ingress, state } = entry.ingress;
      return [
        numbers.get(ingress.ref.namespace)!,
        visible(ingress.ref.name, 300),
        entry.readiness,
        visible((hosts.get(ingress) ?? []).join(', '), longestHosts),
        placeOf(originOf(ingress.source)),
        entry.reasons.join(', '),
        state.kind === 'served' ? '' : visible(state.reason),
        visible(entry.controllers.join(', '), longestHosts),
      ];
    }),
    findings: columns,
  };

  function hostsOf({ conversion: { model } }: Overview): Map<Ingress, string[]> {
    const found = new Map<Ingress, string[]>(conversion.cluster.ingresses.map((ingress) => [ingress, []]));
    for (const { host, ingresses: own } of model.servers)
      for (const { ingress } of own) found.get(ingress)?.push(host === '' ? '(every other host)' : host);
    return found;
  }
}

type PageColumns = { [Name in keyof PageList['findings']]: PageList['findings'][Name][number][] };

/** Chunks of what is shown of each Ingress when it is opened. */
export function* pageDetails({ ingresses, conversion }: Overview): Generator<PageDetail[]> {
  const copies = new Map(
    conversion.secretCopies.map(({ from, to }) => [`${from.namespace}/${from.name}`, to.name]),
  );
  const byIngress = new Map<string, number[]>();
  for (const [index, { from }] of conversion.objects.entries()) {
    for (const name of from) {
      const known = byIngress.get(name);
      if (known === undefined) byIngress.set(name, [index]);
      else known.push(index);
    }
  }
  for (let start = 0; start < ingresses.length; start += chunkSize) {
    yield ingresses.slice(start, start + chunkSize).map((entry) => {
      const objects = byIngress.get(qualifiedName(entry.ingress.ingress.ref)) ?? [];
      return detailOf(entry, objects, partsOf(objects, conversion), copies);
    });
  }
}

function detailOf(
  { ingress: { ingress }, outcomes }: IngressReadiness,
  objects: readonly number[],
  parts: PartFinder,
  copies: ReadonlyMap<string, string>,
): PageDetail {
  const { text, lineOf } = ingressManifest(ingress);
  return {
    text,
    outcomes: outcomes.map((outcome) =>
      outcomeOf(outcome, lineOf(outcome.subject.origin), parts(outcome.subject.origin)),
    ),
    objects,
    words: wordsOf(ingress, copies),
  };
}

function outcomeOf(outcome: Outcome, line: number, parts: readonly PagePart[]): PageOutcome {
  const { subject, status, fidelity, targets } = outcome;
  const reason = reasonOf(outcome);
  const claim = fidelity === undefined || fidelity === status ? '' : fidelity;
  const where = targets.slice(0, 3).map((ref) => `${ref.kind} ${qualifiedName(ref)}`);
  const more = targets.length > 3 ? [`and ${targets.length - 3} more`] : [];
  const why = [reason, [...where, ...more].join(', ')].filter((part) => part !== '').join(' → ');
  const value = visible(subject.value, longestValue);
  return [
    subject.kind,
    visible(subject.name, 300),
    value,
    status,
    claim,
    visible(why, longestText),
    line,
    parts,
  ];
}

/** The parts of objects that come from a setting. */
type PartFinder = (origin: Origin) => readonly PagePart[];

function partsOf(numbers: readonly number[], { objects }: Overview['conversion']): PartFinder {
  const found = new Map<string, PagePart[]>();
  for (const [index, number] of numbers.entries()) {
    const emitted = objects[number]!;
    if ((emitted.parts ?? []).length === 0) continue;
    const text = objectManifest(emitted.object);
    for (const [key, fragments] of fragmentsBySetting(fragmentsOf(emitted))) {
      const places = fragments.flatMap((fragment) => placeIn(text, fragment, index));
      found.set(key, [...(found.get(key) ?? []), ...places]);
    }
  }
  return (origin) => found.get(settingKey(origin)) ?? [];
}

/** The lines of a part in the text of its object; none where the text is cut before it. */
function placeIn(text: string, { name, path, text: part }: Fragment, object: number): PagePart[] {
  const shown = visible(name, 400);
  if (path === '') return [[shown, object, 0, text.split('\n').length]];
  const lines = part.trimEnd().split('\n');
  const item = lines.map((line, index) => `${index === 0 ? '    - ' : '      '}${line}`).join('\n');
  const at = text.indexOf(item);
  if (at < 0) return [];
  const from = text.slice(0, at).split('\n').length - 1;
  return [[shown, object, from, from + lines.length]];
}

/** Values of an Ingress by which its part of a shared object is found again. */
function wordsOf({ rules, tls, ref }: Ingress, copies: ReadonlyMap<string, string>): string[] {
  const words = new Set<string>();
  for (const { host, paths = [] } of rules) {
    if (host !== '') words.add(host);
    for (const { path, backend } of paths) {
      if (path.length > 1) words.add(path);
      if (backend.kind === 'service') words.add(`${backend.name}.${ref.namespace}.svc`);
    }
  }
  for (const { secretName } of tls)
    if (secretName !== '') words.add(copies.get(`${ref.namespace}/${secretName}`) ?? secretName);
  return [...words].slice(0, 50).map((word) => visible(word, 300));
}

export function* pageObjects({ conversion: { objects } }: Overview): Generator<PageObject[]> {
  for (let start = 0; start < objects.length; start += chunkSize) {
    yield objects.slice(start, start + chunkSize).map(({ object }): PageObject => {
      const { namespace, name } = object.metadata;
      return [visible(`${object.kind} ${namespace}/${name}`, 400), objectManifest(object)];
    });
  }
}
