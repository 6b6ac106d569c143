import { deflateRawSync } from 'node:zlib';

/**
 * Data that the page unpacks when it needs it. The bulk of a large report (each Ingress and each object as YAML, each
 * message) is a tenth of its size this way, and the page opens before any of it is read. Base64 can hold no markup.
 */
export function packed(id: string, value: unknown): string {
  const bytes = deflateRawSync(JSON.stringify(value), { level: 4 });
  return `<script type="application/octet-stream" id="${id}">${bytes.toString('base64')}</script>\n`;
}
