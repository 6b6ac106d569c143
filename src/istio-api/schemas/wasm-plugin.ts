import {
  anyText,
  closed,
  kindSchema,
  list,
  matching,
  oneOf,
  port,
  targetRefs,
  text,
  workloadSelector,
} from './shapes.ts';

const environment = closed({ name: text, value: anyText, valueFrom: oneOf('INLINE', 'HOST') }, ['name']);

export const wasmPlugin = kindSchema(
  'WasmPlugin',
  ['extensions.istio.io/v1alpha1'],
  closed(
    {
      selector: workloadSelector,
      targetRefs,
      url: matching(
        '^(?:(?:https?|file|oci)://)?[^\\s:/][^\\s]*$|^file:///[^\\s]+$',
        'an address of a module',
      ),
      sha256: matching('^[0-9a-f]{64}$', 'a SHA-256 in hexadecimal digits'),
      imagePullPolicy: oneOf('IfNotPresent', 'Always'),
      imagePullSecret: text,
      verificationKey: text,
      pluginConfig: { type: 'object' },
      pluginName: text,
      phase: oneOf('AUTHN', 'AUTHZ', 'STATS'),
      priority: { type: 'integer' },
      failStrategy: oneOf('FAIL_CLOSE', 'FAIL_OPEN'),
      vmConfig: closed({ env: list(environment) }),
      match: list(
        closed({
          mode: oneOf('CLIENT', 'SERVER', 'CLIENT_AND_SERVER'),
          ports: list(closed({ number: port }, ['number'])),
        }),
      ),
      type: oneOf('HTTP', 'NETWORK'),
    },
    ['url'],
    {
      not: { required: ['selector', 'targetRefs'] },
      description: 'an object with at most one of selector, targetRefs',
    },
  ),
);
