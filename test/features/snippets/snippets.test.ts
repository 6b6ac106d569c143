import { describe, expect, test } from 'vitest';
import { messageOf, remedyOf } from '../../../src/domain/findings.ts';
import { snippets } from '../../../src/features/snippets/index.ts';
import { convertSnippets, ingressWith } from './convert-snippets.ts';

const location = (snippet: string, more: Record<string, string> = {}, paths = ['/']) =>
  convertSnippets(ingressWith({ 'configuration-snippet': snippet, ...more }, paths), {
    istioVersion: '1.30',
  });
const server = (snippet: string, more: Record<string, string> = {}, paths = ['/']) =>
  convertSnippets(ingressWith({ 'server-snippet': snippet, ...more }, paths), { istioVersion: '1.30' });

describe('headers', () => {
  test.each<[string, object]>([
    ['more_set_headers "X-A: 1" "X-B:2";', { response: { set: { 'x-a': '1', 'x-b': '2' } } }],
    ['more_set_headers "X-A: 100%";', { response: { set: { 'x-a': '100%%' } } }],
    ['more_set_headers "X-A:"; more_clear_headers X-B;', { response: { remove: ['x-a', 'x-b'] } }],
    ['add_header X-A "a; b" always;', { response: { add: { 'x-a': 'a; b' } } }],
    ['add_header X-A 1; add_header X-A 2;', { response: { add: { 'x-a': '1, 2' } } }],
    [
      'add_header Cache-Control a; expires max;',
      {
        response: {
          // The other Cache-Control goes to the destination, which Envoy works off first.
          set: { expires: 'Thu, 31 Dec 2037 23:55:55 GMT' },
          add: { 'cache-control': 'a' },
        },
      },
    ],
    ['expires 1h 30m;', {}],
    ['expires 90m;', { response: { set: { 'cache-control': 'max-age=5400' }, remove: ['expires'] } }],
    ['expires -1;', { response: { set: { 'cache-control': 'no-cache' }, remove: ['expires'] } }],
    ['proxy_hide_header X-Powered-By;', { response: { remove: ['x-powered-by'] } }],
    ['proxy_set_header X-A $host;', { request: { set: { 'x-a': 'shop.example.com' } } }],
    ['proxy_set_header X-A $service_name.$namespace;', { request: { set: { 'x-a': 'web.shop' } } }],
    ['proxy_set_header X-A "";', { request: { remove: ['x-a'] } }],
    ['proxy_set_header X-Forwarded-Proto https;', { request: { set: { 'x-forwarded-proto': 'https' } } }],
    ['proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";', {}],
    [
      'more_set_input_headers "X-A: 1"; more_clear_input_headers X-B;',
      { request: { set: { 'x-a': '1' }, remove: ['x-b'] } },
    ],
    ['set $tier gold; more_set_headers "X-Tier: $tier";', { response: { set: { 'x-tier': 'gold' } } }],
  ])('%s', (snippet, headers) => {
    const [route] = location(snippet).routes;
    expect(route?.headers ?? {}).toEqual(headers);
  });

  test('a Host for the upstream is an authority', () => {
    expect(location('proxy_set_header Host internal.example.com;').routes[0]).toMatchObject({
      rewrite: { authority: 'internal.example.com' },
    });
  });

  test.each([
    ['more_set_headers -s "404 500" "X-A: 1";', 'more_set_headers: manual'],
    ['more_clear_headers "X-*";', 'more_clear_headers: manual'],
    ['more_set_headers "X-A: $cookie_a";', 'more_set_headers: manual'],
    ['more_set_headers "Server: x";', 'more_set_headers: manual'],
    ['proxy_set_header Connection close;', 'proxy_set_header: not-needed'],
    ['proxy_set_header X-Real-IP "";', 'proxy_set_header: no-effect-today'],
    ['add_header X-A "";', 'add_header: no-effect-today'],
    ['add_header X-A;', 'add_header: invalid'],
    ['expires $type_expiry;', 'expires: manual'],
  ])('%s writes nothing', (snippet, status) => {
    const { routes, statuses } = location(snippet);
    expect(routes[0]?.headers).toBeUndefined();
    expect(statuses).toEqual([status]);
  });

  test('what differs is told with its header', () => {
    const { findings } = location('add_header X-A 1; proxy_set_header X-Real-IP 1.2.3.4;');
    expect(findings.map(({ type }) => [type.code, type.fields])).toEqual([
      ['snippet/header-on-every-status', ['response-header:x-a']],
      ['snippet/header-sent-twice', ['request-header:x-real-ip', 'request-header:x-real-ip']],
    ]);
  });
});

