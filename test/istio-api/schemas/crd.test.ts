import { expect, test } from 'vitest';
import { newerFieldsOf } from '../../../src/istio-api/schemas/crd.ts';
import { valid } from './objects.ts';

const spec = (subset: object) => ({ host: 'a', subsets: [{ name: 's', trafficPolicy: subset }] });
const cookie = { name: 'route', ttl: '0s', attributes: [{ name: 'Secure' }] };
const hashed = spec({ loadBalancer: { consistentHash: { httpCookie: cookie } } });

test.each<[string, object, string, { path: string; since: string }[]]>([
  [
    'a field of 1.28 for 1.27',
    hashed,
    '1.27',
    [
      {
        path: 'spec.subsets[0].trafficPolicy.loadBalancer.consistentHash.httpCookie.attributes',
        since: '1.28',
      },
    ],
  ],
  ['a field of 1.28 for 1.28', hashed, '1.28', []],
  [
    'a field of 1.32, with what is in it, once',
    spec({ loadBalancer: { backendUtilization: { weightUpdatePeriod: '1s' } } }),
    '1.31',
    [{ path: 'spec.subsets[0].trafficPolicy.loadBalancer.backendUtilization', since: '1.32' }],
  ],
  ['a release of two digits', spec({ loadBalancer: { backendUtilization: {} } }), '1.100', []],
])('%s', (_, given, release, newer) => {
  expect(newerFieldsOf(release)('DestinationRule', given)).toEqual(newer);
});

test('what the schemas take in full is older than the oldest supported release', () => {
  const newer = Object.values(valid).flatMap((object) =>
    'spec' in object ? newerFieldsOf('1.30')(object.kind, object.spec) : [],
  );
  expect(newer).toEqual([]);
});
