// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the filter’s spelling of nginx’s variables
import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../../src/domain/options.ts';
import {
  codesOf,
  convertYaml,
  type IngressText,
  input,
  messagesOf,
  objectsOf,
  parity,
  patchesOf,
  routesOf,
  statusOf,
} from '../convert.ts';

const url = 'http://auth.demo.svc.cluster.local/check';
const authService = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'auth', namespace: 'demo' },
  spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});

type Annotations = Readonly<Record<string, string>>;

function converted(
  annotations: Annotations,
  {
    options = parity,
    more = '',
    config = {},
    ...ingress
  }: Partial<IngressText> & {
    options?: typeof parity;
    more?: string;
    config?: Annotations;
  } = {},
) {
  const texts = [input([{ annotations, ...ingress }], config), authService, more];
  return convertYaml(texts.filter((text) => text !== '').join('\n---\n'), options);
}

/** The settings that the filter gets on the routes of a host. */
function settingsOf(conversion: ReturnType<typeof converted>): Record<string, unknown>[] {
  return patchesOf(conversion, '-external-auth').flatMap((patch) => {
    const {
      patch: { value },
    } = patch as {
      patch: {
        value: { typed_per_filter_config?: Record<string, { filter_context: Record<string, unknown> }> };
      };
    };
    const route = value.typed_per_filter_config?.['ingress2istio.external-auth'];
    return route === undefined ? [] : [route.filter_context];
  });
}

