/** One request of `probes.yaml`; its format is in README.md. */
export interface ProbeRequest {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Send a body of this many bytes. */
  readonly bodySize?: number;
  readonly repeat?: number;
  /** Send the repeated requests at once. */
  readonly parallel?: boolean;
  /** `grpc`: an empty message over HTTP/2. */
  readonly protocol?: 'http1' | 'http2' | 'grpc' | 'websocket' | 'tcp';
  /** Port of the gateway's Service, for TCP. */
  readonly port?: number;
  readonly sourceIP?: string;
  /** NAME of `NAME.crt` and `NAME.key` in the scenario's folder. */
  readonly clientCert?: string;
  /** Wait so many milliseconds before the request. */
  readonly waitMs?: number;
  readonly timed?: boolean;
}

export interface Probe {
  readonly name: string;
  readonly request: ProbeRequest;
  /** Not to be judged, or not in `volatileFields` where these are given. */
  readonly volatile?: boolean;
  readonly volatileFields?: readonly string[];
}
