import { createHash } from 'node:crypto';
import { style } from '../../report/html/assets.generated.ts';
import { htmlText as text } from '../../report/html/text.ts';
import { table } from '../../report/markdown/block.ts';
import { number } from '../../text/count.ts';
import { markdownText, visible } from '../../text/escape.ts';
import { paint } from '../../text/paint.ts';
import type { VerifyDocument, VerifyTable } from './document.ts';

export interface VerifyStyle {
  readonly colors: boolean;
  readonly version: string;
}

export const verifyFormats: Readonly<
  Record<'text' | 'md' | 'html', (document: VerifyDocument, style: VerifyStyle) => Iterable<string>>
> = { text: textOf, md: markdownOf, html: htmlOf };

const longestCell = 70;

function* textOf(document: VerifyDocument, { colors }: VerifyStyle): Iterable<string> {
  const { severity, strong, dim } = paint(colors);
  yield `${document.bad ? severity('error', visible(document.verdict)) : strong(visible(document.verdict))}\n`;
  const widest = Math.max(0, ...document.facts.map(([name]) => name.length));
  for (const [name, value] of document.facts) yield `  ${visible(name).padEnd(widest)}  ${visible(value)}\n`;
  for (const note of document.notes) yield `${dim(visible(note))}\n`;
  for (const one of document.tables) {
    yield `\n${strong(visible(one.title))}\n`;
    if (one.intro !== '') yield `${dim(visible(one.intro))}\n`;
    yield* columns(one);
    if (one.more > 0) yield dim(`… and ${number(one.more)} more.\n`);
  }
}

function* columns({ head, rows, numbers }: VerifyTable): Iterable<string> {
  const cells = [head, ...rows].map((row) => row.map((cell) => visible(cell, longestCell)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  for (const row of cells) {
    const line = row.map((cell, column) =>
      numbers.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    yield `  ${line.join('  ')}`.trimEnd().concat('\n');
  }
}

function* markdownOf(document: VerifyDocument): Iterable<string> {
  yield `# ${markdownText(document.title)}\n\n**${markdownText(document.verdict)}**\n\n`;
  yield table(
    ['', ''],
    document.facts.map(([name, value]) => [markdownText(name), markdownText(value)]),
  );
  for (const note of document.notes) yield `\n${markdownText(note)}\n`;
  for (const { title, intro, head, rows, more } of document.tables) {
    yield `\n## ${markdownText(title)}\n\n`;
    if (intro !== '') yield `${markdownText(intro)}\n\n`;
    yield table(
      head.map((cell) => markdownText(cell)),
      rows.map((row) => row.map((cell) => markdownText(cell, 200))),
    );
    if (more > 0) yield `\n… and ${number(more)} more.\n`;
  }
}

/** One page without a script and without anything of the network, in the style of the report. */
function* htmlOf(document: VerifyDocument, { version }: VerifyStyle): Iterable<string> {
  const hash = createHash('sha256').update(style).digest('base64');
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${text(document.title)}</title>
<style>${style}</style>
</head>
<body>
<main id="overview">
<h1>${text(document.title)}</h1>
<p><strong>${text(document.verdict)}</strong></p>
<div class="wide"><table><tbody>
`;
  for (const [name, value] of document.facts)
    yield `<tr><th scope="row">${text(name)}</th><td class="number">${text(value)}</td></tr>\n`;
  yield '</tbody></table></div>\n';
  for (const note of document.notes) yield `<p class="facts">${text(note)}</p>\n`;
  for (const [index, { title, intro, head, rows, numbers, more }] of document.tables.entries()) {
    yield `<section aria-labelledby="t${index}"><h2 id="t${index}">${text(title)}</h2>\n`;
    if (intro !== '') yield `<p>${text(intro)}</p>\n`;
    const cells = head.map((cell) => `<th scope="col">${text(cell)}</th>`).join('');
    yield `<div class="wide"><table><thead><tr>${cells}</tr></thead><tbody>\n`;
    for (const row of rows) {
      const line = row.map(
        (cell, column) => `<td${numbers.includes(column) ? ' class="number"' : ''}>${text(cell, 300)}</td>`,
      );
      yield `<tr>${line.join('')}</tr>\n`;
    }
    yield `</tbody></table></div>${more > 0 ? `<p>… and ${number(more)} more.</p>` : ''}</section>\n`;
  }
  yield `</main>\n<footer>Written by ingress2istio ${text(version)}.</footer>\n</body>\n</html>\n`;
}