describe('with EnvoyFilters, a Lua filter asks', () => {
  it('brings the question to the routes of the location alone', () => {
    const conversion = converted({ 'auth-url': url, 'auth-response-headers': 'X-User, X-Group' });
    expect(settingsOf(conversion)[0]).toEqual({
      cluster: 'outbound|80||auth.demo.svc.cluster.local',
      method: 'GET',
      host: 'auth.demo.svc.cluster.local',
      path: '/check',
      headers: {
        'x-auth-request-redirect': '${request_uri}',
        'x-forwarded-for': '${remote_addr}',
        'x-original-method': '${request_method}',
        'x-original-url': '${scheme}://${http_host}${request_uri}',
        'x-real-ip': '${remote_addr}',
        'x-sent-from': 'nginx-ingress-controller',
      },
      take: ['x-user', 'x-group'],
    });
    expect(statusOf(conversion, 'auth-url')).toBe('converted');
    expect(conversion.steps.map(({ key }) => key)).toContain('external-auth');
    expect(codesOf(conversion)).toContain('platform/checked-without-endpoints');
  });

  it('puts the filter in once, on, for all routes', () => {
    const patches = patchesOf(converted({ 'auth-url': url }), 'ingress-external-auth') as {
      patch: { value: { name: string; disabled?: boolean } };
    }[];
    expect(patches.map(({ patch: { value } }) => [value.name, value.disabled])).toEqual([
      ['ingress2istio.external-auth', undefined],
    ]);
  });

  const questions: [why: string, annotations: Annotations, settings: object][] = [
    [
      'another method, which brings two headers',
      { 'auth-method': 'POST' },
      {
        method: 'POST',
        headers: { 'x-original-uri': '${request_uri}', 'x-scheme': '${pass_access_scheme}' },
      },
    ],
    [
      'the sign-in page with the address',
      { 'auth-signin': 'https://l.example.com/start' },
      {
        sign_in: 'https://l.example.com/start?rd=${pass_access_scheme}://${http_host}${escaped_request_uri}',
      },
    ],
    [
      'a sign-in page with a query',
      { 'auth-signin': 'https://l.example.com/start?x=1' },
      {
        sign_in:
          'https://l.example.com/start?x=1&rd=${pass_access_scheme}://${http_host}${escaped_request_uri}',
      },
    ],
    [
      'a sign-in page that has the parameter',
      { 'auth-signin': 'https://l.example.com/?rd=$escaped_request_uri' },
      { sign_in: 'https://l.example.com/?rd=${escaped_request_uri}' },
    ],
    [
      'another name of the parameter',
      { 'auth-signin': 'https://l.example.com/', 'auth-signin-redirect-param': 'to' },
      { sign_in: 'https://l.example.com/?to=${pass_access_scheme}://${http_host}${escaped_request_uri}' },
    ],
    ['cookies with every status', { 'auth-always-set-cookie': 'true' }, { always_set_cookie: true }],
    [
      'where to come back to',
      { 'auth-request-redirect': 'https://x.example.com/' },
      { headers: { 'x-auth-request-redirect': 'https://x.example.com/' } },
    ],
    [
      'headers, method and variables of a snippet',
      {
        'auth-snippet':
          'set $who me; proxy_set_header X-Who $who; proxy_method HEAD; proxy_pass_request_headers off; proxy_buffer_size 8k;',
      },
      { method: 'HEAD', client_headers: false, headers: { 'x-who': 'me' } },
    ],
    [
      'a variable that nothing sets in the question',
      { 'auth-snippet': 'auth_request_set $u $upstream_http_x_user;\nproxy_set_header X-User $u;' },
      { headers: { 'x-user': '' } },
    ],
    [
      'a URL without path, for which nginx names its own location',
      { 'auth-url': 'http://auth.demo.svc.cluster.local' },
      { path: '/_external-auth-Lw-Prefix' },
    ],
    [
      'a URL with a query alone',
      { 'auth-url': 'http://auth.demo.svc.cluster.local?code=200' },
      { path: '/?code=200' },
    ],
    [
      'TLS to a Service',
      { 'auth-url': 'https://auth.demo.svc.cluster.local/' },
      { cluster: 'outbound|443|auth-https|auth.demo.svc.cluster.local' },
    ],
    [
      'a short name of a Service',
      { 'auth-url': 'http://auth.demo.svc/' },
      { cluster: 'outbound|80||auth.demo.svc.cluster.local', host: 'auth.demo.svc' },
    ],
    [
      'a host outside the cluster',
      { 'auth-url': 'https://sso.example.net/verify' },
      { cluster: 'outbound|443|https|sso.example.net', host: 'sso.example.net' },
    ],
  ];
  it.each(questions)('asks with %s', (_, annotations, settings) => {
    expect(settingsOf(converted({ 'auth-url': url, ...annotations }))[0]).toMatchObject(settings);
  });

  it('makes hosts outside the cluster known, and verifies no certificate', () => {
    const conversion = converted({ 'auth-url': 'https://sso.example.net/verify' });
    expect(objectsOf(conversion, 'ServiceEntry').map(({ spec }) => spec)).toMatchObject([
      { hosts: ['sso.example.net'] },
    ]);
    expect(codesOf(conversion)).toContain('auth-external/unverified-certificate');
  });

  it('asks the Service behind the own host, and not the gateway itself', () => {
    const annotations = { 'auth-url': 'http://$host/oauth2/auth' };
    const texts = [
      input([
        { annotations, paths: ['/app'] },
        { name: 'oauth', paths: ['/oauth2'] },
      ]),
      authService,
    ];
    expect(settingsOf(convertYaml(texts.join('\n---\n'), parity))[0]).toMatchObject({
      cluster: 'outbound|80||web.demo.svc.cluster.local',
      host: '${host}',
      path: '/oauth2/auth',
    });
  });

  it('takes headers from a ConfigMap', () => {
    const map = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'h', namespace: 'demo' },
      data: { 'X-Path': '$request_uri' },
    });
    const annotations = { 'auth-url': url, 'auth-proxy-set-headers': 'demo/h' };
    expect(settingsOf(converted(annotations, { more: map }))[0]).toMatchObject({
      headers: { 'x-path': '${request_uri}' },
    });
  });

  it('protects the 404 of a host without a location for /', () => {
    const conversion = converted({ 'auth-url': url }, { paths: ['/app'] });
    const names = patchesOf(conversion, 'example-com-external-auth').map(
      (patch) =>
        (patch as { match: { routeConfiguration: { vhost: { route: { name: string } } } } }).match
          .routeConfiguration.vhost.route.name,
    );
    const notFound = routesOf(conversion).filter(({ directResponse }) => directResponse?.status === 404);
    expect(notFound.length).toBeGreaterThan(0);
    for (const { name } of notFound) expect(names).toContain(name);
  });

  it('tells what differs', () => {
    const annotations = {
      'auth-url': 'http://nobody.demo.svc.cluster.local/',
      'auth-cache-key': '$http_x',
      'auth-always-set-cookie': 'perhaps',
    };
    const conversion = converted(annotations);
    expect(codesOf(conversion)).toEqual(
      expect.arrayContaining([
        'auth-external/no-such-service',
        'auth-external/not-cached',
        'auth-external/protected-again',
      ]),
    );
    expect(statusOf(conversion, 'auth-cache-key')).toBe('not-needed');
  });

  it('tells that a missing password leads nowhere', () => {
    const secret = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'demo' },
      stringData: { auth: 'a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' },
    });
    const annotations = {
      'auth-url': url,
      'auth-signin': 'https://l.example.com/',
      'auth-type': 'basic',
      'auth-secret': 's',
    };
    expect(codesOf(converted(annotations, { more: secret }))).toContain(
      'auth-external/password-without-sign-in',
    );
  });
});

