import { controllersByIngress } from '../conversion/controllers.ts';
import { type FindingGroup, groupByCode, ingressOf, objectOf } from '../conversion/places.ts';
import { type Finding, remedyOf } from '../domain/findings.ts';
import { type Origin, positionOf } from '../domain/origin.ts';
import { jsonLine, longestText, shorten, visible } from '../text/escape.ts';
import { toldOf } from './decided.ts';
import { fingerprintOf, firstIngress } from './fingerprint.ts';
import type { Overview } from './overview.ts';

/**
 * The findings as SARIF 2.1.0, one result a line, for code scanning. Rule ids are the codes. GitHub shows nothing that has
 * no place, so what speaks of the platform as a whole points at the first Ingress.
 */
export function* sarifReport(overview: Overview, version: string): Generator<string> {
  const groups = groupByCode(overview.findings);
  const numbers = new Map(groups.map(({ code }, index) => [code, index]));
  const fallback = firstIngress(overview);
  yield `{\n"$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n"version": "2.1.0",\n"runs": [{\n`;
  yield `"columnKind": "utf16CodeUnits",\n"tool": {"driver": {"name": "ingress2istio", "version": ${jsonLine(version)}, "rules": [\n`;
  const names = controllersByIngress(overview.conversion);
  const controllersOf = (finding: Finding): object => {
    const controllers = names.get(ingressOf(finding) ?? '');
    return controllers === undefined ? {} : { properties: { controllers } };
  };
  yield* joined(groups.map(ruleOf));
  yield ']}},\n"results": [\n';
  yield* joined(overview.findings, (finding) => ({
    ...resultOf(finding, numbers.get(finding.type.code)!, fallback),
    ...controllersOf(finding),
  }));
  yield ']\n}]\n}\n';
}

function* joined<Item>(
  items: readonly Item[],
  line: (item: Item) => object = (item) => item as object,
): Generator<string> {
  for (const [index, item] of items.entries())
    yield jsonLine(line(item)) + (index < items.length - 1 ? ',\n' : '\n');
}

function ruleOf({ code, severity, summary, url }: FindingGroup): object {
  return {
    id: code,
    shortDescription: { text: summary },
    help: { text: summary },
    helpUri: encodeURI(url),
    defaultConfiguration: { level: severity },
  };
}

function resultOf(finding: Finding, ruleIndex: number, fallback: Origin | undefined): object {
  const { type, origin } = finding;
  const message = visible(toldOf(finding));
  const remedy = visible(remedyOf(finding));
  const place = origin ?? fallback;
  return {
    ruleId: type.code,
    ruleIndex,
    level: type.severity,
    message: { text: remedy === '' ? message : `${message}\n${remedy}` },
    ...(place === undefined ? {} : { locations: [locationOf(place)] }),
    partialFingerprints: { 'ingress2istio/v1': fingerprintOf(finding) },
  };
}

function locationOf(origin: Origin): object {
  const { file, line, column } = positionOf(origin);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: line, startColumn: column },
    },
    logicalLocations: [
      {
        name: shorten(origin.source.ref.name, longestText),
        fullyQualifiedName: shorten(objectOf(origin), longestText),
        kind: 'object',
      },
    ],
  };
}

/** A path as a URI: relative to where the tool ran, or `file:` for an absolute one. */
function uriOf(file: string): string {
  const parts = file
    .replace(/\p{Cs}/gu, '\ufffd')
    .replaceAll('\\', '/')
    .split('/')
    .map(encodeURIComponent);
  const [first = ''] = parts;
  if (first === '') return `file://${parts.join('/')}`;
  return /^[A-Za-z]%3A$/.test(first) ? `file:///${parts.join('/')}` : parts.join('/');
}
