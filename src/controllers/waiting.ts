import type { Outcome } from '../domain/outcome.ts';
import type { IngressState, TcpService } from '../nginx/model.ts';

/** What a share is in, of which nothing is made. */
export type Unserved = Exclude<IngressState, { readonly kind: 'served' }>;

/** Outcomes of TCP ports of a controller from which nothing takes over. */
export function unservedPorts(services: readonly TcpService[], state: Unserved): Outcome[] {
  return services.map(({ origin }) => ({
    subject: { kind: 'tcp-service', name: String(origin.path.at(-1)), value: '', origin },
    fidelity: undefined,
    targets: [],
    ...judgedBy(state),
  }));
}

/** Settings of a controller that waits for a gateway wait with it; what asks for nothing anyway stays so. */
export function withoutConversion(outcomes: readonly Outcome[], state: Unserved): Outcome[] {
  return outcomes.map((outcome) =>
    outcome.subject.kind === 'option' && outcome.status === 'converted'
      ? { ...outcome, fidelity: undefined, ...judgedBy(state) }
      : outcome,
  );
}

function judgedBy(state: Unserved): Pick<Outcome, 'status' | 'reason' | 'findings'> {
  return state.kind === 'waiting'
    ? { status: 'manual', reason: `${state.reason}.`, findings: [state.finding] }
    : { status: 'no-effect-today', reason: `${state.reason}.`, findings: [] };
}
