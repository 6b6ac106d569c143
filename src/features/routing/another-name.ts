import { sharesCertificate } from '../../nginx/certificates.ts';
import type { Server } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Context } from '../feature.ts';
import { copyStep, credentialOf, makeStep } from '../tls/tls.ts';

/**
 * One more name for a host, an alias or the other of `x` and `www.x`: over HTTPS with the host's certificate where that covers
 * the name, else with the default certificate if there is one, as in nginx (nginx/certificates.ts).
 */
export function anotherName(name: string, server: Server, { cluster, options, model }: Context): Effect[] {
  if (server.tls?.certificate.kind !== 'secret' || sharesCertificate(server, name, cluster))
    return [{ kind: 'host', name, certificate: 'of-host' }];
  const credential = credentialOf(
    { ...server, tls: undefined },
    options,
    model.controller.flags.defaultSslCertificate,
  );
  if (credential === undefined) return [{ kind: 'host', name, certificate: undefined }];
  const steps = [
    ...(credential.copy === undefined ? [] : [copyStep(credential.copy, credential.name, server, options)]),
    ...(credential.made === true ? [makeStep(credential.name, server, options)] : []),
  ];
  return [
    { kind: 'host', name, certificate: { credentialName: credential.name } },
    ...steps.map((step): Effect => ({ kind: 'step', step })),
  ];
}

/** Whether a name is served over HTTPS. */
export function isSecure(effects: readonly Effect[]): boolean {
  return effects.some((effect) => effect.kind === 'host' && effect.certificate !== undefined);
}
