import type { Mappings } from '../decode/mapping.ts';
import { suggest } from '../decode/suggest.ts';
import { type Mapping as Fields, isMapping } from '../read/fields.ts';
import type { Renaming } from './renaming.ts';
import { redactSnippet } from './snippet.ts';
import { redactText, redactWords } from './text.ts';

/** kubectl's copy of the object, in clear text; nothing reads it. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Annotations whose string is the name of an object. */
const objectNames = new Set(['default-backend', 'ingress.class', 'service-upstream-name']);

/** Domains whose keys everybody has. */
const publicDomain =
  /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|cert-manager\.io|certmanager\.k8s\.io|helm\.sh|istio\.io|argoproj\.io|fluxcd\.io|openshift\.io|amazonaws\.com|rancher\.io|cattle\.io)$/;

/** The prefix of annotations is a flag of ingress-nginx, so it may be anybody's. */
export function redactKey(key: string, mappings: Mappings | undefined, renaming: Renaming): string {
  const slash = key.lastIndexOf('/');
  if (slash < 0) return redactLabelName(key, renaming);
  const [domain, name] = [key.slice(0, slash), key.slice(slash + 1)];
  if (mappings?.find(name) !== undefined)
    return publicDomain.test(domain) ? key : `${redactText(domain, 'name', renaming)}/${name}`;
  if (!publicDomain.test(domain)) return redactText(key, 'path', renaming);
  if (domain !== 'nginx.ingress.kubernetes.io')
    return publicKey.test(key) ? key : `${domain}/${redactWords(name, renaming)}`;
  const { suggestions, note } = mappings === undefined ? nothing : suggest(name, mappings);
  return suggestions.length > 0 || note !== '' ? key : `${domain}/${redactWords(name, renaming)}`;
}

const nothing = { suggestions: [], note: '' };

/** Keys that mean something to Kubernetes, Helm, cert-manager, external-dns, Argo CD or Flux. */
const publicKey =
  /^(?:app\.kubernetes\.io\/(?:name|instance|version|component|part-of|managed-by)|(?:meta\.)?helm\.sh\/(?:chart|release-name(?:space)?|hook)|kubernetes\.io\/(?:ingress\.[a-z.-]+|tls-acme|metadata\.name)|ingressclass\.kubernetes\.io\/is-default-class|kubernetes\.io\/description|(?:acme\.)?(?:cert-manager|certmanager\.k8s)\.io\/[a-z0-9-]+|external-dns\.alpha\.kubernetes\.io\/[a-z0-9-]+|[a-z.]*istio\.io\/[a-z-]+|argocd\.argoproj\.io\/[a-z-]+|[a-z.]*fluxcd\.io\/[a-z-]+)$/;

const labelNames = new Set([
  'app',
  'istio',
  'k8s-app',
  'tier',
  'version',
  'component',
  'release',
  'name',
  'chart',
]);

function redactLabelName(name: string, renaming: Renaming): string {
  return labelNames.has(name) ? name : redactWords(name, renaming);
}

/** The annotations of an object, each value by what ingress-nginx reads in it. */
export function redactAnnotations(annotations: Fields, mappings: Mappings, renaming: Renaming): Fields {
  const entries = Object.entries(annotations).filter(([key]) => key !== lastApplied);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      redactKey(key, mappings, renaming),
      typeof value === 'string' ? redactValue(key, value, mappings, renaming) : hidden(value),
    ]),
  );
}

/** What is no string is refused by the reader, whatever is in it. */
function hidden(value: unknown): unknown {
  return isMapping(value) ? {} : Array.isArray(value) ? [] : value;
}

function redactValue(key: string, value: string, mappings: Mappings, renaming: Renaming): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (objectNames.has(name) || /issuer$/.test(name)) return redactName(value, renaming);
  const type = mappings.find(name)?.value.type;
  if (type === 'secret' || type === 'configmap') return redactName(value, renaming);
  if (type === 'snippet') return redactSnippet(value, renaming);
  const isExact = type !== undefined && exactTypes.has(type);
  return redactText(value, isExact ? 'value' : 'words', renaming);
}

/** Types whose numbers decide. */
const exactTypes: ReadonlySet<string> = new Set(['bool', 'int', 'seconds', 'size', 'enum', 'cidrs']);

/** `name`, or `namespace/name`. */
export function redactName(value: string, renaming: Renaming): string {
  return value
    .split('/')
    .map((part) => redactText(part, 'name', renaming))
    .join('/');
}
