/** Ciphers that BoringSSL knows; Envoy refuses the whole cluster over one that it does not know. */
export const boringCiphers: ReadonlySet<string> = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
]);

/** What a Gateway takes as `cipherSuites` (istio.io/istio/pkg/config/security ValidCipherSuites, 1.32). */
export const gatewayCiphers: ReadonlySet<string> = new Set([...boringCiphers, 'DES-CBC3-SHA']);
