import type { Paragraph } from '../../../src/catalogue/explain.ts';
import { findingPage } from '../../../src/site.ts';
import { type Html, html, Html as Markup, prose } from '../html.ts';
import type { Links } from '../links.ts';
import { codeBlock } from '../markdown.ts';
import { linkTo } from '../pages.ts';
import type { Verdicts } from './evidence.ts';
import type { Said, Shown } from './observed.ts';

/** What `explain` says on the command line, as a list of terms. */
export function facts(paragraphs: readonly Paragraph[]): Html {
  return html`<dl class="facts">${paragraphs.map(
    ({ title, text, code }) =>
      html`<div><dt>${title}</dt><dd>${code === true ? text.split('\n').map(external) : prose(text)}</dd></div>`,
  )}</dl>`;
}

function external(address: string): Html {
  return html`<a class="source" href="${encodeURI(address)}">${address}</a>`;
}

/** An example before and after, and what the report says of it. */
export function exampleSection(shown: Shown, page: string, links: Links): Html {
  const from =
    shown.file === ''
      ? html`Made for this page.`
      : html`From <a href="${linkTo(page, links.resolve('README.md', shown.file))}"><code>${shown.file}</code></a>.`;
  const flags = shown.flags === '' ? '' : html` Converted with <code>${shown.flags}</code>.`;
  return html`<h2 id="example">Example</h2>
<p>${from}${flags}</p>
${shown.before === '' ? '' : html`<h3 id="before">Before</h3>${code(shown.before, 'Before, on ingress-nginx')}`}
${afterOf(shown)}
${saidSection(shown.said, page)}`;
}

function afterOf({ before, after, isDifference }: Shown): Html {
  if (before === '' || (after === '' && !isDifference)) return html``;
  const objects =
    after === ''
      ? html`<p>Every object is the same as without it.</p>`
      : isDifference
        ? html`<p>What is different in the objects:</p>${code(after, 'What differs on Istio', 'diff')}`
        : code(after, 'After, on Istio');
  return html`<h3 id="after">After</h3>${objects}`;
}

/** What the report says, as on the command line. */
function saidSection(said: readonly Said[], page: string): Html {
  if (said.length === 0) return html``;
  return html`<h3 id="report">In the report</h3>${saidList(said, page)}`;
}

/** Messages with what to do; a finding on its own page isn't named again. */
export function saidList(said: readonly Said[], page: string): Html {
  return html`<ul class="said">${said.map(
    ({ code: name, message, remedy }) =>
      html`<li>${page === findingPage(name) ? '' : html`<p>${findingLink(name, page)}</p>`}<p>${prose(message)}</p>${remedy === '' ? '' : html`<p><strong>What to do:</strong> ${prose(remedy)}</p>`}</li>`,
  )}</ul>`;
}

export function findingLink(name: string, page: string): Html {
  return html`<a href="${linkTo(page, findingPage(name))}"><code>${name}</code></a>`;
}

function code(text: string, label: string, language = 'yaml'): Html {
  return new Markup(codeBlock(text.replace(/^---\n/, ''), language, label));
}

/** The scenarios that show it on the real systems. */
export function evidenceSection(
  verdicts: readonly Verdicts[],
  page: string,
  links: Links,
  without: string,
): Html {
  if (verdicts.length === 0) return html`<h2 id="evidence">Evidence</h2><p>${without}</p>`;
  const isMixed = ({ scenario }: Verdicts): number => (scenario.startsWith('composite-') ? 1 : 0);
  const shown = [...verdicts].sort((a, b) => isMixed(a) - isMixed(b)).slice(0, 6);
  const rest = verdicts.length - shown.length;
  const more = html`<p>And ${rest} more, in <a href="${linkTo(page, 'explanation/results.html')}">the results</a>.</p>`;
  return html`<h2 id="evidence">Evidence</h2>
<p>Recorded requests to the real ingress-nginx, sent again to the real istiod and Envoy (<a href="${linkTo(page, 'explanation/conformance.html')}">how this is measured</a>):</p>
<ul>${shown.map((one) => evidence(one, page, links))}</ul>${rest === 0 ? '' : more}`;
}

function evidence({ scenario, byProfile }: Verdicts, page: string, links: Links): Html {
  const file = (name: string): string =>
    linkTo(page, links.resolve('README.md', `test/conformance/scenarios/${scenario}/${name}`));
  const verdicts = byProfile.map(
    ({ profile, text }, index) =>
      html`${index === 0 ? '' : '; '}${profile.startsWith('-') ? html`<code class="short">${profile}</code>` : profile}: ${text}`,
  );
  return html`<li><a href="${file('input.yaml')}"><code>${scenario}</code></a> (<a href="${file('probes.yaml')}" aria-label="requests of ${scenario}">requests</a>): ${verdicts}.</li>`;
}

/** The tests that provoke it. */
export function testsSection(files: readonly string[]): Html {
  if (files.length === 0) return html``;
  return html`<p>Tests: ${files.map((file, index) => html`${index === 0 ? '' : ', '}<code>${file}</code>`)}.</p>`;
}

/** A mark for how closely Istio follows, or how serious a finding is. */
export function badge(word: string): Html {
  return html`<span class="badge ${word}">${word}</span>`;
}