describe('answers', () => {
  test.each<[string, object]>([
    ['return 404;', { directResponse: { status: 404 } }],
    [
      'return 200 "ok 100%";',
      {
        directResponse: { status: 200, body: { string: 'ok 100%' } },
        headers: { response: { set: { 'content-type': 'text/html' } } },
      },
    ],
    [
      'default_type application/json; return 200 "{}";',
      { headers: { response: { set: { 'content-type': 'application/json' } } } },
    ],
    [
      'return 301 https://x.example.com$request_uri;',
      {
        directResponse: { status: 301 },
        headers: {
          response: { set: { location: 'https://x.example.com%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%' } },
        },
      },
    ],
    [
      'return 302 /login;',
      { headers: { response: { set: { location: '%REQ(X-FORWARDED-PROTO)%://shop.example.com/login' } } } },
    ],
    ['return https://x.example.com/;', { directResponse: { status: 302 } }],
    [
      'rewrite ^/(.*)$ https://x.example.com/$1 permanent;',
      {
        directResponse: { status: 301 },
        headers: {
          response: { set: { location: 'https://x.example.com%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%' } },
        },
      },
    ],
    [
      'rewrite ^/foo$ /foo/ permanent;',
      {
        match: [{ headers: { ':path': { regex: '(?:/foo)(?:\\?.*)?' } } }],
        redirect: { uri: '/foo/', redirectCode: 301 },
      },
    ],
    [
      'rewrite ^/api/(.*)$ /$1 break;',
      { rewrite: { uriRegexRewrite: { match: '^/api/(.*)$', rewrite: '/\\1' } } },
    ],
  ])('%s', (snippet, route) => {
    expect(location(snippet).routes[0]).toMatchObject(route);
  });

  test('after a return nothing else acts, and nothing is forwarded', () => {
    const { routes, statuses, policies } = location(
      'deny all; return 403; rewrite ^ /x break; if ($arg_a) { return 404; }',
    );
    expect(routes).toHaveLength(1);
    expect(policies).toEqual([]);
    expect(statuses).toEqual([
      'deny: no-effect-today',
      'return: converted',
      'rewrite: no-effect-today',
      'if: no-effect-today',
      'return: no-effect-today',
    ]);
  });

  test.each([
    ['return 200 "$request_uri";', 'return: manual'],
    ['return 403 "$request_uri";', 'return: closed'],
    ['return nowhere;', 'return: invalid'],
    ['rewrite ^/old/(.*)$ /new/$1 permanent;', 'rewrite: manual'],
    ['rewrite (?!x) /y break;', 'rewrite: manual'],
    ['rewrite ^/a$ /b?c=1 break;', 'rewrite: manual'],
    ['rewrite ^/a$ /b forever;', 'rewrite: invalid'],
  ])('%s is %s', (snippet, status) => {
    expect(location(snippet).statuses).toEqual([status]);
  });

  test('a rewrite that looks for a location again is told of where there are several', () => {
    expect(location('rewrite ^/a(.*)$ /b$1 last;', {}, ['/', '/b']).codes).toContain(
      'snippet/no-second-location',
    );
    expect(location('rewrite ^/a(.*)$ /b$1 last;').codes).toEqual([]);
  });
});

