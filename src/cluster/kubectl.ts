import { spawn } from 'node:child_process';
import { KnownError, systemCode, systemReason } from '../domain/errors.ts';
import { shorten } from '../text/escape.ts';

/** Which cluster, in kubectl's own words; undefined: what kubectl would take by itself. */
export interface Access {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The cluster, or the way to it, does not work. */
export class ClusterError extends KnownError {}

/** What kubectl said instead of an answer. */
export type Refusal = 'forbidden' | 'not-found' | 'expired' | 'failed';

export type Answer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly refusal: Refusal; readonly said: string };

/** For one request, connecting included; kubectl's own flag. */
const requestTimeout = '60s';

/** Bytes of one answer; a page holds 500 objects of 3 MiB at the most, and never does. */
const longestAnswer = 400 * 1024 * 1024;

/**
 * Runs the user's own kubectl, so that every way of logging in works. No shell is between: the arguments reach kubectl
 * as they are, and none of them can be taken for an option.
 * @throws {ClusterError} kubectl is missing, the server cannot be reached, or does not know the user
 */
export async function kubectl(args: readonly string[], access: Access, signal: AbortSignal): Promise<Answer> {
  const flags = [
    `--request-timeout=${requestTimeout}`,
    ...(access.context === undefined ? [] : [`--context=${access.context}`]),
    ...(access.kubeconfig === undefined ? [] : [`--kubeconfig=${access.kubeconfig}`]),
  ];
  const { code, stdout, stderr } = await run([...args, ...flags], access, signal);
  if (code === 0) return { ok: true, text: stdout };
  const said = saidBy(stderr);
  for (const { pattern, message, wayOut } of hopeless) {
    if (pattern.test(said)) throw new ClusterError(message(said), wayOut);
  }
  return { ok: false, refusal: refusalOf(said), said };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], { env }: Access, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, {
      shell: false,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env },
      signal,
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= longestAnswer) stdout.push(chunk);
      else child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 64) stderr.push(chunk);
    });
    child.on('error', (error) => reject(signal.aborted ? error : notStarted(error)));
    child.on('close', (code) => {
      const tooLarge = size > longestAnswer;
      resolve({
        code: tooLarge ? 1 : code,
        stdout: tooLarge ? '' : Buffer.concat(stdout).toString('utf8'),
        stderr: tooLarge ? 'the answer is too large' : Buffer.concat(stderr).toString('utf8'),
      });
    });
  });
}

function notStarted(error: Error): ClusterError {
  const dump =
    'write the dump elsewhere (kubectl get ingress,ingressclass,service -A -o yaml) and convert that';
  return systemCode(error) === 'ENOENT'
    ? new ClusterError('kubectl was not found in PATH.', `Install kubectl, or ${dump}.`)
    : new ClusterError(`kubectl cannot be started: ${systemReason(error)}.`, `Fix that, or ${dump}.`);
}

/** The last lines without kubectl's log lines (`E1121 …`), which say the same five times. */
function saidBy(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[EWI]\d{4} /.test(line));
  return shorten(lines.slice(-3).join(' ') || 'kubectl failed without a word', 500);
}

interface Hopeless {
  readonly pattern: RegExp;
  message(said: string): string;
  readonly wayOut: string;
}

/** What no second request can mend (kubectl 1.20 to 1.34, k8s.io/kubectl/pkg/cmd/util/helpers.go). */
const hopeless: readonly Hopeless[] = [
  {
    pattern: /context "[^"]*" does not exist|context was not found|no context exists with the name/i,
    message: (said) => `kubectl has no such context: ${said}`,
    wayOut: 'See kubectl config get-contexts, and give one of them with --context.',
  },
  {
    pattern: /^error: (?:stat |error loading config|.*kubeconfig)|invalid configuration|CreateFile/i,
    message: (said) => `The kubeconfig cannot be used: ${said}`,
    wayOut: 'Give another one with --kubeconfig, or in the variable KUBECONFIG.',
  },
  {
    pattern: /Unauthorized|must be logged in|provide credentials|getting credentials|token (?:has )?expired/i,
    message: (said) => `The cluster can't authenticate you: ${said}`,
    wayOut: 'Log in again the way you do for kubectl; as soon as "kubectl get ingress" works, this does.',
  },
  {
    pattern:
      /connection to the server .* was refused|unable to connect to the server|dial tcp|no such host|TLS handshake|i\/o timeout|Client\.Timeout|context deadline exceeded|timed out|x509:/i,
    message: (said) => `The cluster cannot be reached: ${said}`,
    wayOut: 'Check the network or VPN and the context (kubectl config current-context, --context).',
  },
];

function refusalOf(said: string): Refusal {
  if (/\(Forbidden\)/.test(said)) return 'forbidden';
  if (/\(NotFound\)|could not find the requested resource|doesn't have a resource type/.test(said))
    return 'not-found';
  return /\(Expired\)|\(Gone\)/.test(said) ? 'expired' : 'failed';
}
