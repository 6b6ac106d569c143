import type { ClientCertificates } from '../../../nginx/client-certificates.ts';
import type { Condition } from '../../../plan/answer-effect.ts';
import type { Effect } from '../../../plan/effect.ts';

/**
 * What the application hears of the certificate (template/nginx.tmpl, ssl-client-*), and nothing that a client could have
 * written itself. X-Forwarded-Client-Cert is Envoy's own: it takes away what comes over a connection without a certificate.
 */
export function headerEffects({ verify, passes }: ClientCertificates, exact: boolean): Effect[] {
  const names = [
    'ssl-client-verify',
    'ssl-client-subject-dn',
    'ssl-client-issuer-dn',
    ...(passes ? ['ssl-client-cert'] : []),
  ];
  const known = {
    'ssl-client-subject-dn': '%DOWNSTREAM_PEER_SUBJECT%',
    'ssl-client-issuer-dn': '%DOWNSTREAM_PEER_ISSUER%',
    ...(passes && { 'ssl-client-cert': '%DOWNSTREAM_PEER_CERT%' }),
  };
  const without = names.slice(1);
  const secure: Condition = { tls: true };
  const absent: Condition = { tls: true, withoutHeaders: { 'x-forwarded-client-cert': {} } };
  const effects: Effect[] = [
    { kind: 'forward', patch: { request: { remove: [...names, 'x-forwarded-client-cert'] } } },
    verify === 'off'
      ? forward('secure', secure, { set: { 'ssl-client-verify': 'NONE' } })
      : forward('secure', secure, { set: { 'ssl-client-verify': 'SUCCESS', ...known } }),
  ];
  if (verify === 'optional' || verify === 'optional_no_ca') {
    effects.push(
      forward('no-certificate', absent, { remove: without, set: { 'ssl-client-verify': 'NONE' } }),
    );
  }
  if (verify === 'optional_no_ca' && exact) {
    const present: Condition = { tls: true, headers: { 'x-forwarded-client-cert': {} } };
    effects.push(forward('unverified', present, { set: { 'ssl-client-verify': 'FAILED' } }), {
      kind: 'route-filter',
      purpose: 'client-certificates',
      on: 'forwarded',
      variant: 'unverified',
      value: { match: { tls_context: { presented: true, validated: false } } },
    });
  }
  return effects;
}

function forward(
  variant: string,
  when: Condition,
  request: { readonly set?: Readonly<Record<string, string>>; readonly remove?: readonly string[] },
): Effect {
  return { kind: 'forward', variant, when, patch: { request } };
}

const subjectFilter = 'ingress2istio.client-subject';
const rbac = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3';

/** `auth-tls-match-cn`: the subject is searched for the pattern, on every route of the host. The controller takes RE2 alone. */
export function subjectRules(pattern: string): Effect[] {
  const action = (name: string) => ({
    action: {
      name,
      typed_config: { '@type': 'type.googleapis.com/envoy.config.rbac.v3.Action', name, action: name },
    },
  });
  const input = {
    name: 'subject',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.matching.common_inputs.ssl.v3.SubjectInput',
    },
  };
  const value_match = { safe_regex: { google_re2: {}, regex: `(?s:.*(?:${pattern}).*)` } };
  const matcher = {
    matcher_list: {
      matchers: [{ predicate: { single_predicate: { input, value_match } }, on_match: action('ALLOW') }],
    },
    on_no_match: action('DENY'),
  };
  return [
    {
      kind: 'http-filter',
      purpose: 'client-subject',
      before: 'first',
      filter: { name: subjectFilter, disabled: true, typed_config: { '@type': `${rbac}.RBAC` } },
    },
    {
      kind: 'route-filter',
      purpose: 'client-subject',
      on: 'all',
      value: {
        typed_per_filter_config: { [subjectFilter]: { '@type': `${rbac}.RBACPerRoute`, rbac: { matcher } } },
      },
    },
    { kind: 'guard', key: `subject ${pattern}` },
  ];
}
