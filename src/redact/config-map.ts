import { controllerOptions } from '../decode/mappings.ts';
import type { Mapping as Fields } from '../read/fields.ts';
import { redactName } from './annotations.ts';
import type { Renaming } from './renaming.ts';
import { redactSnippet } from './snippet.ts';
import { redactText } from './text.ts';

const options: ReadonlySet<string> = new Set(controllerOptions().map(({ name }) => name));

/** Options of the controller whose value is the name of an object. */
const objectNames = new Set(['add-headers', 'proxy-set-headers', 'custom-headers']);

/** A ConfigMap of the controller, of headers, or of TCP services (`9000: shop/db:5432:PROXY`): its keys tell which. */
export function redactConfigMapData(data: Fields, renaming: Renaming): Fields {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      options.has(key) || /^\d+$/.test(key) ? key : redactText(key, 'value', renaming),
      typeof value === 'string' ? redactEntry(key, value, renaming) : value,
    ]),
  );
}

function redactEntry(key: string, value: string, renaming: Renaming): string {
  if (/^\d+$/.test(key)) return redactTcpService(value, renaming);
  if (objectNames.has(key)) return redactName(value, renaming);
  if (key.endsWith('-snippet')) return redactSnippet(value, renaming);
  return redactText(value, 'value', renaming);
}

function redactTcpService(value: string, renaming: Renaming): string {
  const [service = '', ...rest] = value.split(':');
  const parts = rest.map((part) => (/^(?:\d*|PROXY)$/.test(part) ? part : redactPort(part, renaming)));
  return [redactName(service, renaming), ...parts].join(':');
}

const protocol = /^(?:https?|http2|grpc|grpc-web|tcp|tls|udp|mongo|mysql|redis)(?=-|$)/;

/** The name of a port; Istio reads the protocol off its beginning. */
export function redactPort(name: string, renaming: Renaming): string {
  const kept = protocol.exec(name)?.[0] ?? '';
  return kept + redactText(name.slice(kept.length), 'path', renaming);
}
