import type { Mapping } from '../read/fields.ts';
import { isLabel, isObjectName } from '../read/names.ts';
import { ClusterError, kubectl } from './kubectl.ts';
import type { Listed, Question } from './list.ts';

/**
 * Names and types of Secrets. `kubectl get --raw` can ask for whole objects alone, so this is kubectl's table: the server
 * makes it (`Accept: application/json;as=Table`), and sends metadata and columns but no data. Of what kubectl prints we
 * take namespace, name and type, so that no value, and no annotation that may repeat one, ever reaches this process.
 */
export async function listSecrets(
  namespace: string | undefined,
  { access, signal }: Question,
): Promise<Listed> {
  const where = namespace === undefined ? '--all-namespaces' : `--namespace=${namespace}`;
  const args = ['get', 'secrets', where, '--no-headers', '--output=wide', '--chunk-size=500'];
  const ask = () => kubectl(args, access, signal);
  const first = await ask();
  const answer =
    !first.ok && (first.refusal === 'failed' || first.refusal === 'expired') ? await ask() : first;
  if (answer.ok) return { ok: true, items: rowsOf(answer.text, namespace) };
  if (answer.refusal === 'forbidden' || answer.refusal === 'not-found')
    return { ok: false, refusal: answer.refusal, said: answer.said };
  throw new ClusterError(
    `The cluster does not list Secrets as it should: ${answer.said}`,
    'Try kubectl get secrets; nothing was converted.',
  );
}

/** `NAMESPACE NAME TYPE DATA AGE`, without the first where one namespace was asked for. */
function rowsOf(table: string, namespace: string | undefined): Mapping[] {
  return table.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [inside = '', name = '', ...rest] = namespace === undefined ? words : [namespace, ...words];
    const type = rest.slice(0, -2).join(' ');
    if (!isLabel(inside) || !isObjectName(name) || rest.length < 3) return [];
    return [{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: inside }, type }];
  });
}
