import { accessLists } from './access-lists.ts';
import { affinity } from './affinity.ts';
import { answers } from './answers.ts';
import { authBasic } from './auth-basic.ts';
import { authExternal } from './auth-external/index.ts';
import { authTls } from './auth-tls.ts';
import { backendProtocol } from './backend-protocol.ts';
import { blocks } from './blocks.ts';
import { bodySize } from './body-size.ts';
import { canary } from './canary.ts';
import { cipher } from './cipher.ts';
import { companions } from './companions/index.ts';
import { compression } from './compression.ts';
import { connection } from './connection.ts';
import { cookies } from './cookies.ts';
import { cors } from './cors.ts';
import { errorPages } from './error-pages.ts';
import type { Feature } from './feature.ts';
import { headers } from './headers/index.ts';
import { loadBalance } from './load-balance.ts';
import { logging } from './logging.ts';
import { mirror } from './mirror.ts';
import { modsecurity } from './modsecurity.ts';
import { opentelemetry } from './opentelemetry.ts';
import { paths } from './paths.ts';
import { proxyRedirect } from './proxy-redirect.ts';
import { proxySsl } from './proxy-ssl.ts';
import { rateLimit } from './rate-limit.ts';
import { redirects } from './redirects.ts';
import { retries } from './retries.ts';
import { rewrite } from './rewrite.ts';
import { satisfy } from './satisfy.ts';
import { serverAlias } from './server-alias.ts';
import { snippets } from './snippets/index.ts';
import { sslPassthrough } from './ssl-passthrough.ts';
import { sslRedirect } from './ssl-redirect.ts';
import { timeouts } from './timeouts.ts';
import { tls } from './tls.ts';
import { unknownHosts } from './unknown-hosts.ts';
import { upstreamErrors } from './upstream-errors.ts';
import { upstreamHash } from './upstream-hash.ts';

/** All features, in the order in which they are asked: where two set one field, the later one wins, as in nginx's template. */
export const features: readonly Feature[] = [
  answers,
  blocks,
  tls,
  unknownHosts,
  companions,
  authTls,
  cipher,
  serverAlias,
  sslPassthrough,
  redirects,
  sslRedirect,
  rewrite,
  headers,
  paths,
  cors,
  bodySize,
  rateLimit,
  retries,
  timeouts,
  upstreamErrors,
  compression,
  logging,
  opentelemetry,
  backendProtocol,
  proxySsl,
  connection,
  loadBalance,
  upstreamHash,
  affinity,
  canary,
  mirror,
  cookies,
  proxyRedirect,
  errorPages,
  accessLists,
  satisfy,
  authBasic,
  authExternal,
  modsecurity,
  snippets,
];
