import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { istioReader } from '../../src/diff/istio-routes.ts';
import { nginxReader } from '../../src/diff/nginx-routes.ts';
import type { RouteRequest } from '../../src/diff/route.ts';
import { routesDiff, routeTables } from '../../src/diff/routes-view.ts';
import { convertText, shopDump } from './dump.ts';

const conversion = convertText(shopDump);
const nginx = nginxReader(conversion.model, conversion.cluster);
const istio = istioReader(
  conversion.objects.map(({ object }) => object),
  conversion.options,
);

const ask = (host: string, path: string, more: Partial<RouteRequest> = {}): RouteRequest => ({
  host,
  path,
  tls: false,
  method: 'GET',
  headers: {},
  ...more,
});

describe('both readers', () => {
  it.each<[RouteRequest, string]>([
    [ask('shop.example.com', '/x'), '308 https://shop.example.com/x'],
    [ask('shop.example.com', '/', { tls: true }), 'shop/beta:80 20 %, shop/web:80 80 %'],
    [ask('shop.example.com', '/', { tls: true, headers: { 'x-beta': 'always' } }), 'shop/beta:80'],
    [ask('shop.example.com', '/', { tls: true, headers: { 'x-beta': 'never' } }), 'shop/web:80'],
    [ask('api.example.com', '/V1/users'), 'shop/api:80'],
    [ask('api.example.com', '/v2'), '404'],
    [
      ask('api.example.com', '/v1', { method: 'OPTIONS', headers: { origin: 'https://app.example.com' } }),
      '204',
    ],
    [ask('nobody.example.com', '/'), '404'],
  ])('say the same of %j', (request, expected) => {
    for (const reader of [nginx, istio]) {
      const { answer, backend } = reader.route(request);
      expect(answer || backend).toBe(expected);
    }
  });

  it('write rewrites, address lists and CORS in one form', () => {
    const secure = ask('shop.example.com', '/', { tls: true });
    const api = ask('api.example.com', '/v1/users', { headers: { origin: 'https://app.example.com' } });
    for (const reader of [nginx, istio]) {
      expect(reader.route(secure).policy).toBe('allow 10.0.0.0/8');
      expect(reader.route(api).rewrite).toBe('path /users');
      expect(reader.route(api).cors).toBe('origin https://app.example.com, credentials');
    }
  });
});

describe('the routes view', () => {
  it('shows what is known to differ, and nothing else', () => {
    const rows = routeTables(conversion).flatMap(({ rows: all }) =>
      all.filter(({ differs }) => differs.length > 0),
    );
    // Over plain HTTP nginx redirects everybody; a trailing slash stays.
    expect(new Set(rows.map(({ schemes }) => schemes.join()))).toEqual(new Set(['http']));
    expect(
      rows.every(({ left, right }) => left.answer.startsWith('308') && right.answer.startsWith('308')),
    ).toBe(true);
    const api = routesDiff(conversion, true).sections.find(({ title }) => title === 'api.example.com');
    expect(api?.lines.filter(({ side }) => side !== 'both')).toEqual([]);
    expect(api?.lines.map(({ text }) => text).join('\n')).toContain(
      '/v1/* http → shop/api:80; rewrite path /*',
    );
  });

  it('says it is all the same where it is', () => {
    const plain = convertText(
      shopDump.slice(0, shopDump.indexOf('- apiVersion: networking')) +
        shopDump.slice(
          shopDump.indexOf('- apiVersion: networking.k8s.io/v1\n  kind: Ingress\n  metadata:\n    name: api'),
        ),
    );
    expect(routesDiff(plain, false)).toMatchObject({ different: false, sections: [] });
  });

  const before = differences(conversion);

  it.each<[string, string, string]>([
    ['another backend', 'web.shop.svc.cluster.local', 'api.shop.svc.cluster.local'],
    ['another share', '"weight":20', '"weight":30'],
    ['another rewrite', '"rewrite":"/\\\\2"', '"rewrite":"/x/\\\\2"'],
    ['another status', '"redirectCode":308', '"redirectCode":307'],
    ['a pattern that matches less', '(?i)/v1', '/v1'],
    ['another header', '"exact":"always"', '"exact":"yes"'],
    ['another address list', '10.0.0.0/8', '10.0.0.0/9'],
    ['a host that is left out', '"api.example.com"', '"other.example.com"'],
    ['another origin', 'app\\\\.example', 'evil\\\\.example'],
    ['another header value', 'max-age=31536000', 'max-age=1'],
  ])('shows a defect of the converter: %s', (_name, text, other) => {
    const json = JSON.stringify(conversion.objects);
    expect(json).toContain(text);
    const spoiled = { ...conversion, objects: JSON.parse(json.replaceAll(text, other)) };
    expect(differences(spoiled)).not.toEqual(before);
  });
});

function differences(of: Conversion): string[] {
  return routesDiff(of, false).sections.flatMap(({ lines }) =>
    lines.map(({ side, text }) => `${side} ${text}`),
  );
}