describe('conditions', () => {
  test.each<[string, object]>([
    ['$http_x_a', { headers: { 'x-a': { regex: '(?:[^0]|0.).*' } } }],
    ['$http_x_a = v', { headers: { 'x-a': { exact: 'v' } } }],
    ['$http_x_a = ""', { withoutHeaders: { 'x-a': { regex: '.+' } } }],
    ['$http_x_a != v', { withoutHeaders: { 'x-a': { exact: 'v' } } }],
    [
      '$http_user_agent ~* "curl|wget"',
      { headers: { 'user-agent': { regex: '(?i:(?:.*curl.*|.*wget.*))' } } },
    ],
    ['$http_x_a !~ "^a"', { withoutHeaders: { 'x-a': { regex: 'a.*' } } }],
    ['$request_method = POST', { headers: { ':method': { exact: 'POST' } } }],
    ['$request_method !~ ^(GET|HEAD)$', { withoutHeaders: { ':method': { regex: '(GET|HEAD)' } } }],
    ['$uri ~ "\\.php$"', { headers: { ':path': { regex: '(?:[^?]*\\.php)(?:\\?.*)?' } } }],
    ['$request_uri = "/a?b"', { headers: { ':path': { exact: '/a?b' } } }],
    ['$arg_v = "1"', { headers: { ':path': { regex: '[^?]*\\?(?:.*&)?(?i:v)=(?:1)(?:&.*)?' } } }],
    ['$cookie_beta = yes', { headers: { cookie: { regex: '(?:.*;[ ]*)?(?i:beta)=(?:yes)(?:;.*)?' } } }],
  ])('if (%s)', (condition, match) => {
    const { routes } = location(`if (${condition}) { return 418; }`);
    expect(routes[0]).toMatchObject({ match: [match], directResponse: { status: 418 } });
    expect(routes[1]?.route).toBeDefined();
  });

  test('on the host are decided for each host', () => {
    const snippet = 'if ($host = "shop.example.com") { return 301 https://new.example.com$request_uri; }';
    expect(location(snippet).routes).toMatchObject([{ directResponse: { status: 301 } }]);
    const other = convertSnippets(ingressWith({ 'configuration-snippet': snippet }, ['/'], 'b.example.com'));
    expect(other.routes).toMatchObject([{ name: 'root', route: [{}] }]);
    expect(other.statuses).toEqual(['if: no-effect-today', 'return: no-effect-today']);
  });

  test('on the host give their captures', () => {
    expect(
      location('if ($host ~ ^(\\w+)\\.example\\.com$) { return 301 https://$1.example.org/; }').routes[0],
    ).toMatchObject({
      headers: { response: { set: { location: 'https://shop.example.org/' } } },
    });
  });

  test('with headers inside make a variant', () => {
    const { routes } = location(
      'more_set_headers "X-A: 1"; if ($http_x_b = 1) { more_set_headers "X-A: 2"; }',
    );
    expect(routes.map(({ match, headers }) => [match, headers?.response?.set])).toEqual([
      [[{ headers: { 'x-b': { exact: '1' } } }], { 'x-a': '2' }],
      [undefined, { 'x-a': '1' }],
    ]);
  });

  test('on headers are few, as each doubles the routes', () => {
    const ifs = Array.from(
      { length: 40 },
      (_, index) => `if ($http_x_${index}) { more_set_headers "A: ${index}"; }`,
    );
    const { routes, statuses, codes } = location(ifs.join(' '));
    expect(routes).toHaveLength(16);
    expect(statuses.filter((status) => status === 'if: manual')).toHaveLength(36);
    expect(codes).toContain('snippet/several-ifs');
  });

  test('on X-Forwarded-Proto are told of, unless a proxy before the gateway is trusted', () => {
    const snippet = 'if ($http_x_forwarded_proto = "http") { return 301 https://$host$request_uri; }';
    expect(location(snippet).codes).toContain('snippet/forwarded-proto-of-gateway');
    const trusted = convertSnippets(ingressWith({ 'configuration-snippet': snippet }), {
      mesh: { pathNormalization: 'BASE', numTrustedProxies: 1 },
    });
    expect(trusted.codes).toEqual([]);
  });

  test.each([
    ['if ($geoip_country_code = XX) { return 403; }', ['if: closed', 'return: closed']],
    ['if ($invalid_referer) { return 403; }', ['if: closed', 'return: closed']],
    ['if ($remote_addr ~ "^10\\.") { return 403; }', ['if: closed', 'return: closed']],
    ['if ($geoip_country_code = XX) { return 302 /; }', ['if: manual', 'return: manual']],
    ['if (-f $request_filename) { break; }', ['if: manual', 'break: manual']],
    ['if ($arg_a) { proxy_set_header X-A 1; }', ['if: converted', 'proxy_set_header: invalid']],
    ['if ("$host" = a) { return 403; }', ['if: invalid', 'return: invalid']],
  ])('%s', (snippet, expected) => {
    expect(location(snippet).statuses).toEqual(expected);
  });
});

