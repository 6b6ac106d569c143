import { finding, findingType } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import type { Check } from './check.ts';

const duplicate = findingType<{ object: string; count: number }>({
  code: 'check/duplicate-object',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'Two objects of the output have the same kind, namespace and name.',
  message: ({ object, count }) =>
    `The output has ${count} objects called ${object}. The last one that you apply replaces the others.`,
  remedy: () => 'Rename one of them and what refers to it, and report it as a bug.',
});

export const duplicateObjects: Check = {
  name: 'duplicate-objects',
  findings: [duplicate],
  run: ({ all }) =>
    [...grouped(all, ({ emitted, name }) => [`${emitted.object.kind} ${name}`])]
      .filter(([, group]) => group.length > 1)
      .map(([object, group]) => finding(duplicate, { object, count: group.length }, group[0]!.where)),
};
