import { isMapping, type Mapping } from '../read/fields.ts';
import { type Access, type Answer, ClusterError, kubectl } from './kubectl.ts';

/** Objects of a page; the API server keeps what follows for the next one. */
const pageSize = 500;
const mostPages = 10_000;
/** How often a list is begun again because its continuation was too old. */
const mostRestarts = 2;

export type Listed =
  | { readonly ok: true; readonly items: readonly Mapping[] }
  | { readonly ok: false; readonly refusal: 'forbidden' | 'not-found'; readonly said: string };

export interface Question {
  readonly access: Access;
  readonly signal: AbortSignal;
  /** Told after every page. */
  onItems?(count: number): void;
}

/**
 * Every object of a collection, page by page (`kubectl get --raw`, a plain GET).
 * @throws {ClusterError} the server fails twice, or answers what is no list
 */
export async function list(path: string, selector: string | undefined, question: Question): Promise<Listed> {
  for (let restarts = 0; ; restarts++) {
    const listed = await listOnce(path, selector, question);
    if (listed !== 'expired') return listed;
    if (restarts === mostRestarts)
      throw new ClusterError(
        `The cluster forgot its place in ${path} ${restarts + 1} times.`,
        'It may be under heavy load: run again, or read one namespace at a time (-n).',
      );
  }
}

async function listOnce(
  path: string,
  selector: string | undefined,
  question: Question,
): Promise<Listed | 'expired'> {
  const items: Mapping[] = [];
  let next = '';
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (selector !== undefined) query.set('labelSelector', selector);
    if (next !== '') query.set('continue', next);
    const answer = await get(`${path}?${query}`, question);
    if (!answer.ok) {
      if (answer.refusal === 'expired') return 'expired';
      if (answer.refusal !== 'failed') return { ok: false, refusal: answer.refusal, said: answer.said };
      throw failed(path, answer.said);
    }
    const { value } = answer;
    const entries = value['items'] ?? [];
    if (!Array.isArray(entries)) throw failed(path, 'the answer is no list');
    const kind = String(value['kind'] ?? '').replace(/List$/, '');
    for (const entry of entries) {
      if (isMapping(entry)) items.push({ kind, apiVersion: value['apiVersion'], ...entry });
    }
    question.onItems?.(items.length);
    const metadata = isMapping(value['metadata']) ? value['metadata'] : {};
    const token = metadata['continue'];
    if (typeof token !== 'string' || token === '') return { ok: true, items };
    if (token === next) break;
    next = token;
  }
  throw failed(path, 'its pages have no end');
}

/**
 * One object.
 * @throws {ClusterError} the server fails twice, or answers what is no object
 */
export async function getObject(path: string, question: Question): Promise<Listed> {
  const answer = await get(path, question);
  if (answer.ok) return { ok: true, items: [answer.value] };
  if (answer.refusal === 'forbidden' || answer.refusal === 'not-found')
    return { ok: false, refusal: answer.refusal, said: answer.said };
  throw failed(path, answer.said);
}

type Parsed = { readonly ok: true; readonly value: Mapping } | Extract<Answer, { ok: false }>;

/** A server that stumbles once is asked again. */
async function get(path: string, question: Question): Promise<Parsed> {
  const first = await getOnce(path, question);
  return !first.ok && first.refusal === 'failed' ? getOnce(path, question) : first;
}

async function getOnce(path: string, { access, signal }: Question): Promise<Parsed> {
  const answer = await kubectl(['get', `--raw=${path}`], access, signal);
  if (!answer.ok) return answer;
  try {
    const value: unknown = JSON.parse(answer.text);
    if (isMapping(value) && value['kind'] !== 'Status') return { ok: true, value };
  } catch {
    // Told below, as an answer that is none.
  }
  return { ok: false, refusal: 'failed', said: 'the answer is not what an API server sends' };
}

function failed(path: string, said: string): ClusterError {
  return new ClusterError(
    `The cluster doesn't respond to ${path} as it should: ${said}`,
    `Nothing was converted, since half a cluster would tell lies. Try kubectl get --raw '${path}'.`,
  );
}
