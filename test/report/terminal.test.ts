import { describe, expect, it } from 'vitest';
import { overviewOf } from '../../src/report/overview.ts';
import { terminalSummary } from '../../src/report/terminal.ts';
import { fakeConversion, fakeFinding, fakeIngress, fakeOutcome } from './fake.ts';

const plain = { width: undefined, colors: false };

const gateway = {
  question: 'Which spellings of a path choose the same route?',
  applied: 'None.',
  recommended: 'Merge.',
  flags: '--merge',
};

/** Of every kind more than is shown. */
const many = () => {
  const ingresses = Array.from({ length: 36 }, (_, index) => fakeIngress(`shop/i${index}`, index * 10));
  const long = 'A sentence that says what happens today, and what happens after the move.';
  return overviewOf(
    fakeConversion({
      ingresses,
      findings: ingresses.flatMap((at, index) => [
        fakeFinding('error', { code: `auth/e${index}`, at, message: long, remedy: long }),
        fakeFinding('warning', { code: `input/w${index}`, at, message: long, remedy: long }),
        fakeFinding('warning', { code: `platform/p${index % 6}`, gateway }),
      ]),
    }),
  );
};

describe('what convert says at the end', () => {
  it('has input, questions with places and answers, gateway decisions, then the verdict', () => {
    const at = fakeIngress('shop/web', 10);
    const overview = overviewOf(
      fakeConversion({
        ingresses: [at],
        findings: [
          fakeFinding('error', { code: 'auth/closed', at, remedy: 'Allow it.' }),
          fakeFinding('warning', { code: 'input/empty' }),
          fakeFinding('note', { code: 'platform/spelling', gateway }),
        ],
        outcomes: [fakeOutcome(at, 'converted')],
      }),
    );
    expect(terminalSummary(overview, plain)).toBe(
      [
        'Input',
        '  warning This is a warning. input/empty',
        '',
        'What is left',
        '  Blocked: A error for tests. auth/closed (1 Ingress), dump.yaml:10:3',
        '    → Allow it.',
        '',
        'Decisions for the whole gateway',
        '  Which spellings of a path choose the same route? platform/spelling',
        '',
        '1 Ingress: 0 ready, 1 blocked.',
        '1 of 1 setting converts automatically. 1 task and 1 decision remain. The report has 1 error, 1 warning, 1 note.',
        '',
      ].join('\n'),
    );
  });

  it('fits on a screen, whatever there is', () => {
    const lines = terminalSummary(many(), { width: 100, colors: true }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.join('\n')).toContain('and 31 more');
  });
});
