import type { Mapping, Mappings } from '../decode/mapping.ts';
import type { Fidelity } from '../domain/outcome.ts';
import { markdownText } from '../text/escape.ts';
import { fidelities } from './fidelity.ts';

export type SupportFormat = 'table' | 'markdown' | 'json';

/** Which annotations are known, and what becomes of each; an older name stands beside the name that it stands for. */
export function supportText(
  mappings: Mappings,
  statuses: readonly Fidelity[],
  format: SupportFormat,
): string {
  const chosen = mappings.all.filter(({ fidelity }) => statuses.length === 0 || statuses.includes(fidelity));
  if (format === 'json') return `${JSON.stringify(chosen.map(plain), undefined, 2)}\n`;
  return format === 'markdown' ? markdown(chosen) : table(chosen);
}

function plain({ name, aliases, group, value, fidelity, action, to, nginx, note, docs, verified }: Mapping) {
  return {
    name,
    aliases,
    group,
    value: value.type,
    status: fidelity,
    becomes: action.kind === 'none' ? action.advice : to,
    nginx,
    note,
    docs,
    verified,
  };
}

function becomes({ action, to }: Mapping): string {
  return action.kind === 'none' ? action.advice : to.join(', ');
}

function markdown(chosen: readonly Mapping[]): string {
  const rows = chosen.map(
    (mapping) =>
      `| ${[mapping.name, ...mapping.aliases].map((name) => `\`${name}\``).join(', ')} | ${mapping.fidelity} | ${markdownText(becomes(mapping))} | ${markdownText(mapping.note)} |`,
  );
  return `${['| Annotation | Status | Becomes | Note |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}

function table(chosen: readonly Mapping[]): string {
  const names = chosen.map(({ name, aliases }) => [name, ...aliases].join(', '));
  const width = Math.max(10, ...names.map((name) => name.length));
  const rows = chosen.map((mapping, index) =>
    `${names[index]!.padEnd(width)}  ${mapping.fidelity.padEnd(11)}  ${becomes(mapping)}`.trimEnd(),
  );
  const counts = fidelities
    .map((status) => [status, chosen.filter(({ fidelity }) => fidelity === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`);
  const head = `${'Annotation'.padEnd(width)}  ${'Status'.padEnd(11)}  Becomes`;
  return `${[head, ...rows, '', `${chosen.length} annotations: ${counts.join(', ')}.`].join('\n')}\n`;
}
