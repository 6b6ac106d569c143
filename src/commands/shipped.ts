import { measuredWith } from '../measured.generated.ts';
import { manualPage } from '../usage/manual.ts';
import { commandLines } from './command-lines.ts';
import { completionScript } from './completion.ts';
import { describedProgram } from './described.ts';

/** Files that the build writes next to the program, so that the package and archives have them. */
export function shippedFiles(): Readonly<Record<string, string>> {
  return {
    'ingress2istio.1': manualPage(describedProgram(commandLines, []), dateOfManual()),
    'kubectl_complete-ingress2istio': completionScript('kubectl', commandLines),
  };
}

/** Two builds have the same bytes, so it isn't today: it's the day of the newest Istio that was measured. */
function dateOfManual(): string {
  const days = measuredWith.istio.flatMap((release) => release.match(/\d{4}-\d{2}-\d{2}/g) ?? []);
  const date = new Date(`${days.sort().at(-1)}T00:00:00Z`);
  return date.toLocaleDateString('en-US', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
}
