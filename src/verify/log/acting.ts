import type { Finding } from '../../domain/findings.ts';
import type { Candidate } from './candidates.ts';
import type { LogRecord } from './record.ts';
import { defaultUpstream } from './upstreams.ts';

type Acts = (record: LogRecord, candidate: Candidate) => boolean;

/** Statuses with which `add_header` acts (ngx_http_headers_module). */
const addHeaderStatuses = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

const isOwn = ({ tries }: LogRecord): boolean => tries === 0 || tries === undefined;
const own =
  (...statuses: readonly number[]): Acts =>
  (record, { expected }) =>
    isOwn(record) &&
    statuses.includes(record.status) &&
    !expected.route.answer.startsWith(String(record.status));
const passed: Acts = ({ tries }) => tries !== 0;
/** An error page of another upstream took the place of an answer. */
const errorPage: Acts = ({ upstream, redirected, status }, { expected }) =>
  // nginx's own default backend serves no error pages: it fails (scenario global-custom-http-errors).
  (expected.location?.backend.kind === 'not-found' ? status === 500 : redirected) ||
  (expected.location?.backend.kind === 'service' &&
    (upstream === defaultUpstream || upstream?.startsWith('custom-default-backend-') === true));

/**
 * Findings whose difference no route shows, and a line of the log does: by the status, by who answered. All others act
 * where the routes of the two systems differ.
 */
const acts: Readonly<Record<string, Acts>> = {
  'snippet/header-on-every-status': ({ status }) => !addHeaderStatuses.has(status),
  'body-size/without-length': own(413),
  'platform/body-size': own(413),
  'platform/malformed-requests': own(400, 405),
  'platform/header-limits': own(400, 414),
  'auth-tls/handshake': own(400, 495, 496),
  'auth-tls/error-page': own(302),
  'access/bare-refusal': (record, { request }) =>
    request.tls && isOwn(record) && [401, 403].includes(record.status),
  'rate-limit/not-carried': own(429, 503),
  'rate-limit/connections': own(429, 503),
  'platform/upstream-failures': ({ tries = 0, status }) => tries > 1 && status >= 502 && status <= 504,
  'mirror/path': passed,
  'mirror/unmatched-paths': passed,
  'snippet/no-expires-header': passed,
  'proxy-redirect/opt-in': ({ status, tries }) =>
    tries !== 0 && status >= 300 && status < 400 && status !== 304,
  'error-pages/opt-in': errorPage,
  'error-pages/built-in-backend': errorPage,
  'error-pages/default-backend-opt-in': errorPage,
};

/** The statuses of `more_set_headers -s '404 500'`; undefined where the directive is for all. */
function statusesOf({ directive }: { readonly directive?: string }): readonly number[] | undefined {
  const words = /\s-s\s+["']?([\d\s,]+)/.exec(directive ?? '')?.[1];
  return words?.match(/\d+/g)?.map(Number);
}

/** Whether a finding makes a difference for a request that reached its place. */
export function isActing(finding: Finding, record: LogRecord, candidate: Candidate): boolean {
  if (
    finding.type.code === 'snippet/not-carried-over' &&
    finding.type.fields.some((field) => field.startsWith('response-header:'))
  ) {
    const statuses = statusesOf(finding.args);
    return statuses === undefined ? passed(record, candidate) : statuses.includes(record.status);
  }
  return acts[finding.type.code]?.(record, candidate) === true;
}
