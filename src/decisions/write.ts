import {
  choiceText,
  type Decision,
  type DecisionScope,
  decisionsSchema,
  sortDecisions,
} from '../domain/decision.ts';
import { toYaml } from '../emit/yaml.ts';
import { shorten, visible } from '../text/escape.ts';

const head = `# What people decided about the move from ingress-nginx to Istio; convert, report, and diff apply it.
# A decision whose fingerprints no longer fit the input is reported and not applied. Comments are rewritten at each save:
# your own words belong into why, note and about.
`;

/** The file's text: sorted, one comment a decision, and the same for the same decisions. */
export function writeDecisions(decisions: readonly Decision[]): string {
  const intro = `${head}schema: ${decisionsSchema}\n`;
  if (decisions.length === 0) return `${intro}decisions: []\n`;
  return `${intro}decisions:\n${sortDecisions(decisions).map(entryText).join('')}`;
}

/** One entry of the list, as it stands in the file. */
export function entryText(decision: Decision): string {
  const { annotation, finding } = decision;
  const subject = annotation?.slice(annotation.indexOf('/') + 1) ?? finding ?? '';
  const comment = shorten(visible(`${subject}: ${choiceText(decision.choice)}`), 110);
  // The list of one entry: what stands above and around it is cut off.
  const list = toYaml([{ decisions: [plain(decision)] }]).replace(/^---\ndecisions:\n/, '');
  return `  # ${comment}\n${list}`;
}

function plain(decision: Decision): object {
  const { annotation, finding, fingerprints, about, scope, choice, by, at, why } = decision;
  return {
    annotation,
    finding,
    fingerprints: fingerprints.length === 0 ? undefined : fingerprints,
    about: about === '' ? undefined : about,
    scope: plainScope(scope),
    choice: choice.kind,
    use: choice.use,
    value: choice.value,
    note: choice.note,
    owner: choice.owner,
    by,
    at,
    why: why === '' ? undefined : why,
  };
}

function plainScope(scope: DecisionScope): unknown {
  switch (scope.kind) {
    case 'everywhere':
      return 'everywhere';
    case 'namespace':
      return { namespace: scope.namespace };
    case 'ingress':
      return { ingress: scope.ingress };
    case 'group':
      return { group: scope.ingresses };
  }
}
