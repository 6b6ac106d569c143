import type { Server } from '../../nginx/model.ts';
import { headerNames } from '../../plan/header-names.ts';
import type { Context } from '../feature.ts';
import { snippets } from '../snippets/index.ts';
import { headersOfServer } from './global-headers.ts';

/** Names of response headers that nginx sets outside of a server's locations: answers of other locations carry them, too. */
export function headersOutside(server: Server, context: Context): string[] {
  return headerNames([...headersOfServer(server, context), ...snippets.server!(server, context).effects]);
}
