/** What an access log says of a request; undefined where its format does not say it. */
export interface LogRecord {
  /** '' where nginx could not read the request. */
  readonly method: string;
  /** As the client sent it, without the query; '' where nginx could not read the request. */
  readonly path: string;
  readonly hasQuery: boolean;
  readonly status: number;
  /** As in the Host header. */
  readonly host: string | undefined;
  readonly tls: boolean | undefined;
  /** `$proxy_upstream_name`; `-` where nginx answered before it chose a location, '' where it had not even a server of an Ingress. */
  readonly upstream: string | undefined;
  /** `$proxy_alternative_upstream_name`: the canary that was chosen; '' for none. */
  readonly alternative: string | undefined;
  /** Addresses that were asked, the last one included; 0 where nginx answered by itself. */
  readonly tries: number | undefined;
  /** Whether the answer of one upstream made nginx ask another one, as for an error page. */
  readonly redirected: boolean;
}
