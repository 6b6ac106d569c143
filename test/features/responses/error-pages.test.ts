import { expect, test } from 'vitest';
import { codesOf, convertYaml, filters, patchesOf, routesOf, statusOf } from '../convert.ts';
import { type ClusterText, clusterYaml } from '../upstreams.ts';

const services = [{ name: 'web' }, { name: 'errs', port: 8080 }];

const web = (annotations: Record<string, string>, more: Partial<ClusterText> = {}) =>
  clusterYaml({ services, ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations }], ...more });

const scriptOf = (yaml: string, options = filters): string => {
  const patches = patchesOf(convertYaml(yaml, options), '-error-pages') as {
    match: { routeConfiguration?: object };
    patch: { value: object };
  }[];
  const own = patches.find(({ match }) => match.routeConfiguration !== undefined);
  return JSON.stringify(own?.patch.value ?? {});
};

const names = ['custom-http-errors', 'default-backend', 'disable-proxy-intercept-errors'];
const all = {
  'custom-http-errors': '404,503',
  'default-backend': 'errs',
  'disable-proxy-intercept-errors': 'true',
};

test('without EnvoyFilters error pages are told, and nothing is written', () => {
  const conversion = convertYaml(web(all));
  expect(codesOf(conversion)).toEqual(
    expect.arrayContaining(['error-pages/opt-in', 'error-pages/default-backend-opt-in']),
  );
  expect(names.map((name) => statusOf(conversion, name))).toEqual(['opt-in', 'opt-in', 'opt-in']);
  expect(patchesOf(conversion, 'error-pages')).toEqual([]);
});

test('with them a script asks the error backend', () => {
  const conversion = convertYaml(web(all), filters);
  expect(names.map((name) => statusOf(conversion, name))).toEqual(['converted', 'converted', 'converted']);
  expect(codesOf(conversion)).toContain('error-pages/request-body');
  const script = scriptOf(web(all));
  expect(script).toContain('outbound|8080||errs.demo.svc.cluster.local');
  expect(script).toContain('x-envoy-upstream-service-time\\") ~= nil then return end');
  expect(scriptOf(web({ 'custom-http-errors': '404', 'default-backend': 'errs' }))).not.toContain(
    'x-envoy-upstream-service-time',
  );
});

test('the default backend of the controller serves errors, too', () => {
  const options = { ...filters, controllerFlags: ['--default-backend-service=demo/errs'] };
  const annotated = web({ 'custom-http-errors': '418' });
  expect(scriptOf(annotated, options)).toContain('outbound|8080||errs.demo.svc.cluster.local');
  const global = web({ 'default-backend': 'web' }, { config: { 'custom-http-errors': '404,502' } });
  expect(scriptOf(global, options)).toContain('outbound|8080||errs');
});

test.each([
  ['404', '500'],
  ['502', '404'],
])("nginx's own backend, with %s in the ConfigMap, answers %s", (codes, status) => {
  const yaml = web({}, { config: { 'custom-http-errors': codes } });
  expect(scriptOf(yaml)).toContain(`[\\":status\\"] = \\"${status}\\"`);
  expect(codesOf(convertYaml(yaml))).toContain('error-pages/built-in-backend');
});

test('a Service that is not there is replaced by the default backend', () => {
  const yaml = web(
    {},
    {
      ingresses: [
        { name: 'web', to: [{ service: 'ghost', port: 81 }], annotations: { 'default-backend': 'errs' } },
      ],
    },
  );
  const conversion = convertYaml(yaml);
  const [route] = routesOf(conversion);
  expect(route?.route?.[0]?.destination).toEqual({
    host: 'errs.demo.svc.cluster.local',
    port: { number: 8080 },
  });
  expect(route?.headers?.request?.set).toMatchObject({
    'x-code': '503',
    'x-namespace': 'demo',
    'x-ingress-name': 'web',
    'x-service-name': 'ghost',
    'x-service-port': '81',
  });
  expect(codesOf(conversion)).toContain('error-pages/stand-in');
  expect(statusOf(conversion, 'default-backend')).toBe('converted');
});

test('a default backend that does not exist is ignored', () => {
  const conversion = convertYaml(web({ 'default-backend': 'ghost' }), filters);
  expect(statusOf(conversion, 'default-backend')).toBe('no-effect-today');
  expect(patchesOf(conversion, 'error-pages')).toEqual([]);
});
