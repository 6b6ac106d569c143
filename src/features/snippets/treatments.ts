import {
  bodies,
  buffers,
  caching,
  clientAddress,
  compression,
  connections,
  cookies,
  errorPages,
  files,
  firewall,
  logs,
  lua,
  luaAccess,
  manual,
  noEffect,
  notNeeded,
  otherUpstream,
  protection,
  rates,
  serverTls,
  type Treatment,
  toUpstreamTls,
  tracing,
  tuning,
} from './reasons.ts';

const groups: readonly (readonly [fate: Treatment, names: string])[] = [
  [
    buffers,
    `proxy_busy_buffers_size proxy_buffering proxy_buffer_size proxy_buffers proxy_max_temp_file_size
    proxy_request_buffering proxy_temp_file_write_size proxy_temp_path client_body_buffer_size
    client_body_temp_path client_body_in_file_only client_body_in_single_buffer grpc_buffer_size
    output_buffers postpone_output subrequest_output_buffer_size directio sendfile
    sendfile_max_chunk aio`,
  ],
  [
    notNeeded('Envoy allows 60 KiB of request headers in total, usually more than this sets.'),
    'client_header_buffer_size large_client_header_buffers',
  ],
  [
    notNeeded("The gateway doesn't limit bodies; a limit that you need isn't preserved."),
    'client_max_body_size',
  ],
  [
    connections,
    `keepalive_timeout keepalive_requests keepalive_time keepalive_disable client_body_timeout
    client_header_timeout send_timeout tcp_nodelay tcp_nopush reset_timedout_connection
    lingering_close lingering_time lingering_timeout proxy_socket_keepalive proxy_http_version http2
    http2_max_concurrent_streams http2_push http2_push_preload http2_max_field_size
    http2_max_header_size http2_recv_timeout chunked_transfer_encoding proxy_ignore_client_abort
    proxy_limit_rate proxy_send_lowat send_lowat msie_padding msie_refresh resolver resolver_timeout
    ssl_session_cache ssl_session_timeout ssl_session_tickets ssl_session_ticket_key ssl_buffer_size
    ssl_stapling ssl_stapling_verify ssl_dhparam`,
  ],
  [
    logs,
    `access_log error_log log_not_found log_subrequest rewrite_log uninitialized_variable_warn
    open_log_file_cache`,
  ],
  [
    tuning,
    `open_file_cache open_file_cache_valid open_file_cache_min_uses open_file_cache_errors
    types_hash_max_size types_hash_bucket_size proxy_headers_hash_max_size
    proxy_headers_hash_bucket_size max_ranges read_ahead log_by_lua log_by_lua_block log_by_lua_file
    server_tokens ignore_invalid_headers underscores_in_headers proxy_ignore_headers etag
    if_modified_since server_name_in_redirect port_in_redirect absolute_redirect satisfy
    default_type`,
  ],
  [
    files,
    `root alias index autoindex autoindex_exact_size autoindex_localtime types gzip_static
    brotli_static`,
  ],
  [
    manual(
      'it looks for files of the controller’s image before the backend is asked.',
      'Write its routes manually.',
      ['status', 'path', 'upstream'],
    ),
    'try_files',
  ],
  [
    lua,
    `rewrite_by_lua rewrite_by_lua_block rewrite_by_lua_file set_by_lua set_by_lua_block
    set_by_lua_file header_filter_by_lua header_filter_by_lua_block header_filter_by_lua_file
    body_filter_by_lua body_filter_by_lua_block body_filter_by_lua_file content_by_lua
    content_by_lua_block content_by_lua_file balancer_by_lua_block lua_need_request_body
    lua_code_cache server_rewrite_by_lua_block precontent_by_lua_block`,
  ],
  [luaAccess, 'access_by_lua access_by_lua_block access_by_lua_file'],
  [protection('Envoy’s basic auth is no part of the stable API.', ['off']), 'auth_basic'],
  [
    protection('the file with the users is in the controller’s image.'),
    'auth_basic_user_file auth_digest_user_file',
  ],
  [protection('an external authorizer has to be named in the MeshConfig.', ['off']), 'auth_request'],
  [
    protection('tokens are checked by a RequestAuthentication, which you have to write.', ['off']),
    'auth_jwt auth_jwt_key_file auth_jwt_key_request auth_jwt_require',
  ],
  [protection('Istio has no counterpart.', ['off']), 'auth_digest auth_gssapi auth_pam auth_ldap internal'],
  [
    protection(
      'client certificates are required in the Gateway; use the annotations auth-tls-secret and auth-tls-verify-client.',
      ['off'],
    ),
    'ssl_verify_client',
  ],
  [
    manual('it belongs to client certificates.', 'Use the annotation auth-tls-secret.', ['connection']),
    'ssl_client_certificate ssl_trusted_certificate ssl_crl ssl_verify_depth',
  ],
  [
    manual(
      'it belongs to external authorization.',
      'List the header in includeRequestHeadersInCheck or headersToUpstreamOnAllow of the extension provider.',
    ),
    'auth_request_set',
  ],
  [
    manual(
      'Envoy has no list of referers; its effect is in the "if ($invalid_referer)" that uses it.',
      'Match the header referer in a route.',
      ['status'],
    ),
    'valid_referers referer_hash_max_size',
  ],
  [
    manual('signed links are not known to Istio.', 'Check them in the application.', ['status']),
    'secure_link secure_link_md5 secure_link_secret',
  ],
  [
    cookies,
    `proxy_cookie_flags proxy_cookie_path proxy_cookie_domain userid userid_name userid_domain
    userid_path userid_expires`,
  ],
  [
    rates,
    `limit_req limit_conn limit_req_status limit_conn_status limit_req_log_level limit_conn_log_level
    limit_req_dry_run limit_conn_dry_run limit_rate limit_rate_after`,
  ],
  [firewall, 'modsecurity modsecurity_rules modsecurity_rules_file modsecurity_transaction_id'],
  [
    bodies,
    `sub_filter sub_filter_once sub_filter_types sub_filter_last_modified subs_filter
    subs_filter_types addition_types add_before_body add_after_body ssi ssi_types ssi_silent_errors
    charset charset_types source_charset override_charset image_filter proxy_set_body
    proxy_pass_request_body add_trailer xslt_stylesheet`,
  ],
  [
    compression,
    `gzip gzip_types gzip_comp_level gzip_min_length gzip_proxied gzip_vary gzip_disable gzip_buffers
    gzip_http_version gunzip brotli brotli_types brotli_comp_level brotli_min_length zstd`,
  ],
  [caching, 'proxy_cache proxy_store slice'],
  [
    noEffect('It acts only with proxy_cache, and ingress-nginx has none.'),
    `proxy_cache_bypass proxy_no_cache proxy_cache_key proxy_cache_methods proxy_cache_min_uses
    proxy_cache_use_stale proxy_cache_valid proxy_cache_lock proxy_cache_lock_timeout
    proxy_cache_lock_age proxy_cache_background_update proxy_cache_revalidate
    proxy_cache_convert_head proxy_cache_max_range_offset`,
  ],
  [errorPages, 'error_page proxy_intercept_errors recursive_error_pages'],
  [
    toUpstreamTls,
    `proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_ciphers proxy_ssl_name
    proxy_ssl_protocols proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_trusted_certificate
    proxy_ssl_verify proxy_ssl_verify_depth grpc_ssl_verify grpc_ssl_name grpc_ssl_server_name`,
  ],
  [
    serverTls,
    `ssl_protocols ssl_ciphers ssl_prefer_server_ciphers ssl_ecdh_curve ssl_certificate
    ssl_certificate_key ssl_early_data ssl_conf_command ssl_reject_handshake`,
  ],
  [
    manual(
      'addresses and names of a host are defined in its Gateway.',
      'Add a server to the Gateway; for names use the annotation server-alias.',
      ['connection', 'status'],
    ),
    'listen server_name',
  ],
  [clientAddress, 'real_ip_header real_ip_recursive set_real_ip_from'],
  [
    tracing,
    `opentelemetry opentelemetry_propagate opentelemetry_operation_name opentelemetry_attribute
    opentelemetry_trust_incoming_spans opentracing opentracing_tag opentracing_operation_name
    opentracing_propagate_context opentracing_trust_incoming_span`,
  ],
  [otherUpstream, 'proxy_pass grpc_pass fastcgi_pass uwsgi_pass scgi_pass memcached_pass'],
  [
    manual(
      'timeouts of a route are defined in the VirtualService.',
      'Use the annotations proxy-connect-timeout, proxy-send-timeout and proxy-read-timeout.',
      ['status'],
    ),
    `proxy_connect_timeout proxy_read_timeout proxy_send_timeout grpc_connect_timeout
    grpc_read_timeout grpc_send_timeout fastcgi_read_timeout fastcgi_send_timeout
    fastcgi_connect_timeout`,
  ],
  [
    manual(
      'retries of a route are defined in the VirtualService.',
      'Use the annotations proxy-next-upstream and proxy-next-upstream-tries.',
      ['status'],
      ['off'],
    ),
    'proxy_next_upstream proxy_next_upstream_tries proxy_next_upstream_timeout grpc_next_upstream',
  ],
  [
    manual(
      'Istio cannot change the Location header of the backend.',
      'Have the application send right URLs, or write an EnvoyFilter (Lua).',
      ['location'],
      ['off'],
    ),
    'proxy_redirect',
  ],
  [
    manual(
      'the method of a request cannot be changed.',
      'Have the application take the method that clients send.',
      ['method'],
    ),
    'proxy_method',
  ],
  [
    manual(
      'mirrors are defined in the VirtualService.',
      'Use the annotation mirror-target.',
      ['side-requests'],
      ['off'],
    ),
    'mirror mirror_request_body',
  ],
  [
    manual(
      'the address towards the backend is the gateway’s.',
      'Nothing, unless the application looks at it.',
    ),
    'proxy_bind',
  ],
  [
    manual(
      'the file is in the controller’s image, and not in the input.',
      'Put its lines into the snippet and convert again.',
      ['status'],
    ),
    'include load_module',
  ],
  [
    manual(
      'how slashes are merged is a setting of the mesh.',
      'Set meshConfig.pathNormalization.normalization.',
      ['path', 'upstream'],
    ),
    'merge_slashes',
  ],
  [
    manual('it answers in nginx itself.', 'Let a small service answer.', ['status']),
    'stub_status empty_gif echo js_content dav_methods flv mp4 perl',
  ],
  [
    manual('WebDAV and scripts of nginx have no counterpart.', 'Write the logic into the application.'),
    'dav_access create_full_put_path js_set js_header_filter js_body_filter perl_set',
  ],
  [
    manual(
      'the variable is made by a module of nginx that Envoy lacks.',
      'Write the logic into the application, or an EnvoyFilter (Lua).',
    ),
    `set_escape_uri set_unescape_uri set_md5 set_sha1 set_if_empty set_misc set_random
    set_encode_base64 set_decode_base64 geoip_country geoip2`,
  ],
];

/** Every directive that is known and not carried over. */
export const treatments: ReadonlyMap<string, Treatment> = new Map(
  groups.flatMap(([fate, names]) => names.split(/\s+/).map((name) => [name, fate] as const)),
);
