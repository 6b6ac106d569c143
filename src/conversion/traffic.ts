import type { Effort } from './effort.ts';
import type { Question } from './questions.ts';

/** How many requests of a log each question touches, by its key. */
export type Traffic = ReadonlyMap<string, number>;

/** The same questions with their requests, those that touch most first. */
export function byTraffic({ work, decisions, gateway, ...effort }: Effort, traffic: Traffic): Effort {
  return {
    ...effort,
    work: sorted(work, traffic),
    decisions: sorted(decisions, traffic),
    gateway: sorted(gateway, traffic),
  };
}

function sorted(questions: readonly Question[], traffic: Traffic): Question[] {
  return questions
    .map((question) => ({ ...question, requests: traffic.get(question.key) ?? 0 }))
    .sort((a, b) => b.requests - a.requests);
}
