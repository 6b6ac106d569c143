import { controllerRows } from '../../conversion/controllers.ts';
import { objectOf } from '../../conversion/places.ts';
import {
  levelWords,
  ownQuestions,
  questionText,
  recommendedAnswer,
  whereToDecide,
} from '../../conversion/question-text.ts';
import type { Question } from '../../conversion/questions.ts';
import type { Step } from '../../plan/step.ts';
import { count, number } from '../../text/count.ts';
import type { Overview } from '../overview.ts';
import type { Readiness } from '../readiness.ts';
import { effortText, verdictOf } from '../summary.ts';
import { bars, namespaceCounts } from './bars.ts';
import { htmlText as text } from './text.ts';

/** Namespaces in the picture before the rest is folded; and at most. */
const shownNamespaces = 10;
const mostNamespaces = 500;
const shownQuestions = 100;
const shownWho = 10;

export function overviewSection(overview: Overview): string {
  return `<p class="eyebrow">From ingress-nginx to Istio</p>
<h1>${text(verdictOf(overview.summary))}</h1>
${stackedBar(overview.summary.ingresses)}
<p class="lead">${text(effortText(overview.effort))}</p>
<section id="left" aria-labelledby="left-title"><h2 id="left-title">What is left</h2>
${questionList(ownQuestions(overview.effort))}</section>
${gatewaySection(overview.effort.gateway)}<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">Figures</h2>
${figures(overview)}</section>
<section aria-labelledby="picture-title"><h2 id="picture-title">Readiness by namespace</h2>
${picture(overview)}</section>
`;
}

/** Readiness of all Ingresses as one bar over the whole width. */
function stackedBar(ingresses: Overview['summary']['ingresses']): string {
  if (ingresses.total === 0) return '';
  let x = 0;
  const parts = (['ready', 'decision', 'blocked', 'left-alone'] as const)
    .filter((readiness) => ingresses[readiness] > 0)
    .map((readiness) => {
      const width = (1000 * ingresses[readiness]) / ingresses.total;
      const rect = `<rect class="${readiness}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"/>`;
      x += width;
      const amount = `<strong>${number(ingresses[readiness])}</strong> ${readinessNames[readiness]}`;
      return { rect, item: `<li><span class="${readiness}"></span>${amount}</li>` };
    });
  const rects = parts.map(({ rect }) => rect).join('');
  const items = parts.map(({ item }) => item).join('');
  return `<svg class="stack" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${rects}</svg><ul class="legend">${items}</ul>`;
}

const readinessNames: Readonly<Record<Readiness, string>> = {
  ready: 'ready',
  decision: 'need a decision',
  blocked: 'blocked',
  'left-alone': 'skipped',
};

function figures({ conversion, summary }: Overview): string {
  const controllers = controllerRows(conversion);
  const { ingresses, objects, optIns, findings } = summary;
  const kinds = Object.entries(objects).map(([kind, amount]) => `${number(amount)} ${kind}`);
  const figure = (name: string, value: number, tone = ''): string =>
    `<div class="${tone}"><dt>${name}</dt><dd>${number(value)}</dd></div>`;
  const words = (name: string, value: string): string => `<dt>${name}</dt><dd>${text(value)}</dd>`;
  return `<dl class="figures">
${figure('Ready', ingresses.ready, 'ready')}
${figure('Need a decision', ingresses.decision, 'decision')}
${figure('Blocked', ingresses.blocked, 'blocked')}
${figure('Skipped', ingresses['left-alone'])}
${figure('Hosts', summary.hosts)}
${figure('Secrets to copy', summary.secretsToCopy)}
</dl>
<dl class="counts">
${words('Findings', (['error', 'warning', 'note'] as const).map((severity) => count(findings[severity], severity)).join(', '))}
${words('Objects', kinds.length === 0 ? 'none' : kinds.join(', '))}
${words('Options', optIns.length === 0 ? 'none' : optIns.join(', '))}
${controllers
  .map(
    ({
      name,
      ingresses: own,
      gateway,
    }) => `${words(`Controller ${text(name)}`, `${count(own, 'Ingress', 'Ingresses')}, gateway ${gateway}`)}
`,
  )
  .join('')}</dl>`;
}

function picture({ ingresses }: Overview): string {
  const all = namespaceCounts(ingresses);
  if (all.length === 0) return '<p class="none">No Ingress was found.</p>';
  const longest = Math.max(...all.map(({ total }) => total));
  const first = all.slice(0, shownNamespaces);
  const rest = all.slice(shownNamespaces, mostNamespaces);
  const legend = `<ul class="legend"><li><span class="blocked"></span>blocked</li><li><span class="decision"></span>needs a decision</li><li><span class="ready"></span>ready</li><li><span class="left-alone"></span>skipped</li></ul>`;
  const folded =
    rest.length === 0
      ? ''
      : `<details><summary>${count(rest.length, 'more namespace')}</summary>${bars(rest, longest, 'Readiness of the other namespaces')}</details>`;
  return `${legend}${bars(first, longest, 'Readiness by namespace')}${folded}`;
}