describe('what cannot be carried over is closed', () => {
  const cases: [reason: RegExp, annotations: Annotations, options?: typeof parity][] = [
    [/stable API/, {}, defaultOptions],
    [/needs Istio 1.27/, {}, { ...parity, istioVersion: '1.26' }],
    [/snippet contains "if/, { 'auth-snippet': 'if ($request_method = OPTIONS) { return 200; }' }],
    [/snippet contains "deny all;"/, { 'auth-snippet': 'deny all;' }],
    [
      /\$geoip in X-Auth-Request-Redirect/,
      { 'auth-snippet': 'proxy_set_header X-Auth-Request-Redirect $geoip;' },
    ],
    [/nobody can tell which host/, { 'auth-url': 'http://$arg_x/check' }],
    [/no scheme that HTTP knows/, { 'auth-url': 'ftp://auth.demo.svc.cluster.local/' }],
    [/itself has to be authenticated/, { 'auth-url': 'http://$host/check' }],
    [/password would do as well/, { satisfy: 'any', 'auth-type': 'basic', 'auth-secret': 's' }],
  ];
  const secret = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'demo' },
    stringData: { auth: 'a:b' },
  });
  it.each(cases)('%s', (reason, annotations, options = parity) => {
    const conversion = converted({ 'auth-url': url, ...annotations }, { options, more: secret });
    expect(messagesOf(conversion, 'auth-external/closed').join()).toMatch(reason);
    expect(statusOf(conversion, 'auth-url')).toBe('closed');
    expect(routesOf(conversion).every(({ route }) => route === undefined)).toBe(true);
  });

  it('gives every line of a snippet an outcome', () => {
    const snippet = 'proxy_set_header A b;\nproxy_read_timeout 3s;\nauth_request_set $x y;\nreturn 200;';
    const { outcomes } = converted({ 'auth-url': url, 'auth-snippet': snippet });
    const lines = outcomes.filter(({ subject }) => subject.kind === 'directive');
    expect(lines.map(({ subject, status }) => [subject.name, status])).toEqual([
      ['proxy_set_header', 'closed'],
      ['proxy_read_timeout', 'closed'],
      ['auth_request_set', 'closed'],
      ['return', 'closed'],
    ]);
  });
});

describe('with a named extension provider', () => {
  const options = { ...defaultOptions, extAuthProvider: 'sso' };

  it('writes a CUSTOM policy and the entry of MeshConfig', () => {
    const annotations = {
      'auth-url': url,
      'auth-response-headers': 'X-User',
      'auth-signin': 'https://l.example.com/',
    };
    const conversion = converted(annotations, { options });
    expect(objectsOf(conversion, 'AuthorizationPolicy').map(({ spec }) => spec)).toMatchObject([
      {
        action: 'CUSTOM',
        provider: { name: 'sso' },
        rules: [{ to: [{ operation: { hosts: ['a.example.com', 'a.example.com:*'] } }] }],
      },
    ]);
    const { extensionProviders } = objectsOf(conversion, 'MeshConfig')[0]!.spec as {
      extensionProviders: { envoyExtAuthzHttp: { includeRequestHeadersInCheck: string[] } }[];
    };
    expect(extensionProviders).toMatchObject([
      {
        name: 'sso',
        envoyExtAuthzHttp: {
          service: 'auth.demo.svc.cluster.local',
          port: 80,
          pathPrefix: '/check',
          statusOnError: '500',
          headersToUpstreamOnAllow: ['x-user'],
        },
      },
    ]);
    expect(extensionProviders[0]?.envoyExtAuthzHttp.includeRequestHeadersInCheck).not.toContain('*');
    expect(codesOf(conversion)).toEqual(
      expect.arrayContaining([
        'auth-external/headers-may-be-forged',
        'auth-external/no-sign-in-redirect',
        'auth-external/provider-differs',
      ]),
    );
    expect([statusOf(conversion, 'auth-url'), statusOf(conversion, 'auth-signin')]).toEqual([
      'converted',
      'opt-in',
    ]);
    expect(objectsOf(conversion, 'EnvoyFilter')).toEqual([]);
  });

  it('asks only those whom no address lets in', () => {
    const annotations = { 'auth-url': url, satisfy: 'any', 'allowlist-source-range': '10.0.0.0/8' };
    const policies = objectsOf(converted(annotations, { options }), 'AuthorizationPolicy');
    expect(policies.map(({ spec }) => spec)).toMatchObject([
      { action: 'CUSTOM', rules: [{ from: [{ source: { notIpBlocks: ['10.0.0.0/8'] } }] }] },
    ]);
  });

  it('closes locations that ask somebody else', () => {
    const other = { 'auth-url': 'http://auth.demo.svc.cluster.local/other' };
    const texts = [
      input([
        { annotations: { 'auth-url': url }, paths: ['/a', '/b'] },
        { name: 'other', host: 'b.example.com', annotations: other },
      ]),
      authService,
    ];
    const conversion = convertYaml(texts.join('\n---\n'), options);
    expect(messagesOf(conversion, 'auth-external/closed').join()).toMatch(/\/other.*one extension provider/);
    expect(routesOf(conversion, 'b.example.com').every(({ route }) => route === undefined)).toBe(true);
  });

  const refused: [reason: RegExp, annotations: Annotations][] = [
    [/TLS with a Service/, { 'auth-url': 'https://auth.demo.svc.cluster.local/' }],
    [/neither a query nor a variable/, { 'auth-url': 'http://auth.demo.svc.cluster.local/?a=b' }],
    [/must not have the headers/, { 'auth-snippet': 'proxy_pass_request_headers off;' }],
  ];
  it.each(refused)('closes what it cannot ask: %s', (reason, annotations) => {
    const conversion = converted({ 'auth-url': url, ...annotations }, { options });
    expect(messagesOf(conversion, 'auth-external/closed').join()).toMatch(reason);
  });
});

