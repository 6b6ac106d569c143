import type { HttpMatch, HttpRoute } from '../../../src/istio-api/types.ts';
import { conversion, istio, plain, route, service, toWeb, virtualService } from '../conversion.ts';
import type { Case } from './case.ts';

function routes(name: string, http: readonly HttpRoute[], ...found: readonly string[]): Case {
  return { name, given: conversion({ objects: [virtualService('shop/web', 'a.b', ...http)] }), found };
}

const prefix = (path: string): HttpMatch => ({ uri: { prefix: path } });
const exact = (path: string): HttpMatch => ({ uri: { exact: path } });
const regex = (text: string): HttpMatch => ({ uri: { regex: text } });
const hides = (hidden: string, by: string) =>
  `check/shadowed-route: In VirtualService shop/web nothing can reach ${hidden}: ${by} comes earlier`;

export const shadowedRouteCases: readonly Case[] = [
  routes('the longest paths first', [
    route('a', [exact('/a/b'), prefix('/a/b/')]),
    route('b', [exact('/a'), prefix('/a/')]),
    route('c', [prefix('/')]),
  ]),
  routes('conditions before none', [
    route('a', [{ ...prefix('/'), headers: { upgrade: { exact: 'websocket' } } }]),
    route('b', [{ ...prefix('/'), port: 80 }]),
    route('c', [{ ...prefix('/'), port: 443 }]),
    route('d', [prefix('/')]),
  ]),
  routes('a prefix that only looks like a parent', [
    route('a', [prefix('/a/')]),
    route('b', [exact('/a')]),
    route('c', [prefix('/ab')]),
  ]),
  routes('one match that is free', [route('a', [prefix('/a')]), route('b', [prefix('/a/b'), prefix('/c')])]),
  routes('a catch-all first', [route('a', undefined), route('b', [prefix('/b')])], hides('"b"', '"a"')),
  routes(
    'a regex for all first',
    [route('a', [regex('(?i)/.*')]), route('b', [regex('/b.*')])],
    hides('"b"', '"a"'),
  ),
  routes(
    'a prefix before a longer one',
    [route('a', [prefix('/a')]), route('b', [prefix('/a/b')]), route('c', [exact('/ab')])],
    hides('"b", "c"', '"a"'),
  ),
  routes(
    'the same path twice',
    [route('a', [exact('/a'), regex('/x')]), route('b', [exact('/a')]), route('c', [regex('/x')])],
    hides('"b", "c"', '"a"'),
  ),
  routes(
    'no condition before one',
    [route('a', [prefix('/a')]), route('b', [{ ...prefix('/a'), port: 80, method: { exact: 'GET' } }])],
    hides('"b"', '"a"'),
  ),
  routes(
    'a port before the same port with more',
    [
      route('a', [{ ...prefix('/'), port: 80 }]),
      route('b', [{ ...prefix('/a'), port: 80, headers: { x: {} } }]),
      route('c', [{ ...prefix('/a'), port: 443 }]),
    ],
    hides('"b"', '"a"'),
  ),
  routes(
    'many of them, told in short',
    [route('a', undefined), ...['b', 'c', 'd', 'e', 'f'].map((name) => route(name, [prefix(`/${name}`)]))],
    hides('"b", "c", "d" and 2 more', '"a"'),
  ),
];

export const routeNameCases: readonly Case[] = [
  routes('different names', [route('a', [exact('/a')]), route('b', [exact('/b')])]),
  routes(
    'one name twice',
    [route('a', [exact('/a')]), route('a', [exact('/b')])],
    'check/route-name-repeated: VirtualService shop/web has several routes called a;',
  ),
];

const rewrite = (match: string, to: string) => [
  route('r', [prefix('/')], { rewrite: { uriRegexRewrite: { match, rewrite: to } } }),
];
const matching = (text: string) => [route('r', [regex(text)])];
export const regexCases: readonly Case[] = [
  routes('what RE2 knows', [
    route('r', [
      regex('(?i)/api(/|$)(.*)'),
      {
        authority: regex('[^.]+\\.a\\.b(:[0-9]+)?').uri!,
        headers: { x: { regex: '(?P<n>a){1,1000}\\d' } },
        withoutHeaders: { y: { regex: '*' } },
      },
    ]),
  ]),
  routes('a rewrite to a group, and to a backslash', rewrite('^/a/(.*)$', '/\\1\\\\2')),
  routes(
    'look-ahead',
    matching('/(?!admin).*'),
    'check/regex-not-re2: Route r of VirtualService shop/web matches "/(?!admin).*", which Istio refuses: invalid or unsupported Perl syntax',
  ),
  routes(
    'a back-reference in a header',
    [route('r', [{ headers: { x: { regex: '(a)\\1' } } }])],
    'check/regex-not-re2',
  ),
  routes('an escaped letter that RE2 does not know', matching('/a\\Z'), 'check/regex-not-re2'),
  routes('an open bracket', matching('/[a'), 'check/regex-not-re2'),
  routes(
    'an origin',
    [route('r', undefined, { corsPolicy: { allowOrigins: [{ regex: 'https://a++' }] } })],
    'check/regex-not-re2',
  ),
  routes(
    '1025 characters',
    matching(`/${'a'.repeat(1024)}`),
    'check/regex-too-long: Route r of VirtualService shop/web matches "/aaa',
  ),
  routes('1024 bytes', matching(`/${'a'.repeat(1023)}`)),
  routes('more bytes than characters', matching(`/${'ä'.repeat(512)}`), 'check/regex-too-long'),
  routes('a huge program', matching(`/${'(?:[a-z]+x{30}){30}'.repeat(40)}`), 'check/regex-too-complex'),
  routes(
    'a group that is not there',
    rewrite('^/a/(.*)$', '/\\2'),
    'check/rewrite-group-missing: Route r of VirtualService shop/web rewrites "^/a/(.*)$" to "/\\\\2"',
  ),
  {
    name: 'an EnvoyFilter',
    given: conversion({
      objects: [
        istio(
          'EnvoyFilter',
          'istio-system/f',
          {
            workloadSelector: { labels: { istio: 'ingressgateway' } },
            configPatches: [
              {
                applyTo: 'HTTP_ROUTE',
                patch: { operation: 'MERGE', value: { match: [{ safe_regex: { regex: '(?=a)' } }] } },
              },
            ],
          },
          'networking.istio.io/v1alpha3',
        ),
      ],
    }),
    found: ['check/regex-not-re2: EnvoyFilter istio-system/f matches'],
  },
];

