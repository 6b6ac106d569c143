import { createHash } from 'node:crypto';
import { istiods, type Mesh, mainMesh } from './meshes.ts';
import type { Profile } from './profile.ts';
import { type ProfileResult, sameShare } from './totals.ts';

/** What a whole run found with one release of ingress-nginx, one mesh and one profile: a row of docs/versions.md. */
export interface Measured {
  /** The release that was recorded. */
  readonly nginx: string;
  readonly recordings: 'project' | 'by release';
  readonly mesh: Mesh;
  readonly profile: Profile;
  readonly judged: number;
  /** In per cent, with one digit. */
  readonly same: string;
  readonly declared: number;
  readonly closed: number;
  readonly undeclared: number;
  /** Digest of each probe's verdict and of what declares it: equal where two meshes agree in all of them. */
  readonly verdicts: string;
}

export function measuredOf(
  { profile, totals, scenarios }: ProfileResult,
  run: Pick<Measured, 'nginx' | 'recordings' | 'mesh'>,
): Measured {
  const { probes, unjudged, declared, closed, undeclared } = totals;
  const { whole } = sameShare(scenarios.flatMap((scenario) => scenario.probes));
  const verdicts = scenarios.flatMap((scenario) =>
    scenario.probes.map(({ name, verdict, differences }) => [
      scenario.name,
      name,
      verdict,
      differences.map(({ field, declaredBy }) => [field, declaredBy]),
    ]),
  );
  const digest = createHash('sha256').update(JSON.stringify(verdicts)).digest('hex').slice(0, 12);
  const same = (100 * whole).toFixed(1);
  return { ...run, profile, judged: probes - unjudged, same, declared, closed, undeclared, verdicts: digest };
}

/** The rows with those of a new run in place of older ones of the same. */
export function withMeasured(rows: readonly Measured[], added: readonly Measured[]): readonly Measured[] {
  const byKey = new Map([...rows, ...added].map((row) => [keyOf(row), row]));
  return [...byKey.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en', { numeric: true }));
}

function keyOf({ nginx, recordings, mesh, profile }: Measured): string {
  return [recordings, nginx, mesh.istiod, mesh.envoy, profile].join(' ');
}

/** The module with the releases that `--version` names. */
export function measuredModule(rows: readonly Measured[]): string {
  const list = (texts: readonly string[]) => `[${[...new Set(texts)].map((text) => `'${text}'`).join(', ')}]`;
  const own = rows.filter(({ recordings }) => recordings === 'project');
  const releases = own.map(({ mesh }) => `${istiods[mesh.istiod]!.release} (${mesh.istiod})`);
  return `/** What docs/versions.md was measured with; written with it by \`npm run conformance -- … --measured\`. */
export const measuredWith = {
  nginx: ${list(rows.map(({ nginx }) => nginx))},
  istio: ${list(releases)},
  envoy: ${list(own.map(({ mesh }) => mesh.envoy))},
};
`;
}

/** The table of releases of ingress-nginx, all with the main mesh. */
function controllerTable(rows: readonly Measured[]): string {
  const of = rows.filter((row) => row.recordings === 'by release' && isMain(row.mesh));
  return table(
    ['ingress-nginx', 'profile', 'same', 'declared', 'closed', 'undeclared'],
    of.map((row) => [
      row.nginx,
      row.profile,
      `${row.same} %`,
      `${row.declared}`,
      `${row.closed}`,
      `${row.undeclared}`,
    ]),
  );
}

/** The table of meshes, all with the recordings of the project. */
function meshTable(rows: readonly Measured[]): string {
  const of = rows.filter((row) => row.recordings === 'project');
  const main = new Map(of.filter(({ mesh }) => isMain(mesh)).map((row) => [row.profile, row.verdicts]));
  return table(
    ['istiod of', 'Envoy', 'profile', 'same', 'undeclared', 'verdicts'],
    of.map((row) => [
      row.mesh.istiod,
      row.mesh.envoy,
      row.profile,
      `${row.same} %`,
      `${row.undeclared}`,
      isMain(row.mesh)
        ? 'in RESULTS.md'
        : row.verdicts === main.get(row.profile)
          ? 'the very same'
          : 'others',
    ]),
  );
}

function isMain({ istiod, envoy }: Mesh): boolean {
  return istiod === mainMesh.istiod && envoy === mainMesh.envoy;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) =>
    at < 2 || head[at] === 'profile' || head[at] === 'verdicts' ? '---' : '--:',
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** docs/versions.md with its tables made anew: each stands between `<!-- name -->` and `<!-- /name -->`. */
export function versionsPage(text: string, rows: readonly Measured[]): string {
  return Object.entries({ controllers: controllerTable(rows), meshes: meshTable(rows) }).reduce(
    (changed, [name, body]) => {
      const [before, rest = ''] = split(changed, `<!-- ${name} -->\n`);
      const [, after] = split(rest, `<!-- /${name} -->`);
      return `${before}<!-- ${name} -->\n${body}\n<!-- /${name} -->${after}`;
    },
    text,
  );
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`there is no ${mark.trim()}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
