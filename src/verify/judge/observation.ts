/** A header as Node's HTTP client gives it: in lower case, `set-cookie` as a list. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** A request that reached an upstream, as the upstream saw it. */
export interface UpstreamRequest {
  /** Undefined for a WebSocket or TCP connection, of which only `path` is known. */
  readonly method?: string;
  /** Raw path and query; for TCP the line that came back. */
  readonly path: string;
  readonly host?: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly httpVersion?: string;
  readonly tlsServername?: string;
}

/** A request to an upstream that is not the one which answered: an auth check, a mirror, another try. */
export interface SideRequest extends UpstreamRequest {
  readonly upstream: string;
  readonly bodyBytes?: number;
}

/** What one probe saw. Of repeated requests it holds the last answer, and all of them in `counts` and `statuses`. */
export interface Result {
  /** HTTP status; 0 for TCP; undefined where `error` says why there was no answer. */
  readonly status?: number;
  readonly headers: Headers;
  readonly location?: string;
  /** `namespace/service:port`, `external` or `external/host:port`; null where the proxy itself answered. */
  readonly upstream: string | null;
  readonly upstreamRequest: UpstreamRequest | null;
  readonly error?: string;
  /** First 200 characters of an answer that no upstream gave. */
  readonly body?: string;
  /** Answers of each upstream; 'null' stands for none. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly statuses?: Readonly<Record<string, number>>;
  readonly otherUpstreamRequests?: readonly SideRequest[];
  /** `common name | subject alternative names` of the certificate shown. */
  readonly serverCert?: string;
  /** Milliseconds, to the tenth of a second. */
  readonly elapsedMs?: number;
}

/** The recording of a scenario: `nginx.json`, and what `--observations` writes. */
export interface Observation {
  readonly system: string;
  readonly version: string;
  readonly results: Readonly<Record<string, Result>>;
  /** Why nginx refused the whole configuration; then there are no results. */
  readonly nginxTestErrors?: readonly string[] | string;
}
