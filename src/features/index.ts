import { accessLists } from './auth/access-lists.ts';
import { authBasic } from './auth/basic/index.ts';
import { blocks } from './auth/block-lists.ts';
import { authTls } from './auth/client-certificates/index.ts';
import { authExternal } from './auth/external/index.ts';
import { modsecurity } from './auth/modsecurity.ts';
import { satisfy } from './auth/satisfy.ts';
import { companions } from './companions/index.ts';
import type { Feature } from './feature.ts';
import { headers } from './headers/index.ts';
import { logging } from './observability/logging.ts';
import { opentelemetry } from './observability/opentelemetry.ts';
import { compression } from './responses/compression.ts';
import { cookies } from './responses/cookies.ts';
import { cors } from './responses/cors.ts';
import { errorPages } from './responses/error-pages.ts';
import { proxyRedirect } from './responses/proxy-redirect.ts';
import { upstreamErrors } from './responses/upstream-errors.ts';
import { answers } from './routing/answers.ts';
import { canary } from './routing/canary.ts';
import { paths } from './routing/paths.ts';
import { redirects } from './routing/redirects.ts';
import { rewrite } from './routing/rewrite.ts';
import { serverAlias } from './routing/server-alias.ts';
import { sslRedirect } from './routing/ssl-redirect.ts';
import { unknownHosts } from './routing/unknown-hosts.ts';
import { snippets } from './snippets/index.ts';
import { cipher } from './tls/cipher.ts';
import { proxySsl } from './tls/proxy-ssl.ts';
import { sslPassthrough } from './tls/ssl-passthrough.ts';
import { tls } from './tls/tls.ts';
import { affinity } from './traffic/affinity.ts';
import { backendProtocol } from './traffic/backend-protocol.ts';
import { bodySize } from './traffic/body-size.ts';
import { connection } from './traffic/connection.ts';
import { loadBalance } from './traffic/load-balance.ts';
import { mirror } from './traffic/mirror.ts';
import { rateLimit } from './traffic/rate-limit.ts';
import { retries } from './traffic/retries.ts';
import { timeouts } from './traffic/timeouts.ts';
import { upstreamHash } from './traffic/upstream-hash.ts';

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
