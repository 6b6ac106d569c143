import {
  conversion,
  gateway,
  http,
  https,
  istio,
  plain,
  route,
  secret,
  virtualService,
} from '../conversion.ts';
import type { Case } from './case.ts';

const curves = { ecdhCurves: ['X25519'] };

const fine = conversion({
  objects: [gateway('shop/web', http('a.example.com')), virtualService('shop/web', 'a.example.com')],
});
const https443 = (host: string) => ({ ...http(host), port: { number: 443, name: 'tcp', protocol: 'TCP' } });

export const schemaCases: readonly Case[] = [
  { name: 'a sound pair', given: fine, found: [] },
  {
    name: 'a code that Envoy does not redirect with',
    given: conversion({
      objects: [virtualService('shop/web', 'a.b', { name: 'r', redirect: { uri: '/', redirectCode: 304 } })],
    }),
    found: [
      'check/schema: VirtualService shop/web would be refused: spec.http[0].redirect.redirectCode must be a code that Envoy',
    ],
  },
  {
    name: 'a timeout under 1 ms and a name over 63 characters',
    given: conversion({
      objects: [virtualService(`shop/${'a'.repeat(64)}`, 'a.b', route('r', undefined, { timeout: '0s' }))],
    }),
    found: [
      'metadata.name must be a DNS label of at most 63 characters',
      'timeout must be a duration of at least 1ms',
    ],
  },
  {
    name: 'a header that Istio does not set',
    given: conversion({
      objects: [
        virtualService(
          'shop/web',
          'a.b',
          route('r', undefined, { headers: { request: { set: { ':path\u001b[0m': 'x' } } } }),
        ),
      ],
    }),
    found: ['check/schema'],
  },
  {
    name: 'a field that a later release brought',
    given: conversion({
      secrets: [secret('istio-system/a', ['a.b'])],
      objects: [
        gateway('shop/web', {
          ...https('a.b', 'a'),
          tls: { mode: 'SIMPLE', credentialName: 'a', ...curves },
        }),
      ],
    }),
    found: [
      'check/newer-field: Gateway shop/web has spec.servers[0].tls.ecdhCurves, which came with Istio 1.32',
    ],
  },
];

export const duplicateObjectCases: readonly Case[] = [
  { name: 'other kinds and namespaces', given: fine, found: [] },
  {
    name: 'two policies of one name',
    given: conversion({ objects: [gateway('shop/web', http('a.b')), gateway('shop/web', http('c.d'))] }),
    found: ['check/duplicate-object: The output has 2 objects called Gateway shop/web'],
  },
];

export const duplicateHostCases: readonly Case[] = [
  {
    name: 'a wildcard beside its hosts, and one host on two ports',
    given: conversion({
      objects: [
        gateway('shop/a', http('a.example.com')),
        gateway('shop/b', http('*.example.com')),
        gateway('shop/c', https443('a.example.com')),
        virtualService('shop/a', 'a.example.com'),
        virtualService('shop/b', '*.example.com'),
      ],
    }),
    found: [],
  },
  {
    name: 'two of each for one host, in capitals and with a namespace',
    given: conversion({
      objects: [
        gateway('shop/a', http('./a.example.com')),
        gateway('web/b', http('A.example.com')),
        virtualService('shop/a', 'a.example.com'),
        virtualService('web/b', 'A.example.com'),
      ],
    }),
    found: [
      'check/host-in-two-virtual-services: The VirtualServices shop/a, web/b all serve a.example.com',
      'check/host-in-two-gateways: The Gateways shop/a, web/b all serve a.example.com:80',
    ],
  },
];

export const existingObjectCases: readonly Case[] = [
  {
    name: 'the mesh, another host, and an earlier version of the output',
    given: conversion({
      objects: [gateway('shop/web', http('a.b')), virtualService('shop/web', 'a.b')],
      istioObjects: [
        plain('VirtualService', 'shop/mesh', { hosts: ['a.b'], http: [{}] }),
        plain('VirtualService', 'shop/other', { hosts: ['c.d'], gateways: ['public'], http: [{}] }),
        plain('VirtualService', 'shop/tls', { hosts: ['a.b'], gateways: ['public'], tls: [{}] }),
        plain('VirtualService', 'shop/web', { hosts: ['a.b'], gateways: ['web'], http: [{}] }),
        plain('Gateway', 'shop/https', { servers: [{ port: { number: 443 }, hosts: ['a.b'] }] }),
        plain('VirtualService', 'shop/odd', { hosts: 'a.b', gateways: [1], http: {} }),
      ],
    }),
    found: [],
  },
  {
    name: 'a host that others serve',
    given: conversion({
      objects: [gateway('shop/web', http('a.b')), virtualService('shop/web', 'a.b')],
      istioObjects: [
        plain('VirtualService', 'old/web', { hosts: ['A.b'], gateways: ['istio-system/public'], http: [{}] }),
        plain('Gateway', 'old/public', { servers: [{ port: { number: 80 }, hosts: ['old/a.b'] }] }),
      ],
    }),
    found: [
      'check/host-already-served: The VirtualService old/web of the input serves "a.b" as well',
      'check/host-on-existing-gateway: The Gateway old/public of the input serves "a.b:80" as well as shop/web',
    ],
  },
];

const rule = (name: string, host: string) =>
  istio('DestinationRule', name, { host, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } });
export const destinationRuleCases: readonly Case[] = [
  {
    name: 'one for each Service',
    given: conversion({
      objects: [rule('shop/a', 'a.shop.svc.cluster.local'), rule('shop/b', 'b.shop.svc.cluster.local')],
      istioObjects: [
        plain('DestinationRule', 'shop/c', { host: 'c' }),
        plain('DestinationRule', 'shop/odd', {}),
      ],
    }),
    found: [],
  },
  {
    name: 'two for one Service, by its short name',
    given: conversion({
      objects: [rule('shop/a', 'a.shop.svc.cluster.local'), rule('shop/b', 'a')],
      istioObjects: [plain('DestinationRule', 'shop/old', { host: 'a' })],
    }),
    found: [
      'check/two-destination-rules: The DestinationRules shop/a, shop/b are all for a.shop.svc.cluster.local',
      'check/destination-rule-exists: The DestinationRule shop/old of the input is for a.shop.svc.cluster.local, as shop/a is',
    ],
  },
];
