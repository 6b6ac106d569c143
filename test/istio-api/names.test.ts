import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameOf, hostNamer, objectName } from '../../src/istio-api/names.ts';

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const anyHost = fc.oneof(
  fc.domain(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '*'), maxLength: 6 }),
);

describe('hostNamer', () => {
  it.each([
    ['shop.example.com', 'shop-example-com'],
    ['my-shop.example.com', 'my-shop-example-com'],
    ['*.example.com', 'wildcard-example-com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva-example'],
    ['', 'catch-all'],
    ['web', 'web'],
  ])('names %j %s', (host, name) => expect(hostNamer([host])(host)).toBe(name));

  it.each([
    ['Shop.example.com'],
    ['a_b.example.com'],
    [`${'long-'.repeat(20)}.example.com`],
    ['shop-1a2b3c4d'],
    ['../../etc/passwd'],
    ['*'.repeat(3)],
    ['\u001b[31m'],
  ])('adds a hash to %j', (host) => expect(hostNamer([host])(host)).toMatch(/^[a-z0-9-]+-[0-9a-f]{8}$/));

  it('tells hosts apart that read the same, whatever their order', () => {
    const hosts = ['a-b.c', 'a.b-c', 'x.y'];
    const names = hosts.map((host) => hostNamer(hosts)(host));
    expect(names[0]).toMatch(/^a-b-c-[0-9a-f]{8}$/);
    expect(names[1]).toMatch(/^a-b-c-[0-9a-f]{8}$/);
    expect(names[0]).not.toBe(names[1]);
    expect(names[2]).toBe('x-y');
    expect(hosts.map((host) => hostNamer(hosts.toReversed())(host))).toEqual(names);
  });

  it('keeps a purpose apart from a longer host', () => {
    const name = hostNamer(['a.b', 'a.b.deny']);
    expect(name('a.b.deny')).toBe('a-b-deny');
    expect(name('a.b', 'deny')).toMatch(/^a-b-deny-[0-9a-f]{8}$/);
    expect(name('a.b', 'ext-auth')).toBe('a-b-ext-auth');
  });

  it('gives every host and purpose a valid name of its own', () => {
    const purpose = fc.constantFrom('', 'a', 'b', 'a-b', 'deny', 'A', '/x', 'long-'.repeat(13));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(anyHost, purpose), { selector: (pair) => pair.join('\u0000') }),
        (pairs) => {
          const name = hostNamer(pairs.map(([host]) => host));
          const names = pairs.map(([host, text]) => (text === '' ? name(host) : name(host, text)));
          expect(new Set(names).size).toBe(names.length);
          for (const each of names) expect(each).toMatch(label);
        },
      ),
    );
  });
});

describe('nameOf', () => {
  it.each([
    [['shop', 'web-tls'], 'shop-web-tls'],
    [['web'], 'web'],
  ])('names %j %s', (parts, name) => expect(objectName(...parts)).toBe(name));

  it('keeps parts apart', () => {
    expect(objectName('a-b', 'c')).not.toBe(objectName('a', 'b-c'));
    expect(objectName('a.b')).not.toBe(objectName('a-b'));
    expect(objectName('team-a', 'tls')).toMatch(/^team-a-tls-[0-9a-f]{8}$/);
  });

  it('gives every pair a valid name of its own', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(anyHost, anyHost), { selector: (pair) => JSON.stringify(pair) }),
        (pairs) => {
          const names = pairs.map((pair) => objectName(...pair));
          expect(new Set(names).size).toBe(names.length);
          for (const each of names) expect(each).toMatch(label);
        },
      ),
    );
  });
});

describe('fileNameOf', () => {
  it.each([
    ['shop.example.com', 'shop.example.com'],
    ['*.example.com', 'wildcard.example.com'],
    ['', 'catch-all'],
  ])('names %j %s', (host, name) => expect(fileNameOf(host)).toBe(name));

  it.each([
    ['../../etc/passwd'],
    ['..'],
    ['.hidden'],
    ['a..b'],
    ['con'],
    ['nul.example.com'],
    ['catch-all'],
    ['kustomization'],
    ['wildcard.example.com'],
    ['Shop.example.com'],
    ['a/b'],
    ['a\\b'],
    ['c:x'],
    ['-rf'],
    ['a.'],
    ['a\u0000b'],
    ['x'.repeat(300)],
  ])('does not use %j as it stands', (host) =>
    expect(fileNameOf(host)).toMatch(/^host-[a-z0-9-]+-[0-9a-f]{16}$/),
  );

  it('gives every host a safe name of its own', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyHost), (hosts) => {
        const names = hosts.map(fileNameOf);
        expect(new Set(names).size).toBe(names.length);
        for (const each of names) expect(each).toMatch(/^[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9])){0,219}$/);
      }),
    );
  });
});
