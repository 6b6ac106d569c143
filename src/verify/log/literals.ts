import type { Conversion } from '../../conversion/conversion.ts';
import { type Literals, literalsOf } from './shape.ts';

/** What rules of nginx's model name in paths; the objects' paths come from these. */
export function literalsOfModel({ model }: Conversion): Literals {
  return literalsOf(
    model.servers.flatMap(({ locations }) => [
      '/.well-known/acme-challenge',
      ...locations.flatMap(({ path, matches }) => [path, ...matches.map((match) => match.path)]),
    ]),
  );
}
