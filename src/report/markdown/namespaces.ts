import { groupByCode, placeOf } from '../../conversion/places.ts';
import { isAboutInput } from '../../conversion/question-text.ts';
import type { Finding } from '../../domain/findings.ts';
import { originOf, qualifiedName } from '../../domain/origin.ts';
import { number } from '../../text/count.ts';
import { markdownCode as code, markdownText as text } from '../../text/escape.ts';
import { toldOf } from '../decided.ts';
import type { Overview } from '../overview.ts';
import { ownersOf } from '../owners.ts';
import type { IngressReadiness } from '../readiness.ts';
import { sectionsOf } from '../sections.ts';
import { verdictOf } from '../summary.ts';
import { limited } from './block.ts';
import { readinessWords } from './readiness-words.ts';

const shownNamespaces = 50;
/** Of Ingresses in a namespace, and of findings of one code. */
const shownIngresses = 20;
const shownPlaces = 3;

/** What is special in each namespace: the Ingresses that aren't ready, and why. */
export function* namespaceSections(overview: Overview, ownerLabel: string | undefined): Generator<string> {
  const { sections } = sectionsOf(overview, 'namespace');
  const special = sections
    .map(({ name, overview: of }) => ({ name, own: of() }))
    .filter(({ own }) => own.ingresses.some(isOpen));
  if (special.length === 0) return;
  yield '\n## By namespace\n';
  for (const { name, own } of special.slice(0, shownNamespaces)) {
    const owner = ownerLabel === undefined ? '' : ` Owner: ${ownerText(own, ownerLabel)}.`;
    yield `\n### ${code(name)}\n\n${text(verdictOf(own.summary))}${owner}\n\n${lines(own)}`;
  }
  const more = special.length - shownNamespaces;
  if (more > 0)
    yield `\n… and ${number(more)} more; --split namespace writes a report for each, and --report FILE.html shows all.\n`;
}

function isOpen({ readiness }: IngressReadiness): boolean {
  return readiness === 'blocked' || readiness === 'decision';
}

export function ownerText(overview: Overview, label: string): string {
  return ownersOf(overview, label)
    .map((owner) => (owner === '' ? 'nobody' : text(owner, 200)))
    .join(', ');
}

function lines({ ingresses, findings }: Overview): string {
  const open = ingresses.filter(isOpen);
  const heads = open.slice(0, shownIngresses).map(({ ingress, readiness, reasons }) => {
    const { ref, source } = ingress.ingress;
    const why = reasons.map((reason) => code(reason)).join(', ');
    return `- ${code(qualifiedName(ref), 600)} (${code(placeOf(originOf(source)), 400)}) ${readinessWords[readiness]}: ${why}\n`;
  });
  const more = open.length > shownIngresses ? `- … and ${number(open.length - shownIngresses)} more\n` : '';
  return `${heads.join('')}${more}${reasonsOf(findings)}`;
}

/** The reasons in full, once for each code. */
function reasonsOf(findings: readonly Finding[]): string {
  const telling = findings.filter(
    (finding) =>
      finding.type.severity !== 'note' && finding.type.gateway === undefined && !isAboutInput(finding),
  );
  const groups = groupByCode(telling).map(({ code: name, findings: own }) => {
    const messages = [...new Set(own.map(toldOf))];
    const shown = messages.slice(0, shownPlaces).map((message) => text(message));
    const more = messages.length > shownPlaces ? ` … and ${number(messages.length - shownPlaces)} more.` : '';
    const fields = limited(
      own[0]!.type.fields.map((field) => code(field, 80)),
      6,
    ).join(', ');
    const differs = fields === '' ? '' : ` Can differ: ${fields}.`;
    return `- ${code(name)}: ${shown.join(' ')}${more}${differs}\n`;
  });
  return groups.length === 0 ? '' : `\n${groups.join('')}`;
}