describe('access rules', () => {
  test.each<[string, object[] | undefined]>([
    ['deny 10.0.0.1; deny 10.1.0.0/16;', [{ source: { remoteIpBlocks: ['10.0.0.1', '10.1.0.0/16'] } }]],
    ['allow 10.0.0.0/8; deny all;', [{ source: { notRemoteIpBlocks: ['10.0.0.0/8'] } }]],
    [
      'allow 10.0.0.1; deny 10.0.0.0/8; allow all; deny 1.2.3.4;',
      [{ source: { remoteIpBlocks: ['10.0.0.0/8'], notRemoteIpBlocks: ['10.0.0.1'] } }],
    ],
    [
      'deny 10.0.0.1; allow 10.0.0.0/8; deny all;',
      [{ source: { remoteIpBlocks: ['10.0.0.1'] } }, { source: { notRemoteIpBlocks: ['10.0.0.0/8'] } }],
    ],
    ['deny all;', undefined],
    ['if ($remote_addr = 10.0.0.1) { return 403; }', [{ source: { remoteIpBlocks: ['10.0.0.1'] } }]],
  ])('%s', (snippet, from) => {
    const { policies } = location(snippet);
    expect(policies).toMatchObject([{ action: 'DENY' }]);
    expect((policies[0]!.rules as { from?: unknown }[])[0]?.from).toEqual(from);
  });

  test('methods that are kept away', () => {
    const { policies } = location('limit_except GET POST { deny all; }');
    expect(JSON.stringify(policies)).toContain('"notMethods":["GET","POST","HEAD"]');
  });

  test('rules of the server count where a location has none of its own', () => {
    const snippet = { 'server-snippet': 'deny 10.0.0.1;' };
    expect(convertSnippets(ingressWith(snippet)).policies).toHaveLength(1);
    const own = convertSnippets(ingressWith({ ...snippet, 'configuration-snippet': 'deny 10.0.0.2;' }));
    expect(JSON.stringify(own.policies)).toContain('10.0.0.2');
    expect(JSON.stringify(own.policies)).not.toContain('10.0.0.1');
  });

  test.each([
    'auth_basic "x";',
    'auth_request /auth;',
    'access_by_lua_block { ngx.exit(403) }',
    'limit_except GET { auth_basic "x"; }',
    'auth_something_new on;',
  ])('%s is closed, never open', (snippet) => {
    const { routes, claims, codes } = location(snippet);
    expect(routes).toMatchObject([{ directResponse: { status: 503 } }]);
    expect(claims).toMatchObject([{ status: 'closed' }]);
    expect(codes).toEqual(['snippet/closed']);
  });

  test('an address that is none is refused by nginx', () => {
    expect(location('deny 10.0.0.0/33;').statuses).toEqual(['deny: invalid']);
  });
});

describe('what nginx refuses', () => {
  test.each([
    'proxy_read_timeout 60;',
    'client_max_body_size 5m;',
    'proxy_buffering off;',
    'large_client_header_buffers 4 8k;',
    'map $a $b { default 1; }',
  ])('%s in a location', (snippet) => {
    const { statuses, codes } = location(snippet);
    expect(statuses[0]).toMatch(/: invalid$/);
    expect(codes).toEqual(['snippet/refused-by-nginx']);
  });

  test.each(['proxy_read_timeout 60;', 'client_max_body_size 5m;', 'proxy_set_header X-A 1;'])(
    '%s in a server does nothing',
    (snippet) => {
      expect(server(snippet).statuses[0]).toMatch(/: no-effect-today$/);
    },
  );

  test('text that is no configuration is carried over in no part', () => {
    const { routes, codes, claims } = location('add_header X-A 1;\n} location /x {');
    expect(routes).toMatchObject([{ name: 'root' }]);
    expect(routes[0]?.headers).toBeUndefined();
    expect(codes).toEqual(['snippet/syntax']);
    expect(claims).toMatchObject([{ status: 'invalid' }]);
  });

  test('but what it protects is closed', () => {
    expect(location('deny all').routes).toMatchObject([{ directResponse: { status: 503 } }]);
    expect(location('deny all').codes).toEqual(['snippet/syntax', 'snippet/syntax-closed']);
  });
});

