import { findingType } from '../domain/findings.ts';

interface Args {
  readonly plural: string;
  /** '' for all namespaces. */
  readonly namespace: string;
  readonly without: string;
  readonly said: string;
}

const place = ({ namespace }: Args): string =>
  namespace === '' ? 'in all namespaces' : `in the namespace ${namespace}`;

const remedy = ({ plural, namespace }: Args): string =>
  namespace === ''
    ? `Get permission to list them (kubectl auth can-i list ${plural} -A), or read the namespaces that you may see (-n NAME).`
    : `Get permission to list them (kubectl auth can-i list ${plural} -n ${namespace}).`;

const message = (args: Args): string =>
  `You may not list ${args.plural} ${place(args)}, so ${args.without}. The cluster said: ${args.said}`;

export const forbiddenEssential = findingType<Args>({
  code: 'cluster/forbidden-essential',
  severity: 'error',
  fields: [],
  summary: "A kind that the conversion depends on couldn't be read from the cluster.",
  message,
  remedy,
  url: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access',
});

export const forbidden = findingType<Args>({
  code: 'cluster/forbidden',
  severity: 'warning',
  fields: [],
  summary: 'A kind could not be read from the cluster.',
  message,
  remedy,
  url: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access',
});

export const noIngressApi = findingType<object>({
  code: 'cluster/no-ingress-api',
  severity: 'error',
  fields: [],
  summary: 'The cluster has no API for Ingresses.',
  message: () => 'The cluster has no Ingress API, in any version.',
  remedy: () => 'Check that this is the cluster that is meant (kubectl config current-context).',
});
