import { visible } from '../text/escape.ts';
import { type DiffDocument, type DiffSection, inPairs, signs } from './document.ts';

const longestLine = 4000;

/** Text inside an element or a quoted attribute. */
function escaped(value: string, longest = longestLine): string {
  return visible(value, longest)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** One file without script and without anything from the network; dark where the reader's system is. */
export function* htmlDiff(
  document: DiffDocument,
  { sideBySide }: { readonly sideBySide: boolean },
): Iterable<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(document.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(document.title)}</h1>
`;
  for (const sentence of document.summary) yield `<p>${escaped(sentence)}</p>\n`;
  for (const [index, section] of document.sections.entries()) {
    yield `<details open><summary><h2 id="s${index}">${escaped(section.title)}</h2></summary>\n`;
    if (section.notes.length > 0)
      yield `<ul>${section.notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>\n`;
    yield* sideBySide ? besideEachOther(document, section, index) : oneBelowTheOther(section, index);
    yield '</details>\n';
  }
  yield '</body>\n</html>\n';
}

function* besideEachOther(document: DiffDocument, { lines }: DiffSection, index: number): Iterable<string> {
  yield `<table aria-labelledby="s${index}"><thead><tr><th scope="col">${escaped(document.left)}</th><th scope="col">${escaped(document.right)}</th></tr></thead><tbody>\n`;
  for (const { left, right, same } of inPairs(lines)) {
    const cell = (value: string | undefined, name: string): string =>
      value === undefined
        ? '<td class="none"></td>'
        : `<td${same ? '' : ` class="${name}"`}>${escaped(value)}</td>`;
    yield `<tr>${cell(left, 'left')}${cell(right, 'right')}</tr>\n`;
  }
  yield '</tbody></table>\n';
}

function* oneBelowTheOther({ lines }: DiffSection, index: number): Iterable<string> {
  yield `<pre aria-labelledby="s${index}">`;
  for (const line of lines) {
    const shown = escaped(`${signs[line.side]} ${line.text}`);
    if (line.side === 'both') yield `${shown}\n`;
    else yield `<${tags[line.side]}>${shown}\n</${tags[line.side]}>`;
  }
  yield '</pre>\n';
}

const tags = { left: 'del', right: 'ins' } as const;

const style = `
:root { color-scheme: light dark; --left: #ffebe9; --right: #e6ffec; --line: #d0d7de; }
@media (prefers-color-scheme: dark) { :root { --left: #5c1a1a; --right: #12401f; --line: #444c56; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 90rem; }
h2 { display: inline; font-size: 1.05rem; }
details { margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th { text-align: left; border-bottom: 1px solid var(--line); }
td, pre { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
td { padding: 0 .5rem; vertical-align: top; border-left: 1px solid var(--line); }
ins, del { display: block; text-decoration: none; }
.left, del { background: var(--left); }
.right, ins { background: var(--right); }
@media print { details { break-inside: auto; } body { margin: 0; max-width: none; } }
`;