describe('the global authentication', () => {
  const config = {
    'global-auth-url': url,
    'global-auth-response-headers': 'X-User, bad header',
    'no-auth-locations': '/public, ',
  };

  it('acts where no Ingress opts out and no list spares the path', () => {
    const conversion = converted({}, { config, paths: ['/app', '/public'] });
    const asked = settingsOf(conversion);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked[0]).toMatchObject({ path: '/check', take: ['x-user'] });
    expect(settingsOf(converted({ 'enable-global-auth': 'false' }, { config }))).toEqual([]);
    expect(settingsOf(converted({}, { config, paths: ['/public/x'] })).length).toBeLessThan(asked.length);
  });

  it('stands behind auth-url', () => {
    const own = 'http://auth.demo.svc.cluster.local/own';
    expect(settingsOf(converted({ 'auth-url': own }, { config }))[0]).toMatchObject({ path: '/own' });
  });

  it('tells that a bad URL protects nothing', () => {
    const conversion = converted({}, { config: { 'global-auth-url': 'auth.demo' } });
    expect(codesOf(conversion)).toContain('auth-external/global-url-invalid');
    expect(settingsOf(conversion)).toEqual([]);
  });

  it('says what became of its keys', () => {
    const status = (options: typeof parity) =>
      converted({}, { config, options }).outcomes.find(({ subject }) => subject.name === 'global-auth-url')
        ?.status;
    expect([status(parity), status(defaultOptions)]).toEqual(['converted', 'opt-in']);
  });
});

describe('satisfy', () => {
  it('lets the filter look at what came of the list of addresses', () => {
    const annotations = { 'auth-url': url, satisfy: 'any', 'allowlist-source-range': '10.0.0.0/8' };
    const conversion = converted(annotations);
    expect(settingsOf(conversion)[0]).toMatchObject({ satisfy_any: true });
    expect(patchesOf(conversion, '-access').length).toBeGreaterThan(0);
    expect(JSON.stringify(patchesOf(conversion, 'a-example-com-access'))).toContain('shadow_rules');
    expect(statusOf(conversion, 'satisfy')).toBe('converted');
  });

  it('lets nobody in for not being on a list of refused addresses', () => {
    const annotations = { 'auth-url': url, satisfy: 'any', 'denylist-source-range': '10.0.0.0/8' };
    const conversion = converted(annotations);
    expect(settingsOf(conversion)[0]).not.toHaveProperty('satisfy_any');
    expect(patchesOf(conversion, 'a-example-com-access')).toEqual([]);
  });

  it.each([
    ['all', 'converted'],
    ['any', 'no-effect-today'],
  ])('%s with one protection', (value, status) => {
    expect(statusOf(converted({ 'auth-url': url, satisfy: value }), 'satisfy')).toBe(status);
  });
});
