import { createHash } from 'node:crypto';
import { gatheredSteps } from './gathered.ts';
import { script, style } from './html/assets.generated.ts';
import { pageDetails, pageList, pageObjects } from './html/model.ts';
import { packed } from './html/packed.ts';
import { listSections, overviewSection, todoSection } from './html/page.ts';
import { htmlText as text } from './html/text.ts';
import type { Overview } from './overview.ts';

/**
 * The report as one page that needs nothing else: no network, no other script than its own, which the policy in its head
 * names by hash. Figures and steps are plain HTML; lists are unpacked when the page has opened, and each Ingress with its
 * objects when somebody opens it.
 */
export function* htmlReport(overview: Overview, version: string): Generator<string> {
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>From ingress-nginx to Istio</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#overview">To the content</a>
<header class="top"><div><nav aria-label="Parts of the report"><a href="#overview">Overview</a><a href="#left">What is left</a><a href="#gateway">Gateway</a><a href="#todo">Steps</a><a href="#findings">Findings</a><a href="#ingresses">Ingresses</a></nav><button type="button" id="theme">Dark</button></div></header>
<main id="overview">
`;
  yield overviewSection(overview);
  yield* todoSection(gatheredSteps(overview.steps));
  yield `${listSections}</main>
<footer>Written by ingress2istio ${text(version)}, from a dump of one moment. Marked lines under After name a host, path, Service or Secret of the Ingress.</footer>
`;
  yield packed('list', pageList(overview));
  let chunk = 0;
  for (const details of pageDetails(overview)) yield packed(`details-${chunk++}`, details);
  chunk = 0;
  for (const objects of pageObjects(overview)) yield packed(`objects-${chunk++}`, objects);
  yield `<script>${script}</script>\n</body>\n</html>\n`;
}

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
