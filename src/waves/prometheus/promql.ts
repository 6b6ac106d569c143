import { quoteRegex } from '../../istio-api/patterns.ts';

/** What `nginx` and `istio` call requests of the same host, and which of them we look at. */
export interface Series {
  readonly metric: string;
  /** Matchers that hold for every host. */
  readonly matchers: readonly string[];
  /** As in `[5m]` or `[1h] offset 1w`. */
  readonly window: string;
  /** A label to keep beside `host`: that of a histogram's buckets. */
  readonly keep?: 'le';
}

/** A string of PromQL: its escapes are those of Go, which JSON's are among, but for halves of surrogate pairs. */
export function literal(text: string): string {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd'));
}

/** A regular expression for these texts; Prometheus anchors every one. */
export function anyOf(texts: readonly string[]): string {
  return texts.map(quoteRegex).join('|');
}

/** Requests (or buckets) a second over all that the matchers leave, under `host`; `$` would name a group. */
export function rateOf(
  { metric, matchers, window, keep }: Series,
  own: readonly string[],
  host: string,
): string {
  const by = keep === undefined ? '' : ` by (${keep})`;
  const sum = `sum${by} (rate(${metric}{${[...matchers, ...own].join(',')}}${window}))`;
  return `label_replace(${sum}, "host", ${literal(host.replaceAll('$', '$$$$'))}, "", "")`;
}

/** Vectors without a host in common, as one. */
export function union(vectors: readonly string[]): string {
  return vectors.join('\nor\n');
}
