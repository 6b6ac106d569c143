import { createHash } from 'node:crypto';
import { type Finding, messageOf } from '../domain/findings.ts';
import { type Origin, originOf, qualifiedName } from '../domain/origin.ts';
import type { Overview } from './overview.ts';

/** Stays the same when lines move: what is told, of which object. */
export function fingerprintOf(finding: Finding): string {
  const { type, origin } = finding;
  const object = origin === undefined ? '' : `${origin.source.ref.kind} ${qualifiedName(origin.source.ref)}`;
  const parts = [type.code, object, (origin?.path ?? []).join('\0'), messageOf(finding)];
  return createHash('sha256').update(parts.join('\0\0')).digest('hex').slice(0, 32);
}

/** Where a tool that needs a place for everything is pointed to, for what is about the platform as a whole. */
export function firstIngress({ ingresses }: Overview): Origin | undefined {
  const first = ingresses[0]?.ingress.ingress.source;
  return first === undefined ? undefined : originOf(first);
}
