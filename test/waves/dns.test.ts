import { describe, expect, it } from 'vitest';
import type { Ingress } from '../../src/read/cluster.ts';
import { dnsChanges } from '../../src/waves/dns.ts';
import { dnsTexts } from '../../src/waves/dns-text.ts';

const prefix = 'external-dns.alpha.kubernetes.io/';

function ingress(name: string, annotations: Readonly<Record<string, string>>): Ingress {
  return {
    ref: { kind: 'Ingress', namespace: 'shop', name },
    annotations: new Map(Object.entries(annotations)),
  } as unknown as Ingress;
}

function changes(hosts: Readonly<Record<string, Ingress>>, wave: readonly string[]) {
  return dnsChanges({
    hosts: wave,
    ingressesOf: (host) => [hosts[host]!],
    hostsOf: (name) => Object.keys(hosts).filter((host) => `shop/${hosts[host]!.ref.name}` === name),
    gatewaysOf: (host) => [`shop/${host.replaceAll('.', '-')}`],
  });
}

describe('the change of DNS', () => {
  it('is a list of records where nothing of the input manages them, with a word on wildcards', () => {
    const plain = ingress('web', {});
    const [text, ...rest] = dnsTexts(
      changes({ 'a.io': plain, '*.b.io': plain, '': plain }, ['', '*.b.io', 'a.io']),
    );
    expect(rest).toEqual([]);
    expect(text!.title).toBe('Change 2 DNS records where you manage them');
    expect(text!.commands).toEqual(['dig +noall +answer a.io', '# *.b.io -> $GATEWAY', '# a.io -> $GATEWAY']);
    expect(text!.back).toEqual(['# *.b.io -> $NGINX', '# a.io -> $NGINX']);
    expect(text!.notes.join(' ')).toContain('a wildcard record also moves');
  });

  it('has no line of its own for what a hostile host would add', () => {
    const host = 'a.io\nrm -rf /';
    const [text] = dnsTexts(changes({ [host]: ingress('web', {}) }, [host]));
    expect(text!.commands).toEqual(["dig +noall +answer 'a.io\\nrm -rf /'", '# a.io\\nrm -rf / -> $GATEWAY']);
    expect(text!.back).toEqual(['# a.io\\nrm -rf / -> $NGINX']);
  });

  it('sets the target of external-dns, and puts back what was there', () => {
    const [without] = dnsTexts(
      changes({ 'a.io': ingress('web', { [`${prefix}hostname`]: 'a.io' }) }, ['a.io']),
    );
    expect(without!.commands).toEqual([
      `kubectl annotate ingress -n shop web ${prefix}ttl=60  # a day ahead`,
      `kubectl annotate ingress -n shop web ${prefix}target="$GATEWAY" --overwrite`,
    ]);
    expect(without!.back).toEqual([`kubectl annotate ingress -n shop web ${prefix}target-`]);
    const own = ingress('web', { [`${prefix}target`]: 'old; rm -rf /', [`${prefix}ttl`]: '300' });
    const [text] = dnsTexts(changes({ 'a.io': own, 'b.io': own }, ['a.io']));
    expect(text!.back).toEqual([
      `kubectl annotate ingress -n shop web '${prefix}target=old; rm -rf /' --overwrite`,
    ]);
    expect(text!.notes.join(' ')).toContain('The Ingress also serves 1 host outside this wave (`b.io`)');
  });

  it('divides requests by weights where records have them', () => {
    const weighted = ingress('web', { [`${prefix}set-identifier`]: 'nginx', [`${prefix}aws-weight`]: '100' });
    const [text] = dnsTexts(changes({ 'a.io': weighted }, ['a.io']));
    const gateway = 'kubectl annotate gateways.networking.istio.io -n shop a-io';
    expect(text!.commands.slice(0, 3)).toEqual([
      '# 10 % to the gateway',
      `kubectl annotate ingress -n shop web ${prefix}aws-weight=90 --overwrite`,
      `${gateway} ${prefix}set-identifier=istio ${prefix}aws-weight=10 --overwrite`,
    ]);
    expect(text!.commands).toHaveLength(9);
    expect(text!.back).toEqual([
      `kubectl annotate ingress -n shop web ${prefix}aws-weight=100 --overwrite`,
      `${gateway} ${prefix}aws-weight=0 --overwrite`,
    ]);
  });

  it('takes an identifier without a weight for a record like any other', () => {
    const named = ingress('web', { [`${prefix}set-identifier`]: 'eu' });
    expect(changes({ 'a.io': named }, ['a.io']).map(({ kind }) => kind)).toEqual(['external-dns']);
  });
});
