import type { Conversion } from '../../conversion/conversion.ts';
import { levelWords, questionText } from '../../conversion/question-text.ts';
import type { Question } from '../../conversion/questions.ts';
import { count, number } from '../../text/count.ts';
import type { Unparsed, UnparsedReason } from '../log/chunk.ts';
import type { RequestClass } from '../log/request-classes.ts';
import type { LogVerification } from '../log/verification.ts';
import { tableOf, type VerifyDocument } from './document.ts';

const mostClasses = 25;
const mostUnexplained = 15;
const mostFindings = 20;
const mostUnasked = 20;

const reasons: Readonly<Record<UnparsedReason, string>> = {
  other: 'in another format',
  blank: 'blank',
  'too-long': 'longer than 64 KiB',
  binary: 'binary',
  'cut-off': 'cut off at the end of the file',
  controller: 'messages of the controller',
  'error-log': 'messages of the error log',
  stream: 'TCP and UDP sessions',
};

/** The report on a log, for people. */
export function logDocument(
  verification: LogVerification,
  questions: readonly Question[],
  conversion: Conversion,
): VerifyDocument {
  const { log, model, verdicts, undecided, classes } = verification;
  const differ = verdicts.declared + verdicts.closed + verdicts.undeclared;
  return {
    title: 'Your traffic, before and after the move to Istio',
    verdict: verdictOf(verification),
    bad: verdicts.undeclared > 0,
    facts: [
      ['Requests', number(log.requests)],
      ['Explained by the model', shareOf(model.explained, log.requests)],
      ['Same after the move', shareOf(verdicts.same, log.requests)],
      ['Different, and a finding declares it', shareOf(verdicts.declared, log.requests)],
      ['Blocked with 503 until you decide', shareOf(verdicts.closed, log.requests)],
      ['Different, and no finding declares it', shareOf(verdicts.undeclared, log.requests)],
      ['Lines that are no requests', unparsedText(log.unparsed)],
    ],
    notes: notesOf(verification),
    tables: [
      ...tableOf(
        {
          title: 'Requests that the model does not explain',
          intro:
            "Your controller answered these in a way that the input does not explain. Check that the input is complete and current: all namespaces, the controller's ConfigMap, and its flags.",
          head: ['Requests', 'Host', 'Request', 'Logged', 'Expected', 'Examples'],
          numbers: [0],
        },
        verification.unexplained,
        mostUnexplained,
        ({ requests, host, method, path, status, upstream, expected, examples }) => [
          number(requests),
          host,
          `${method || '(unreadable)'} ${path}`,
          upstream === '' ? String(status) : `${status} ${upstream}`,
          expected,
          examples.join(' '),
        ],
      ),
      ...tableOf(
        {
          title: 'What changes',
          intro: 'Classes of requests with a difference, those that no finding declares first.',
          head: ['Requests', 'Host', 'Request', 'Verdict', 'What differs', 'Finding', 'Example'],
          numbers: [0],
        },
        classes.filter(({ verdicts: own }) => own.declared + own.closed + own.undeclared > 0),
        mostClasses,
        (one) => [
          number(one.requests),
          `${one.scheme}://${one.host}`,
          `${one.method || '(unreadable)'} ${one.path}`,
          verdictText(one),
          one.fields.slice(0, 3).join(', '),
          one.findings.slice(0, 2).join(', '),
          one.example,
        ],
      ),
      ...tableOf(
        {
          title: 'Questions of the review, by requests',
          intro: 'Answer those first that touch most of your traffic.',
          head: ['Requests', 'Level', 'Question', 'Code'],
          numbers: [0],
        },
        questions.filter(({ requests = 0 }) => requests > 0),
        mostFindings,
        (question) => {
          const { sentence, code, subject } = questionText(question);
          const what = subject === '' ? sentence : subject;
          return [number(question.requests ?? 0), levelWords[question.level], what, code];
        },
      ),
      ...tableOf(
        {
          title: 'Most frequent requests that stay the same',
          intro: '',
          head: ['Requests', 'Host', 'Request'],
          numbers: [0],
        },
        classes
          .filter(({ verdicts: own, requests }) => own.same === requests)
          .sort((a, b) => b.requests - a.requests),
        10,
        ({ requests, scheme, host, method, path }) => [
          number(requests),
          `${scheme}://${host}`,
          `${method} ${path}`,
        ],
      ),
      ...tableOf(
        {
          title: 'Hosts and paths without requests',
          intro: differ === 0 ? '' : 'In the time of this log. They may not need to move.',
          head: ['Host', 'Path', 'Ingress'],
        },
        verification.unasked,
        mostUnasked,
        ({ server, path, owner }) => [
          server.host || '*',
          path,
          `${owner.ingress.ref.namespace}/${owner.ingress.ref.name}`,
        ],
      ),
    ],
  };
  function notesOf({ log: { files, coarse } }: LogVerification): string[] {
    return [
      ...files.flatMap(({ name, problem, lines }) =>
        problem === undefined
          ? []
          : [
              `${name} could not be read to its end (${problem}); ${count(lines, 'line')} of it were counted.`,
            ],
      ),
      ...(undecided.hosts > 0
        ? [
            `${count(undecided.hosts, 'request')} fit several hosts with different results, because the log names no host; each is counted for the likeliest one. Add $host to log-format-upstream to be certain.`,
          ]
        : []),
      ...(undecided.schemes > 0
        ? [
            `${count(undecided.schemes, 'request')} would have another result over ${conversion.model.servers.some(({ tls }) => tls !== undefined) ? 'the other of HTTP and HTTPS' : 'HTTPS'}, and the log names no scheme: hosts without a certificate are taken to be asked over HTTP, others over HTTPS. Add $scheme to log-format-upstream to be certain.`,
          ]
        : []),
      ...(coarse
        ? ['There are so many different paths that the rarest were folded into a few classes.']
        : []),
      'Verdicts are predictions from the line of the log: what depends on headers, bodies or cookies that it does not name is left out. Prove them with --from and --to.',
    ];
  }
}

function verdictOf({ log: { requests }, model, verdicts }: LogVerification): string {
  if (requests === 0) return 'The log has no requests in this format. Give its format with --log-format.';
  const explained = `The model explains ${percent(model.explained, requests)} of ${count(requests, 'request')}.`;
  const { declared, closed, undeclared } = verdicts;
  const differ = declared + closed + undeclared;
  if (differ === 0) return `${explained} None of them would be answered in another way.`;
  return `${explained} ${percent(verdicts.same, requests)} stay the same; ${number(undeclared)} would change without a finding that says so.`;
}

function verdictText({ verdicts, requests }: RequestClass): string {
  const some = Object.entries(verdicts).filter(([, amount]) => amount > 0);
  return some
    .map(([verdict, amount]) => (amount === requests ? verdict : `${verdict} ${number(amount)}`))
    .join(', ');
}

function unparsedText(unparsed: Unparsed): string {
  const all = Object.entries(unparsed) as [UnparsedReason, number][];
  if (all.length === 0) return '0';
  const sum = all.reduce((total, [, amount]) => total + amount, 0);
  const parts = all
    .sort(([, a], [, b]) => b - a)
    .map(([reason, amount]) => `${number(amount)} ${reasons[reason]}`);
  return `${number(sum)} (${parts.join(', ')})`;
}

function shareOf(part: number, whole: number): string {
  return `${number(part)} (${percent(part, whole)})`;
}

/** Never 100 % where something is missing. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const digits = part === whole || part === 0 ? 0 : 2;
  return `${(Math.floor((part / whole) * 10_000) / 100).toFixed(digits)} %`;
}
