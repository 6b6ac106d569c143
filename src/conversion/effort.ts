import type { Finding } from '../domain/findings.ts';
import type { Conversion } from './conversion.ts';
import { type Question, questionsOf } from './questions.ts';

/** What a migration asks of people; docs/effort.md is the rule of counting. */
export interface Effort {
  /** Annotations, directives, rules, paths, TLS entries, default backends, options and TCP services of the input. */
  readonly subjects: number;
  /** Subjects that are in no question, but for those of the whole gateway, which has a default. */
  readonly automatic: number;
  readonly decisions: readonly Question[];
  readonly work: readonly Question[];
  /** What the platform team decides once for all hosts. */
  readonly gateway: readonly Question[];
}

/** @param findings every finding of the conversion once, worst first */
export function effortOf(conversion: Conversion, findings: readonly Finding[]): Effort {
  const questions = questionsOf(conversion, findings);
  const requested = questions
    .filter(({ level }) => level !== 'gateway')
    .reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  return {
    subjects: conversion.outcomes.length,
    automatic: conversion.outcomes.length - requested,
    decisions: questions.filter(({ level }) => level === 'decision'),
    work: questions.filter(({ level }) => level === 'work'),
    gateway: questions.filter(({ level }) => level === 'gateway'),
  };
}
