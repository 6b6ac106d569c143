import { controllerRows } from '../../conversion/controllers.ts';
import { objectOf } from '../../conversion/places.ts';
import type { Question } from '../../conversion/questions.ts';
import type { Step } from '../../plan/step.ts';
import { count, number } from '../../text/count.ts';
import { effortText } from '../markdown/changes.ts';
import type { Overview } from '../overview.ts';
import { questionTitle } from '../questions.ts';
import { verdictOf } from '../summary.ts';
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
${figures(overview)}
<section aria-labelledby="picture-title"><h2 id="picture-title">Readiness by namespace</h2>
${picture(overview)}</section>
<section id="left" aria-labelledby="left-title"><h2 id="left-title">What is left</h2>
<p class="lead">${text(effortText(overview))}</p>
${questions(overview.effort.work, overview.effort.decisions)}</section>
`;
}

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
${figure('Left alone', ingresses['left-alone'])}
${figure('Hosts', summary.hosts)}
${figure('Secrets to copy', summary.secretsToCopy)}
</dl>
<dl class="counts">
${words('Findings', (['error', 'warning', 'note'] as const).map((severity) => count(findings[severity], severity)).join(', '))}
${words('Objects', kinds.length === 0 ? 'none' : kinds.join(', '))}
${words('Opt-ins used', optIns.length === 0 ? 'none' : optIns.join(', '))}
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
  const legend = `<ul class="legend"><li><span class="blocked"></span>blocked</li><li><span class="decision"></span>needs a decision</li><li><span class="ready"></span>ready</li><li><span class="left-alone"></span>left alone</li></ul>`;
  const folded =
    rest.length === 0
      ? ''
      : `<details><summary>${count(rest.length, 'more namespace')}</summary>${bars(rest, longest, 'Readiness of the other namespaces')}</details>`;
  return `${legend}${bars(first, longest, 'Readiness by namespace')}${folded}`;
}

function questions(work: readonly Question[], decisions: readonly Question[]): string {
  const all = [...work, ...decisions];
  if (all.length === 0) return '';
  const rows = all.slice(0, shownQuestions).map((question) => {
    const { title, code } = questionTitle(question);
    const what =
      code === '' ? `<code>${text(title, 300)}</code>` : `${text(title)} <code>${text(code)}</code>`;
    const who = question.ingresses.length === 0 ? 'all' : number(question.ingresses.length);
    return `<tr><td><span class="chip ${question.level}">${question.level}</span></td><td>${what}</td><td class="number">${who}</td>${requestsCell(question)}</tr>`;
  });
  const more = all.length > shownQuestions ? `<p>… and ${number(all.length - shownQuestions)} more.</p>` : '';
  return `<div class="wide"><table><thead><tr><th scope="col">Level</th><th scope="col">Question</th><th scope="col">Ingresses</th>${all[0]!.requests === undefined ? '' : '<th scope="col">Requests</th>'}</tr></thead><tbody>${rows.join('')}</tbody></table></div>${more}`;
}

function requestsCell({ requests }: Question): string {
  return requests === undefined ? '' : `<td class="number">${number(requests)}</td>`;
}

export function* todoSection(steps: readonly Step[]): Generator<string> {
  yield '<section id="todo" aria-labelledby="todo-title"><h2 id="todo-title">What you have to do</h2>\n<ol>\n';
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
<label><input type="checkbox" name="readiness" value="left-alone" checked> left alone</label></fieldset>
</form>
<p class="state" id="ingresses-status" role="status">Unpacking …</p>
<div id="ingresses-results"></div></section>
<noscript><p>The lists of findings and Ingresses need scripts; the Markdown and JSON reports have the same content without.</p></noscript>
`;
