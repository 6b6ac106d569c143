import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Echo } from './echo.ts';
import type { Tools } from './tools.ts';

/** Files of one gateway. */
export interface GatewayFiles {
  readonly istio: readonly string[];
  readonly kubernetes: readonly string[];
  readonly mesh?: string;
}

/** What became of a gateway that was asked for. */
export type Started =
  | {
      readonly kind: 'ready';
      readonly ports: Readonly<Record<string, number>>;
      readonly services: Readonly<Record<string, string>>;
      readonly dir: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[]; readonly warnings: readonly string[] };

/** The process in which istiod runs; many gateways may run at a time. */
export interface Gateways {
  /** Starts a gateway whose upstreams have addresses `127.<network>.k.j`. */
  start(id: string, files: GatewayFiles, network: number): Promise<Started>;
  stop(id: string): Promise<void>;
  close(): void;
}

/** A line that the gateway program prints; `gateway/README.md` has them all. */
interface GatewayEvent {
  readonly event: 'refused' | 'warning' | 'nack' | 'ready' | 'stopped' | 'failed';
  readonly id?: string;
  readonly object?: string;
  readonly type?: string;
  readonly message?: string;
  readonly ports?: Record<string, number>;
  readonly services?: Record<string, string>;
  readonly dir?: string;
}

export function startGateways(tools: Tools, echo: Echo): Gateways {
  const { plain, http2, tcp, tls } = echo.ports;
  const child = spawn(tools.gateway, ['-envoy', tools.envoy, '-echo', [plain, http2, tcp, tls].join(',')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const listeners = new Map<string, (event: GatewayEvent) => void>();
  let lastWords = '';
  child.stderr.on('data', (data) => {
    lastWords = `${lastWords}${data}`.slice(-2000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as GatewayEvent;
    listeners.get(event.id ?? '')?.(event);
  });
  child.stdin.on('error', () => {}); // told by 'exit'
  child.on('exit', (code) => {
    for (const [id, listener] of listeners) {
      listener({ event: 'failed', id, message: `the gateway program ended (${code}): ${lastWords}` });
    }
  });
  return {
    start: (id, files, network) =>
      new Promise((resolve) => {
        const reasons: string[] = [];
        const warnings: string[] = [];
        listeners.set(id, (event) => {
          if (event.event === 'warning') warnings.push(describe(event));
          else if (event.event === 'refused' || event.event === 'nack') reasons.push(describe(event));
          else if (event.event === 'ready') {
            resolve({
              kind: 'ready',
              ports: event.ports ?? {},
              services: event.services ?? {},
              dir: event.dir ?? '',
              warnings,
            });
          } else {
            listeners.delete(id);
            resolve({ kind: 'refused', reasons: [...reasons, event.message ?? event.event], warnings });
          }
        });
        request(child, { id, ...files, network });
      }),
    stop: (id) =>
      new Promise((resolve) => {
        if (!listeners.has(id)) {
          resolve();
          return;
        }
        listeners.set(id, (event) => {
          if (event.event !== 'stopped' && event.event !== 'failed') return;
          listeners.delete(id);
          resolve();
        });
        request(child, { id, stop: true });
      }),
    close: () => child.stdin.end(),
  };
}

function request(child: ChildProcessWithoutNullStreams, body: object): void {
  child.stdin.write(`${JSON.stringify(body)}\n`);
}

function describe({ object, type, message }: GatewayEvent): string {
  const text = [object, type, message].filter((part) => part !== undefined).join(': ');
  return text.replace(/\s*\n\s*/g, ' ');
}
