import type { Severity } from '../domain/findings.ts';
import { codeClimateReport } from './code-climate.ts';
import type { Format } from './formats.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { Overview } from './overview.ts';
import { sarifReport } from './sarif.ts';
import { textReport } from './text.ts';

/** What a report takes beside the overview; each format looks at what it needs. */
export interface ReportOptions {
  readonly version: string;
  /** From which severity on a case of JUnit fails. */
  readonly failOn: Severity | 'never';
  readonly ownerLabel?: string | undefined;
  readonly maxLength?: number | undefined;
  /** Of text: columns, undefined for no terminal. */
  readonly width?: number | undefined;
  readonly colors?: boolean;
}

type Reporter = (overview: Overview, options: ReportOptions) => Iterable<string>;

const reporters: Readonly<Record<Format, Reporter>> = {
  md: markdownReport,
  html: (overview, { version }) => htmlReport(overview, version),
  json: (overview, { version }) => jsonReport(overview, version),
  sarif: (overview, { version }) => sarifReport(overview, version),
  junit: (overview, { failOn }) => junitReport(overview, failOn),
  codeclimate: codeClimateReport,
  text: (overview, { width, colors = false }) => [textReport(overview, { width, colors, quiet: false })],
};

/** A report in pieces. */
export function renderReport(format: Format, overview: Overview, options: ReportOptions): Iterable<string> {
  return reporters[format](overview, options);
}