function questionList(all: readonly Question[]): string {
  if (all.length === 0) return '<p class="none">Nothing.</p>';
  const items = all.slice(0, shownQuestions).map((question) => {
    const { level, ingresses, requests } = question;
    const { sentence, code, subject } = questionText(question);
    const answer = recommendedAnswer(question);
    const size = [
      ...(ingresses.length === 0 ? [] : [count(ingresses.length, 'Ingress', 'Ingresses')]),
      ...(requests === undefined ? [] : [count(requests, 'request')]),
    ].join(', ');
    return `<li class="${level}"><p class="facts"><span class="chip ${level}">${levelWords[level]}</span> ${size}</p>${subject === '' ? '' : `<p><code>${text(subject, 140)}</code></p>`}${sentence === '' ? '' : `<p><strong>${text(sentence)}</strong></p>`}${answer === '' ? '' : `<p>${text(answer)}</p>`}<p class="facts">${code === '' ? '' : `<a href="#findings=${encodeURIComponent(code)}">${text(code)}</a> · `}<code>${text(whereToDecide(question))}</code></p></li>`;
  });
  const more = all.length > shownQuestions ? `<p>… and ${number(all.length - shownQuestions)} more.</p>` : '';
  return `<ol class="questions">${items.join('')}</ol>${more}`;
}

/** What the platform team decides once. */
function gatewaySection(questions: readonly Question[]): string {
  const items = questions.flatMap(({ name, findings }) => {
    const decision = findings[0]?.type.gateway;
    if (decision === undefined) return [];
    const { question, applied, recommended, flags } = decision;
    const command = flags === '' ? '' : ` · <code>${text(flags)}</code>`;
    return [
      `<li class="gateway"><p><strong>${text(question)}</strong></p><p>Applied: ${text(applied)}</p><p>Recommended: ${text(recommended)}</p><p class="facts"><a href="#findings=${encodeURIComponent(name)}">${text(name)}</a>${command}</p></li>`,
    ];
  });
  if (items.length === 0) return '';
  return `<section id="gateway" aria-labelledby="gateway-title"><h2 id="gateway-title">Decisions for the whole gateway</h2><p class="lead">A default applies to each; no Ingress depends on them.</p><ol class="questions">${items.join('')}</ol></section>\n`;
}

export function* todoSection(steps: readonly Step[]): Generator<string> {
  yield '<section id="todo" aria-labelledby="todo-title"><h2 id="todo-title">Steps</h2>\n<ol>\n';
  for (const { title, commands, origins } of steps) {
    const who = [...new Set(origins.map(objectOf))];
    const names = who.slice(0, shownWho).map((name) => text(name, 300));
    const more = who.length > shownWho ? ` and ${number(who.length - shownWho)} more` : '';
    const whose = who.length === 0 ? '' : `<p class="facts">For ${names.join(', ')}${more}.</p>`;
    const lines = commands.flatMap((command) => command.split('\n')).map((line) => text(line));
    const block = lines.length === 0 ? '' : `<pre tabindex="0">${lines.join('\n')}</pre>`;
    yield `<li><div class="step"><strong>${text(title)}</strong>${whose}${block}</div></li>\n`;
  }
  yield '</ol></section>\n';
}

export const listSections = `<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
<form class="filter" id="findings-filter" role="search" aria-label="Findings" autocomplete="off">
<label class="text">Search <input type="search" name="text"></label>
<label>Namespace <select name="namespace"><option value="">all</option></select></label>
<fieldset><legend class="vh">Severity</legend>
<label><input type="checkbox" name="severity" value="error" checked> errors</label>
<label><input type="checkbox" name="severity" value="warning" checked> warnings</label>
<label><input type="checkbox" name="severity" value="note" checked> notes</label></fieldset>
</form>
<p class="state" id="findings-status" role="status">Unpacking …</p>
<div id="findings-results"></div></section>
<section id="ingresses" aria-labelledby="ingresses-title"><h2 id="ingresses-title">Ingresses, before and after</h2>
<form class="filter" id="ingresses-filter" role="search" aria-label="Ingresses" autocomplete="off">
<label class="text">Search <input type="search" name="text"></label>
<label>Namespace <select name="namespace"><option value="">all</option></select></label>
<fieldset><legend class="vh">Readiness</legend>
<label><input type="checkbox" name="readiness" value="blocked" checked> blocked</label>
<label><input type="checkbox" name="readiness" value="decision" checked> decision</label>
<label><input type="checkbox" name="readiness" value="ready" checked> ready</label>
<label><input type="checkbox" name="readiness" value="left-alone" checked> skipped</label></fieldset>
</form>
<p class="state" id="ingresses-status" role="status">Unpacking …</p>
<div id="ingresses-results"></div></section>
<noscript><p>The lists of findings and Ingresses need scripts; the Markdown and JSON reports have the same content without.</p></noscript>
`;
