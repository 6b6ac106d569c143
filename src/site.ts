/**
 * Where `npm run site` is published: set here, before the first release. Until then it's a name that nobody can own, so that no link of
 * a report leads to a stranger.
 */
export const siteBase = 'https://ingress2istio.example/';

/** The page of a finding's code, below the base. */
export function findingPage(code: string): string {
  return `reference/findings/${code}.html`;
}

/** The page of an annotation, by its name without prefix. */
export function annotationPage(name: string): string {
  return `reference/annotations/${name}.html`;
}

/** The page of a key of the controller's ConfigMap. */
export function optionPage(name: string): string {
  return `reference/configmap/${name}.html`;
}

/** The address of a page. */
export function addressOf(page: string): string {
  return `${siteBase}${page}`;
}
