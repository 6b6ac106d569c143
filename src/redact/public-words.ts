import { headerHandlers } from '../features/snippets/headers.ts';
import { treatments } from '../features/snippets/treatments.ts';

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Names that the charts of ingress-nginx, Istio and cert-manager give, and that Kubernetes has by itself: everybody has them. */
export const publicNames = wordsOf(`
  default nginx ingress-nginx ingress-nginx-controller nginx-ingress nginx-ingress-controller nginx-configuration
  tcp-services udp-services kube-system kube-public istio istiod istio-system istio-ingress istio-ingressgateway
  ingressgateway cert-manager k8s.io/ingress-nginx k8s.io/ingress traefik gce alb
  ingress-default-certificate`);

/** Values of annotations, ConfigMap keys and directives that mean something to nginx, ingress-nginx or HTTP. Where one is a part of a host or a path, it is replaced like any word. */
export const publicValues = wordsOf(`
  on off true false yes no always never any all none default auto if if_not break last permanent redirect
  get head post put delete patch options connect trace copy move mkcol lock unlock propfind proppatch
  http https http2 ws wss grpc grpcs fcgi ajp auto_http tcp udp tls
  error timeout invalid_header http_403 http_404 http_429 http_500 http_502 http_503 http_504 non_idempotent updating
  cookie persistent balanced sticky legacy drop allow deny basic digest auth-file auth-map optional optional_no_ca
  round_robin ewma least_conn ip_hash chash
  lax strict samesite secure httponly
  no-cache no-store no-transform must-revalidate proxy-revalidate max-age s-maxage private public immutable
  includesubdomains preload deny sameorigin allow-from nosniff mode block same-origin origin strict-origin no-referrer
  strict-origin-when-cross-origin origin-when-cross-origin no-referrer-when-downgrade same-site cross-origin
  require-corp unsafe-none credentialless
  self unsafe-inline unsafe-eval default-src script-src style-src img-src connect-src font-src frame-src
  frame-ancestors object-src base-uri form-action media-src worker-src manifest-src upgrade-insecure-requests
  utf-8 charset gzip br identity keep-alive close upgrade websocket basic bearer null
  combined crit warn info debug notice emerg nodelay burst zone rate keys_zone
  w3c b3 jaeger otel datadog alwayson alwaysoff traceidratio parentbased_always
  detectiononly secruleengine
  issuer clusterissuer letsencrypt rd
  ms s m h d w k g b kb mb gb r`);

/** Headers of HTTP, of browsers and of proxies. */
export const publicHeaders = wordsOf(`
  accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials
  access-control-allow-headers access-control-allow-methods access-control-allow-origin
  access-control-expose-headers access-control-max-age access-control-request-headers
  access-control-request-method age allow alt-svc authorization cache-control clear-site-data connection
  content-disposition content-encoding content-language content-length content-location content-range
  content-security-policy content-security-policy-report-only content-type cookie
  cross-origin-embedder-policy cross-origin-opener-policy cross-origin-resource-policy date dnt etag expect
  expect-ct expires feature-policy forwarded from front-end-https grpc-timeout host http2-settings if-match
  if-modified-since if-none-match if-range if-unmodified-since keep-alive last-modified link location
  max-forwards origin permissions-policy pragma proxy-authenticate proxy-authorization proxy-connection range
  referer referrer-policy refresh report-to retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site
  sec-websocket-accept sec-websocket-extensions sec-websocket-key sec-websocket-protocol
  sec-websocket-version server set-cookie strict-transport-security te timing-allow-origin trailer
  transfer-encoding upgrade upgrade-insecure-requests user-agent vary via warning www-authenticate
  x-accel-buffering x-accel-expires x-accel-redirect x-auth-request-access-token x-auth-request-email
  x-auth-request-groups x-auth-request-preferred-username x-auth-request-redirect x-auth-request-user
  x-content-type-options x-csrf-token x-csrftoken x-dns-prefetch-control x-download-options
  x-envoy-original-path x-forwarded-access-token x-forwarded-email x-forwarded-for x-forwarded-groups
  x-forwarded-host x-forwarded-method x-forwarded-port x-forwarded-prefix x-forwarded-proto
  x-forwarded-scheme x-forwarded-server x-forwarded-ssl x-forwarded-uri x-forwarded-user x-frame-options
  x-original-forwarded-for x-original-method x-original-uri x-original-url
  x-permitted-cross-domain-policies x-powered-by x-real-ip x-request-id x-requested-with x-robots-tag
  x-scheme x-sent-from x-ua-compatible x-xss-protection`);

/** Directives that depend on each other and have no entry of their own in the tables. */
const routing = `allow break deny if limit_except location return rewrite set internal satisfy proxy_pass
  grpc_pass fastcgi_pass uwsgi_pass scgi_pass map server upstream server_name listen include error_page`;

/** Directives of nginx that the conversion distinguishes. Others count as unknown, whatever their name. */
export const publicDirectives: ReadonlySet<string> = new Set([
  ...treatments.keys(),
  ...headerHandlers.keys(),
  ...wordsOf(routing),
]);

/** Beginnings of directive names that suggest a protection (features/snippets/directives.ts). */
export const protectionDirective = /^(?:auth|access|waf|naxsi|jwt|oidc|vouch)(?=_|$)/;

/** nginx's variables, and those of ingress-nginx. */
export const publicVariables = wordsOf(`
  ancient_browser arg args best_http_host binary_remote_addr body_bytes_sent bytes_sent connection
  connection_requests content_length content_type cookie_ document_root document_uri escaped_request_uri
  fastcgi_path_info fastcgi_script_name global_rate_limit_exceeding gzip_ratio host hostname http2 https
  ingress_name invalid_referer is_args limit_rate location_path modern_browser msec namespace nginx_version
  original_uri original_url pass_access_scheme pass_port pass_server_port path_info pid pipe
  proxy_add_x_forwarded_for proxy_alternative_upstream_name proxy_host proxy_port proxy_upstream_name
  proxy_protocol_addr proxy_protocol_port query_string real_ip redirect_to_https realip_remote_addr
  realpath_root remote_addr remote_port remote_user req_id request request_body request_body_file
  request_completion request_filename request_id request_length request_method request_time request_uri
  scheme server_addr server_name server_port server_protocol service_name service_port session_id ssl_cipher
  ssl_client_cert ssl_client_escaped_cert ssl_client_fingerprint ssl_client_i_dn ssl_client_raw_cert
  ssl_client_s_dn ssl_client_serial ssl_client_v_end ssl_client_v_remain ssl_client_v_start
  ssl_client_verify ssl_curves ssl_protocol ssl_server_name ssl_session_id ssl_session_reused status
  tcpinfo_rtt the_real_ip time_iso8601 time_local upstream_addr upstream_bytes_received
  upstream_cache_status upstream_connect_time upstream_header_time upstream_response_length
  upstream_response_time upstream_status uri`);

/** Subtypes of media types. */
export const mediaTypes =
  wordsOf(`plain html css csv xml json javascript ecmascript x-javascript octet-stream pdf zip
  x-www-form-urlencoded form-data problem+json ld+json xhtml+xml rss+xml atom+xml svg+xml png jpeg gif webp
  x-icon vnd.ms-fontobject font-ttf x-font-ttf opentype truetype woff woff2 wasm grpc event-stream mixed`);
