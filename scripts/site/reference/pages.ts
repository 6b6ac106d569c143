import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { explain } from '../../../src/catalogue/explain.ts';
import type { Subject } from '../../../src/catalogue/subjects.ts';
import { builtInMappings, controllerOptions } from '../../../src/decode/mappings.ts';
import type { FindingType } from '../../../src/domain/findings.ts';
import { findingTypes } from '../../../src/finding-types.ts';
import { annotationPage, findingPage, optionPage } from '../../../src/site.ts';
import { readYaml, roomsOf } from '../../docs.ts';
import { type Html, html } from '../html.ts';
import type { Links } from '../links.ts';
import { root } from '../pages.ts';
import { readTests, readVerdicts, type Verdicts } from './evidence.ts';
import { annotationList, findingList, optionList } from './lists.ts';
import { madeForAnnotation, madeForFinding, madeForOption, type Provocation } from './made.ts';
import { formOf } from './message-form.ts';
import { type Observed, observe } from './observed.ts';
import type { ReferencePage } from './page.ts';
import {
  badge,
  evidenceSection,
  exampleSection,
  facts,
  findingLink,
  saidList,
  testsSection,
} from './parts.ts';

/** The lists of annotations, ConfigMap keys and findings, and a page for each of their entries. */
export function referencePages(links: Links): ReferencePage[] {
  const mappings = builtInMappings();
  const options = controllerOptions();
  const rooms = roomsOf(readYaml('mappings'));
  const observed = observe(mappings);
  const verdicts = readVerdicts();
  const provoked = provocations();
  const tests = readTests(findingTypes.map(({ code }) => code));
  const named = (names: Iterable<string>): Verdicts[] =>
    [...names].sort().flatMap((name) => verdicts.get(name) ?? []);

  return [
    annotationList(mappings.all, rooms),
    optionList(options),
    findingList(findingTypes),
    ...mappings.all.map((mapping): ReferencePage => {
      const option = options.find(({ name }) => name === mapping.name);
      const path = annotationPage(mapping.name);
      return {
        path,
        title: mapping.name,
        entry: { list: 'annotations', group: rooms.get(mapping.group) ?? '' },
        render: () =>
          page(
            mapping.name,
            mapping.fidelity,
            { kind: 'annotation', mapping, option },
            exampleSection(observed.annotations.get(mapping.name) ?? madeForAnnotation(mapping), path, links),
            related(observed, mapping.name, path),
            evidenceSection(
              named(mapping.verified),
              path,
              links,
              'No scenario of the conformance suite sets it; what this page says comes from the source of ingress-nginx 1.15.1.',
            ),
          ),
      };
    }),
    ...options.map((option): ReferencePage => {
      const path = optionPage(option.name);
      return {
        path,
        title: option.name,
        entry: { list: 'configmap', group: option.category },
        render: () =>
          page(
            option.name,
            option.fidelity,
            { kind: 'option', option },
            exampleSection(madeForOption(option, observed.optionValues.get(option.name)), path, links),
            related(observed, option.name, path),
            evidenceSection(
              named(observed.optionScenarios.get(option.name) ?? []),
              path,
              links,
              'No scenario of the conformance suite sets it; what this page says comes from the documentation and the source of ingress-nginx 1.15.1.',
            ),
          ),
      };
    }),
    ...findingTypes.map((type): ReferencePage => {
      const path = findingPage(type.code);
      return {
        path,
        title: type.code,
        entry: { list: 'findings', group: type.code.replace(/\/.*$/, '') },
        render: () =>
          page(
            type.code,
            type.severity,
            { kind: 'finding', type },
            findingExample(type, observed, provoked[type.code], path, links),
            decisionOf(type),
            evidenceSection(
              [...verdicts.values()].filter(({ declaredBy }) => declaredBy.includes(type.code)),
              path,
              links,
              'No request of the conformance suite is answered differently because of it.',
            ),
            testsSection(tests.get(type.code) ?? []),
          ),
      };
    }),
  ];
}

function page(title: string, word: string, subject: Subject, ...sections: readonly Html[]): string {
  const [, ...paragraphs] = explain(subject, undefined);
  return html`<h1><code>${title}</code> ${badge(word)}</h1>
${facts(paragraphs)}
${sections}
`.text;
}

/** By code; the findings that samples and scenarios show aren't among them. */
function provocations(): Readonly<Record<string, Provocation>> {
  const text = readFileSync(join(root, 'scripts/site/reference/provoking.yaml'), 'utf8');
  return load(text) as Record<string, Provocation>;
}

function findingExample(
  type: FindingType<never>,
  observed: Observed,
  provocation: Provocation | undefined,
  path: string,
  links: Links,
): Html {
  const shown =
    observed.findings.get(type.code) ??
    (provocation === undefined ? undefined : madeForFinding(type.code, provocation));
  if (shown !== undefined) return exampleSection(shown, path, links);
  const form = formOf(type);
  return form === undefined
    ? html``
    : html`<h2 id="example">What the report says</h2>
<p>No sample shows it. ‹…› stands for what it finds in your input.</p>${saidList([form], path)}`;
}

/** What is decided once for the whole gateway. */
function decisionOf({ gateway }: FindingType<never>): Html {
  if (gateway === undefined) return html``;
  const { question, applied, recommended, flags } = gateway;
  return html`<h2 id="decision">A decision for the whole gateway</h2>
<dl class="facts"><div><dt>Question</dt><dd>${question}</dd></div><div><dt>Applied</dt><dd>${applied}</dd></div><div><dt>Recommended</dt><dd>${recommended}</dd></div>${flags === '' ? '' : html`<div><dt>Flags</dt><dd><code>${flags}</code></dd></div>`}</dl>`;
}

function related({ codes }: Observed, name: string, path: string): Html {
  const own = [...(codes.get(name) ?? [])].sort();
  if (own.length === 0) return html``;
  return html`<h2 id="findings">Findings</h2><p>Reported for it in samples and scenarios:</p><ul>${own.map((code) => html`<li>${findingLink(code, path)}</li>`)}</ul>`;
}