const sets = (value: string) => [route('r', undefined, { headers: { response: { set: { 'x-a': value } } } })];
export const headerValueCases: readonly Case[] = [
  routes('commands and doubled signs', [
    route('a', [exact('/a')], {
      headers: {
        request: {
          set: {
            a: '100%% %REQ(:path?x):10% %START_TIME(%Y-%m(%d))%',
            b: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
          },
        },
      },
    }),
  ]),
  routes(
    'one sign',
    sets('100%'),
    'check/header-format: Route r of VirtualService shop/web sets "x-a" to "100%"',
  ),
  routes('an escaped path', sets('/a%20b%2Fc'), 'check/header-format'),
  routes('text between two signs', sets('50% or 60% off'), 'check/header-format'),
  routes('three signs', sets('%%%'), 'check/header-format'),
  routes(
    'a destination',
    [route('r', undefined, { route: [{ ...toWeb[0]!, headers: { request: { add: { x: '%(' } } } }] })],
    'check/header-format',
  ),
];

const answer = (length: number): HttpRoute => ({
  name: 'r',
  directResponse: { status: 200, body: { string: 'ä'.repeat(length / 2) } },
});
export const directResponseCases: readonly Case[] = [
  routes('1 MiB', [answer(1024 * 1024)]),
  routes(
    'more than 1 MiB',
    [answer(1024 * 1024 + 2)],
    'check/body-too-large: Route r of VirtualService shop/web answers with a body of 1048578 bytes',
  ),
];

const to = (host: string, number = 80) =>
  route('r', undefined, { route: [{ destination: { host, port: { number } } }] });
export const destinationCases: readonly Case[] = [
  {
    name: 'Services, ServiceEntries of the output and of the input, and a Service without ports',
    given: conversion({
      services: [service('shop/web', 80), service('shop/headless')],
      istioObjects: [plain('ServiceEntry', 'shop/old', { hosts: ['old.example.org'] })],
      objects: [
        virtualService('shop/a', 'a.b', to('web.shop.svc.cluster.local')),
        virtualService('shop/b', 'b.b', to('api.example.org')),
        virtualService('shop/c', 'c.b', to('old.example.org')),
        virtualService('shop/d', 'd.b', to('web')),
        virtualService('shop/e', 'e.b', to('headless.shop.svc.cluster.local', 9000)),
        istio('ServiceEntry', 'shop/api', {
          hosts: ['api.example.org'],
          resolution: 'DNS',
          ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        }),
      ],
    }),
    found: [],
  },
  {
    name: 'what is missing, each once',
    given: conversion({
      objects: [
        virtualService('shop/a', 'a.b', to('gone.shop.svc.cluster.local'), {
          ...to('gone.shop.svc.cluster.local', 81),
          name: 's',
          match: [exact('/')],
        }),
        virtualService('shop/b', 'b.b', to('web.shop.svc.cluster.local', 81)),
        virtualService('shop/c', 'c.b', to('web.shop.svc.cluster.local', 81)),
        istio('VirtualService', 'shop/tcp', {
          hosts: ['*'],
          gateways: ['tcp'],
          tcp: [
            {
              match: [{ port: 5432 }],
              route: [{ destination: { host: 'db.shop.svc.cluster.local', port: { number: 5432 } } }],
            },
          ],
        }),
      ],
    }),
    found: [
      'check/service-missing: VirtualService shop/a sends requests to gone.shop.svc.cluster.local',
      'check/service-port-missing: VirtualService shop/b sends requests to port 81 of web.shop.svc.cluster.local',
      'check/service-missing: VirtualService shop/tcp sends requests to db.shop.svc.cluster.local',
      'check/shadowed-route',
    ],
  },
];

const request = (rewrite: HttpRoute['rewrite'], set: Record<string, string>) => [
  route('r', undefined, { ...(rewrite === undefined ? {} : { rewrite }), headers: { request: { set } } }),
];
export const authorityCases: readonly Case[] = [
  routes('a rewrite', request({ authority: 'web' }, { 'x-host': 'a' })),
  routes('a header', request({ uri: '/' }, { Host: 'web' })),
  routes(
    'a rewrite and a header',
    request({ authority: 'web' }, { host: 'a' }),
    'check/host-header-set-twice: Route r of VirtualService shop/web sets the Host header more than once ("web", "a")',
  ),
  routes(
    'two headers',
    request(undefined, { Host: 'web', ':authority': 'a' }),
    'check/host-header-set-twice',
  ),
];
