import { describe, expect, it } from 'vitest';
import type { Renaming } from '../../src/redact/renaming.ts';
import { redactSnippet } from '../../src/redact/snippet.ts';
import { redactText, type TextKind } from '../../src/redact/text.ts';
import { redactImage } from '../../src/redact/workload.ts';

/** Every word is dots, every part of an address a 9, so that what stays is seen. */
const dots: Renaming = {
  word: (word) => '.'.repeat([...word].length),
  name: (name) => name,
  addressPart: (_, part) => '9'.repeat(part.length),
};

describe.each<[TextKind, readonly (readonly [string, string])[]]>([
  [
    'path',
    [
      ['/', '/'],
      ['/api/v2/', '/.../../'],
      ['/shop(/|$)(.*)', '/....(/|$)(.*)'],
      ['/u/[0-9a-f]{8,}/\\d+', '/./[0-9a-f]{8,}/\\d+'],
      ['/(?i)(?<part>x|y)%2Fz', '/(?i)(?<....>.|.)%2F.'],
      ['/[acme]+', '/[....]+'],
      ['/default/nginx', '/......./.....'],
      ['/größe', '/.....'],
      ['/.well-known/acme-challenge/x', '/.well-known/acme-challenge/.'],
      ['/.well-known/acme-challenges', '/.....-...../....-..........'],
    ],
  ],
  [
    'name',
    [
      ['default', 'default'],
      ['ingress-nginx-controller', 'ingress-nginx-controller'],
      ['my-nginx', '..-.....'],
      ['www.shop.example', 'www.....\u002e.......'],
      ['*.shop.example', '*.............'],
    ],
  ],
  [
    'value',
    [
      ['30s 1024k 10 1.5', '30s 1024k 10 1.5'],
      ['GET, PUT, PURGE', 'GET, PUT, .....'],
      ['X-Frame-Options: DENY', 'X-Frame-Options: DENY'],
      ['X-Tenant', '.-......'],
      ['text/html application/vnd.shop+json', 'text/html application/........+....'],
      ['http://auth.default.svc.cluster.local:8080/x', 'http://.....default.svc.cluster.local:8080/.'],
      ['gopher://x', '......://.'],
      ['$host $http_x_tenant $tenant ${arg_shop}', '$host $http_._...... $...... ${arg_....}'],
      ['$http_x_forwarded_for', '$http_x_forwarded_for'],
      ['203.0.113.7, 10.1.0.0/16, ::/0', '999.0.999.9, 10.9.0.0/16, ::/0'],
      ['0.0.0.0/0 192.168.0.0/24', '0.0.0.0/0 192.168.0.0/24'],
      ['jane@shop.example', '.................'],
      ['CN=jane', 'CN=....'],
      ['TLSv1.2 HTTP/1.1 ECDHE-RSA-AES128-GCM-SHA256', 'TLSv1.2 HTTP/1.1 ECDHE-RSA-AES128-GCM-SHA256'],
      ['shop/cookie', '..../......'],
    ],
  ],
])('%s', (kind, rows) => {
  it.each(rows)('%s', (text, expected) => {
    const hidden = redactText(text, kind, dots);
    // A word of dots beside a dot: only the number of them counts.
    expect(hidden.replaceAll('@', '.')).toBe(expected.replaceAll('@', '.'));
  });
});

it.each([
  ['set $tier gold;', 'set $.... ....;'],
  ['shop_filter on;', '...._...... on;'],
  ['auth_shop on;', 'auth_.... on;'],
  [
    'if ($host = a.shop.io) { return 301 https://b.shop.io$request_uri; }',
    'if ($host = .........) { return 301 https://.........$request_uri; }',
  ],
  ['# call jane\nproxy_buffering off;', '# .... ....\nproxy_buffering off;'],
])('snippet %s', (text, expected) => {
  expect(redactSnippet(text, dots)).toBe(expected);
});

it.each([
  [
    'registry.k8s.io/ingress-nginx/controller:v1.9.6@sha256:00ff',
    'registry.k8s.io/ingress-nginx/controller:v1.9.6@sha256:00ff',
  ],
  [
    'hub.shop.io:5000/ingress-nginx/controller:v1.9.6-jane',
    '...........:..../ingress-nginx/controller:v1.9.6',
  ],
  ['hub.shop.io/web:blue@sha256:00ff', '.........../...:....'],
])('image %s', (image, expected) => {
  expect(redactImage(image, dots)).toBe(expected);
});

it('a number of free text that is longer than any that decides', () => {
  expect(redactText('id 12345678, 404', 'words', dots)).toBe('.. ........, 404');
  expect(redactText('31536000', 'value', dots)).toBe('31536000');
});

it.each(['-', 'a-', 'a--', '[', 'a+', '.svc.a', 'a.', '_', '(?<a', '$', ':a', '1.', 'aé', '%2'])(
  'gets through a long text of %s',
  (part) => {
    const text = part.repeat(20_000);
    for (const kind of ['path', 'name', 'value', 'words'] as const)
      expect(redactText(text, kind, dots).length).toBeGreaterThan(0);
    expect(redactSnippet(text, dots).length).toBeGreaterThan(0);
  },
);
