import { groupByCode, ingressOf } from '../../conversion/places.ts';
import type { Finding, Severity } from '../../domain/findings.ts';
import type { Step } from '../../plan/step.ts';
import { count, number } from '../../text/count.ts';
import { markdownCode as code, markdownText as text } from '../../text/escape.ts';
import type { Overview } from '../overview.ts';
import { ownersOf } from '../owners.ts';
import { type Section, type SectionKind, sectionsOf } from '../sections.ts';
import { verdictOf } from '../summary.ts';
import { limited } from './block.ts';

/** More hosts than this are told by namespace. */
const mostHosts = 30;
const shownSections = 50;
const shownPlaces = 5;
const shownFields = 8;

const marks: Readonly<Record<Severity, string>> = {
  error: '**Error**',
  warning: '**Warning**',
  note: 'Note',
};

/** What behaves differently: first for every request, then by host, or by namespace where there are many hosts. */
export function* changes(
  overview: Overview,
  steps: readonly Step[],
  ownerLabel: string | undefined,
): Generator<string> {
  const kind: SectionKind = overview.summary.hosts > mostHosts ? 'namespace' : 'host';
  const { sections, rest } = sectionsOf(overview, kind);
  const everywhere = [...changesOf(rest.findings)];
  const changed = sections
    .map((section) => ({ section, lines: [...changesOf(section.findings)] }))
    .filter(({ lines }) => lines.length > 0);
  if (everywhere.length + changed.length > 0) yield '\n## What changes\n';
  if (everywhere.length > 0) yield `\n### For every host\n\n${everywhere.join('')}`;
  for (const { section, lines } of changed.slice(0, shownSections)) {
    yield `\n### ${title(section, kind)}\n\n${facts(section, steps, ownerLabel)}${lines.join('')}`;
  }
  const more = changed.length - shownSections;
  if (more > 0)
    yield `\n… and ${count(more, `more ${kind}`)}; --split ${kind} writes a report for each, --report FILE.html shows all.\n`;
  const same = sections.filter((section) => !changed.some((entry) => entry.section === section));
  if (same.length > 0)
    yield `\nNothing more is known to change for ${limited(
      same.map(({ name }) => sectionName(name, kind)),
      shownSections,
    ).join(', ')}.\n`;
}

/** One line a code, worst first: only what a client or an application can observe. */
export function* changesOf(findings: readonly Finding[]): Generator<string> {
  const observable = findings.filter(({ type }) => type.fields.length > 0);
  for (const { code: name, severity, summary, findings: all } of groupByCode(observable)) {
    const places = [...new Set(all.map(placeIn).filter((place) => place !== ''))].sort();
    const where = places.length === 0 ? '' : ` At ${limited(places.map(shortCode), shownPlaces).join(', ')}.`;
    const fields = limited(all[0]!.type.fields.map(shortCode), shownFields).join(', ');
    yield `- ${marks[severity]} ${code(name)}: ${text(summary)}${where} Can differ: ${fields}.\n`;
  }
}

function shortCode(name: string): string {
  return code(name, 80);
}

/** The path of a location, else the Ingress. */
function placeIn(finding: Finding): string {
  const { scope } = finding;
  if (scope.kind === 'location') return scope.path;
  return scope.kind === 'host' ? '' : (ingressOf(finding) ?? '');
}

export function sectionName(name: string, kind: SectionKind): string {
  return name === '' ? (kind === 'host' ? 'the catch-all host' : 'no namespace') : code(name);
}

function title({ name }: Section, kind: SectionKind): string {
  return kind === 'host' ? sectionName(name, kind) : `Namespace ${sectionName(name, kind)}`;
}

function facts(section: Section, steps: readonly Step[], ownerLabel: string | undefined): string {
  const overview = section.overview();
  const own = new Set(overview.conversion.steps.map(({ key }) => key));
  const kinds = new Set<string>(overview.conversion.steps.map(({ kind }) => kind));
  const numbers = steps.flatMap(({ key }, index) =>
    own.has(key) || kinds.has(key) ? [String(index + 1)] : [],
  );
  const todo =
    numbers.length === 0
      ? ''
      : ` Of the steps below it needs ${limited(numbers, shownPlaces * 4).join(', ')} and those for everybody.`;
  const owners = ownerLabel === undefined ? '' : ` Owner: ${ownerText(overview, ownerLabel)}.`;
  return `${text(verdictOf(overview.summary))}${owners}${todo}\n\n`;
}

export function ownerText(overview: Overview, label: string): string {
  return ownersOf(overview, label)
    .map((owner) => (owner === '' ? 'nobody' : text(owner, 200)))
    .join(', ');
}

/** The questions that are left, work first. */
export function effortText({ effort }: Overview): string {
  const { subjects, automatic, decisions, work } = effort;
  if (subjects === 0) return '';
  const left = [
    ...(work.length > 0 ? [count(work.length, 'piece of work', 'pieces of work')] : []),
    ...(decisions.length > 0 ? [count(decisions.length, 'decision')] : []),
  ];
  const rest =
    left.length === 0
      ? 'Nothing else is left.'
      : `${left.join(' and ')} ${left.length === 1 && work.length + decisions.length === 1 ? 'is' : 'are'} left.`;
  return `${number(automatic)} of ${count(subjects, 'setting, rule and path', 'settings, rules and paths')} go over by themselves. ${rest} Each is counted once, however many Ingresses share it.`;
}
