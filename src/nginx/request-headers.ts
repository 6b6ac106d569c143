/** Headers that every location of ingress-nginx 1.15.1 sets for its upstream, before those of anybody else (template/nginx.tmpl). */
export const ownRequestHeaders: ReadonlySet<string> = new Set([
  'host',
  'upgrade',
  'connection',
  'x-request-id',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
  'x-original-forwarded-for',
  'x-original-forwarded-host',
  'proxy',
]);
