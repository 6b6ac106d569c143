import type { Mappings } from '../decode/mapping.ts';
import { choiceText, scopeText } from '../domain/decision.ts';
import { positionOf } from '../domain/origin.ts';
import { excerptAt } from '../read/excerpt.ts';
import { count } from '../text/count.ts';
import { type Offer, recommendedOffer } from './choices.ts';
import type { DiffLine } from './preview.ts';
import { currentPlace, currentRow, type State } from './state.ts';
import { cut, safe, wrapText } from './text.ts';
import type { Tone } from './theme.ts';

export interface DetailLine {
  readonly text: string;
  readonly tone: Tone;
}

/** What is known of the row that is looked at; `diff` is undefined until it is worked out. */
export interface Insight {
  readonly offers: readonly Offer[] | undefined;
  readonly diff: readonly DiffLine[] | undefined;
}

const mostLines = 400;

/** All lines of the detail, of at most `width` columns; on a low screen the choices come sooner. */
export function detailLines(
  state: State,
  insight: Insight,
  mappings: Mappings,
  { width, height }: { readonly width: number; readonly height: number },
): DetailLine[] {
  const row = currentRow(state);
  const place = currentPlace(state);
  if (row === undefined)
    return [{ text: 'Nothing in this list. Esc in the filter (/) shows all.', tone: 'dim' }];
  const lines: DetailLine[] = [];
  const low = height < 14;
  const gap = (): void => {
    if (!low) lines.push({ text: '', tone: 'plain' });
  };
  const put = (text: string, tone: Tone = 'plain', indent = ''): void => {
    for (const part of wrapText(safe(text), width - indent.length)) lines.push({ text: indent + part, tone });
  };
  const name = row.kind === 'finding' ? (row.code ?? row.title) : row.title;
  if (low)
    lines.push({ text: cut(safe(row.sentence === '' ? row.title : row.sentence), width), tone: 'title' });
  else {
    put(row.sentence === '' ? row.title : row.sentence, 'title');
    put(name, 'dim');
  }
  const size = row.places.length;
  const where = place?.ingress === undefined ? 'the whole gateway' : place.ingress;
  const lead = low ? `${name}, ` : '';
  put(`${lead}${size > 1 ? `Place ${state.sample + 1} of ${size} ([ ]): ${where}` : where}`, 'dim');
  if (row.requests !== undefined) put(`Touches ${count(row.requests, 'request')} of the log`, 'dim');
  const decision = state.progress.get(row.key)?.decision;
  if (decision !== undefined) {
    const why = decision.why === '' ? '' : `: ${decision.why}`;
    const scope =
      decision.scope.kind === 'group'
        ? `${decision.scope.ingresses.length} Ingresses`
        : scopeText(decision.scope);
    put(`Decided: ${choiceText(decision.choice)}, for ${scope}, by ${decision.by}${why}`, 'done');
  }
  gap();
  const message = wrapText(safe(row.message), width);
  const shown = low ? message.slice(0, 2) : message;
  for (const [index, text] of shown.entries()) {
    const broken = index === shown.length - 1 && shown.length < message.length;
    lines.push({ text: broken ? cut(`${text} …`, width) : text, tone: 'plain' });
  }
  gap();

  if (row.gateway !== undefined && !low) put(`Applied: ${row.gateway.applied}`);
  const recommended = insight.offers === undefined ? undefined : recommendedOffer(row, insight.offers);
  if (recommended !== undefined && !low)
    put(`R takes the recommended answer (${recommended.kind}) for ${count(size, 'place')}.`, 'done');
  if (!low) put('Choices (← → to see, Enter or the letter to take)', 'title');
  if (insight.offers === undefined) put('  …', 'dim');
  for (const [index, offer] of (insight.offers ?? []).entries()) {
    const marked = index === state.marked;
    const text = `${marked ? '>' : ' '} ${letters[offer.kind]} ${offer.kind}: ${offer.text}${offer.asks.includes('why') ? ' (asks for a reason)' : ''}`;
    lines.push({ text: cut(text, width), tone: marked ? 'cursor' : 'plain' });
  }
  gap();

  if (place?.origin !== undefined) {
    const { file, line } = positionOf(place.origin);
    const excerpt = excerptAt(place.origin, 3, 3).slice(0, place.annotation === undefined ? 8 : 40);
    put(`${file}:${line}`, 'title');
    const digits = String(excerpt.at(-1)?.number ?? 0).length;
    for (const one of excerpt) {
      const text = `${one.marked ? '>' : ' '}${String(one.number).padStart(digits)} ${safe(one.text)}`;
      lines.push({ text: cut(text, width), tone: one.marked ? 'marked' : 'dim' });
    }
  }

  gap();
  if (low && shown.length < message.length) put(row.message);
  if (row.recommended !== '') put(`→ ${row.recommended}`, 'dim');
  const annotation = place?.annotation?.slice(place.annotation.indexOf('/') + 1);
  const mapping = annotation === undefined ? undefined : mappings.find(annotation);
  if (mapping !== undefined) {
    lines.push({ text: '', tone: 'plain' });
    put(`nginx today: ${mapping.nginx}`);
    if (mapping.note !== '') put(`Istio: ${mapping.note}`);
  }

  lines.push({ text: '', tone: 'plain' });
  const offer = insight.offers?.[state.marked];
  put(offer === undefined ? 'Objects' : `Objects with ${offer.kind}`, 'title');
  if (insight.diff === undefined) put('  …', 'dim');
  else if (insight.diff.length === 0) put('  None come from this Ingress by itself.', 'dim');
  else if (insight.diff.every(({ kind }) => kind === 'same'))
    put('  The choice changes no object; they are:', 'dim');
  for (const one of (insight.diff ?? []).slice(0, mostLines)) {
    const tone = one.kind === 'added' ? 'added' : one.kind === 'removed' ? 'removed' : 'dim';
    lines.push({ text: cut(`${signs[one.kind]} ${safe(one.text)}`, width), tone });
  }
  const more = (insight.diff ?? []).length - mostLines;
  if (more > 0) put(`… and ${more} more lines`, 'dim');
  return lines;
}

const signs = { same: ' ', added: '+', removed: '-', gap: '…' } as const;

const letters = {
  accept: 'a',
  'opt-in': 'o',
  value: 'v',
  'leave-out': 'x',
  manual: 'm',
  skip: 'S',
  later: 't',
} as const;
