import { X509Certificate } from 'node:crypto';
import type { Renaming } from './renaming.ts';
import { redactHost } from './text.ts';

/**
 * A certificate for the redacted names of another: whether it fits its hosts decides the conversion. It has no key and no signature, so
 * nobody can use it. What is no certificate stays none.
 */
export function redactCertificate(pem: string, renaming: Renaming): string {
  if (pem === '') return '';
  try {
    const { subjectAltName, subject } = new X509Certificate(pem);
    const alternatives = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
    const common = (subject ?? '').split('\n').find((part) => part.startsWith('CN='));
    const rename = (name: string) => redactHost(name, renaming);
    return certificateOf(
      alternatives.map((name) => rename(name.slice('DNS:'.length))),
      rename(common?.slice('CN='.length) ?? ''),
    );
  } catch {
    return 'redacted: this was no certificate either\n';
  }
}

/** X.509 version 3 (RFC 5280) in DER, as far as readers look for names. */
function certificateOf(names: readonly string[], common: string): string {
  const algorithm = sequence(bytes(0x06, [0x2b, 0x65, 0x70]));
  const subject = sequence(
    bytes(0x31, sequence(bytes(0x06, [0x55, 0x04, 0x03]), bytes(0x0c, Buffer.from(common)))),
  );
  const alternatives = sequence(...names.map((name) => bytes(0x82, Buffer.from(name))));
  const extension = sequence(bytes(0x06, [0x55, 0x1d, 0x11]), bytes(0x04, alternatives));
  const content = sequence(
    bytes(0xa0, bytes(0x02, [2])),
    bytes(0x02, [1]),
    algorithm,
    subject,
    sequence(bytes(0x17, Buffer.from('000101000000Z')), bytes(0x17, Buffer.from('491231235959Z'))),
    subject,
    sequence(algorithm, bytes(0x03, Buffer.alloc(33))),
    ...(names.length === 0 ? [] : [bytes(0xa3, sequence(extension))]),
  );
  const der = sequence(content, algorithm, bytes(0x03, Buffer.alloc(65))).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${der.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return bytes(0x30, Buffer.concat(parts));
}

/** A tag, the length, and the content. */
function bytes(tag: number, content: Buffer | readonly number[]): Buffer {
  const body = Buffer.from(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(8, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x84]), length, body]);
}