describe('locations of a server snippet', () => {
  test('come before all others, in nginx’s order of choice', () => {
    const { routes } = server(
      'location /p { return 201; } location ~ \\.js$ { return 202; } location ^~ /s { return 203; } location = /e { return 204; }',
    );
    expect(routes.map(({ match, directResponse }) => [match?.[0]?.uri, directResponse?.status])).toEqual([
      [{ exact: '/e' }, 204],
      [{ prefix: '/s' }, 203],
      [{ regex: '.*\\.js' }, 202],
      [{ prefix: '/p' }, 201],
      [undefined, undefined],
    ]);
  });

  test('leave out what a location of an Ingress wins', () => {
    const { routes } = server('location /p { return 404; }', {}, ['/', '/p/q']);
    expect(routes[0]).toMatchObject({
      match: [
        { uri: { prefix: '/p' }, withoutHeaders: { ':path': { regex: '(?:/p/q|/p/q/[^?]*)(?:\\?.*)?' } } },
      ],
    });
  });

  test('have the headers of the server, added ones only without own', () => {
    const { routes } = server(
      'more_set_headers "X-S: 1"; add_header X-A 1 always; location = /a { return 204; } location = /b { add_header X-B 1; return 204; }',
    );
    expect(routes.map(({ headers }) => headers?.response)).toEqual([
      { set: { 'x-s': '1' }, add: { 'x-a': '1' } },
      { set: { 'x-s': '1' }, add: { 'x-b': '1' } },
      { set: { 'x-s': '1' }, add: { 'x-a': '1' } },
    ]);
  });

  test('answer 404 where they serve nothing', () => {
    const { routes, codes, statuses } = server('location ~* \\.(js|css)$ { expires 1y; }');
    expect(routes[0]).toMatchObject({
      match: [{ uri: { regex: '(?i:.*\\.(js|css))' } }],
      directResponse: { status: 404 },
    });
    expect(codes).toEqual(['snippet/location-without-backend']);
    expect(statuses).toEqual(['location: converted', 'expires: no-effect-today']);
  });

  test('answer 403 where they keep everybody away', () => {
    expect(server('location /x { deny all; }').routes[0]).toMatchObject({ directResponse: { status: 403 } });
  });

  test('that proxy are left to a person, and closed if they protect', () => {
    expect(server('location /m { proxy_pass http://x; }').statuses).toEqual([
      'location: manual',
      'proxy_pass: manual',
    ]);
    const guarded = server('location /m { allow 10.0.0.0/8; deny all; proxy_pass http://x; }');
    expect(guarded.routes[0]).toMatchObject({
      match: [{ uri: { prefix: '/m' } }],
      directResponse: { status: 503 },
    });
    expect(guarded.codes).toContain('snippet/closed');
  });

  test('that an Ingress has already are refused by nginx', () => {
    expect(server('location /api/ { return 404; }', {}, ['/', '/api']).statuses).toEqual([
      'location: invalid',
      'return: invalid',
    ]);
  });

  test('as plain prefixes are not reached where the host uses regular expressions', () => {
    const { statuses } = server('location /x { return 404; }', { 'use-regex': 'true' });
    expect(statuses).toEqual(['location: no-effect-today', 'return: no-effect-today']);
  });
});

describe('snippets that do nothing today', () => {
  test('because the controller does not allow them', () => {
    const { claims, statuses } = convertSnippets(
      ingressWith({ 'configuration-snippet': 'add_header A b;' }),
      { assumeSnippets: false },
    );
    expect(claims.every(({ status }) => status === 'no-effect-today')).toBe(true);
    expect(statuses.every((status) => status.endsWith('no-effect-today'))).toBe(true);
  });
});

test('nothing of a snippet is without an outcome', () => {
  const snippet =
    'a; b { c; d { e; } } if ($arg_x) { f; return 200; } location /x { g; } set $y 1; types { h i; }';
  for (const { statuses } of [location(snippet), server(snippet)])
    expect(statuses.map((status) => status.split(':')[0]).sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
      'g',
      'if',
      'location',
      'return',
      'set',
      'types',
    ]);
});

test('each finding can be told', () => {
  const { findings } = location(
    'add_header X-A 1; expires 1h; gzip on; auth_basic x; proxy_set_header Host a; return 444; unknown_thing on;',
  );
  for (const finding of findings)
    expect([messageOf(finding), remedyOf(finding)].join(' ').trim()).toMatch(/\.$/);
  expect(new Set(snippets.findings.map(({ code }) => code)).size).toBe(snippets.findings.length);
});
