import { conversion, gateway, https, istio, plain, secret } from '../conversion.ts';
import type { Case } from './case.ts';

const one = (host: string, name: string) => [gateway('shop/web', https(host, name))];
const copyStep = {
  kind: 'copy-secret' as const,
  key: 'copy-secret shop/tls',
  title: 'Copy the Secret shop/tls to istio-system/shop-tls',
  commands: [],
  origins: [],
};

export const credentialCases: readonly Case[] = [
  {
    name: 'a Secret that stands there and covers the host',
    given: conversion({
      objects: one('a.example.com', 'tls'),
      secrets: [secret('istio-system/tls', ['*.EXAMPLE.com'])],
    }),
    found: [],
  },
  {
    name: 'a copy of the Secret that nginx uses',
    given: conversion({
      objects: one('./*.example.com', 'shop-tls'),
      certificates: { '*.example.com': 'shop/tls' },
      secrets: [secret('shop/tls', ['*.example.com'])],
    }),
    found: [],
  },
  {
    name: 'a Secret that is planned, or told with its host already',
    given: conversion({
      objects: [...one('a.b', 'shop-tls'), gateway('shop/b', https('c.d', 'other'))],
      steps: [copyStep],
      certificates: { 'c.d': 'shop/gone' },
    }),
    found: [],
  },
  {
    name: 'a Certificate of the output',
    given: conversion({
      objects: [
        ...one('a.b', 'web-tls'),
        istio(
          'Certificate',
          'istio-system/web',
          { secretName: 'web-tls', dnsNames: ['a.b'], issuerRef: { name: 'ca' } },
          'cert-manager.io/v1',
        ),
      ],
    }),
    found: [],
  },
  {
    name: 'a Secret that nobody brings, told once',
    given: conversion({
      objects: [...one('a.b', 'gone'), gateway('shop/b', https('c.d', 'gone'))],
      secrets: [secret('shop/gone', ['a.b'])],
    }),
    found: ['check/secret-missing: Gateway shop/web takes its certificate from the Secret istio-system/gone'],
  },
  {
    name: 'a certificate for other hosts',
    given: conversion({
      objects: one('a.b.example.com', 'tls'),
      secrets: [secret('istio-system/tls', ['*.example.com', 'b.example.com'])],
    }),
    found: [
      'check/certificate-not-for-host: Gateway shop/web shows the certificate of istio-system/tls for a.b.example.com, but it is made out to "*.example.com", "b.example.com"',
    ],
  },
  {
    name: 'a Secret without a certificate',
    given: conversion({
      objects: one('a.b', 'tls'),
      secrets: [secret('istio-system/tls', undefined, ['ca.crt'])],
    }),
    found: [
      'check/secret-without-certificate: Gateway shop/web takes its certificate from the Secret istio-system/tls, which has "ca.crt"',
    ],
  },
  {
    name: 'Secrets of which only metadata is known, told together',
    given: conversion({
      objects: [...one('a.b', 'x'), gateway('shop/b', https('c.d', 'y'))],
      secrets: [
        { ...secret('istio-system/x', undefined), keys: undefined },
        { ...secret('istio-system/y', undefined), keys: undefined },
      ],
    }),
    found: [
      'check/certificate-unread: The certificates in 2 Secrets (istio-system/x, istio-system/y) could not be read',
    ],
  },
];

const two = [gateway('shop/a', https('a.b', 'tls')), gateway('web/b', https('c.d', 'tls'))];
export const secretCollisionCases: readonly Case[] = [
  {
    name: 'one Secret for two hosts, and its copy of an earlier run',
    given: conversion({
      objects: two,
      certificates: { 'a.b': 'shop/tls', 'c.d': 'shop/tls' },
      secrets: [secret('shop/tls', ['a.b', 'c.d']), secret('istio-system/tls', ['c.d', 'a.b'])],
    }),
    found: [],
  },
  {
    name: 'two Secrets for one name',
    given: conversion({
      objects: two,
      certificates: { 'a.b': 'shop/tls', 'c.d': 'web/tls' },
      secrets: [secret('shop/tls', ['a.b']), secret('web/tls', ['c.d'])],
    }),
    found: [
      'check/secret-name-collision: The Secrets shop/tls, web/tls would all be copied to istio-system/tls',
    ],
  },
  {
    name: 'a Secret that is there already',
    given: conversion({
      objects: one('a.b', 'tls'),
      certificates: { 'a.b': 'shop/tls' },
      secrets: [secret('shop/tls', ['a.b']), secret('istio-system/tls', ['a.b', 'gateway.example.com'])],
    }),
    found: ['check/secret-overwritten: The Secret shop/tls would be copied to istio-system/tls'],
  },
];

const from = (...peers: readonly object[]) => ({
  podSelector: { matchLabels: { app: 'web' } },
  ingress: [{ from: peers }],
});
const namespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const policy = (name: string, spec: object) => plain('NetworkPolicy', name, spec);
const told =
  'check/network-policy: NetworkPolicy shop/web admits ingress-nginx, but not the namespace istio-system';
export const networkPolicyCases: readonly Case[] = [
  {
    name: 'policies that admit both, all, or neither',
    given: conversion({
      related: [
        policy('shop/both', from(namespace('ingress-nginx'), namespace('istio-system'))),
        policy(
          'shop/expression',
          from({
            namespaceSelector: {
              matchExpressions: [{ key: 'name', operator: 'In', values: ['ingress-nginx', 'istio-system'] }],
            },
          }),
        ),
        policy('shop/all', from({ namespaceSelector: {} })),
        policy('shop/open', { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }),
        policy('web/neither', from({ podSelector: {} }, namespace('monitoring'))),
        policy('web/egress', { ...from(namespace('ingress-nginx')), policyTypes: ['Egress'] }),
      ],
    }),
    found: [],
  },
  {
    name: 'one for all pods that admits the gateway',
    given: conversion({
      related: [
        policy('shop/web', from(namespace('ingress-nginx'))),
        policy('shop/istio', { podSelector: {}, ingress: [{ from: [namespace('istio-system')] }] }),
      ],
    }),
    found: [],
  },
  {
    name: 'ingress-nginx alone',
    given: conversion({ related: [policy('shop/web', from(namespace('ingress-nginx')))] }),
    found: [told],
  },
  {
    name: 'ingress-nginx by the labels of its Namespace',
    given: conversion({
      related: [
        plain('Namespace', '/ingress-nginx', {}, { team: 'edge' }),
        policy(
          'shop/web',
          from({ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } }),
        ),
      ],
    }),
    found: [told],
  },
  {
    name: 'all but the gateway',
    given: conversion({
      related: [
        policy(
          'shop/web',
          from({
            namespaceSelector: {
              matchExpressions: [{ key: 'name', operator: 'NotIn', values: ['istio-system'] }],
            },
          }),
        ),
      ],
    }),
    found: [told],
  },
];
