import { locationVariables } from '../../nginx/location-variables.ts';
import type { Location } from '../../nginx/model.ts';
import type { VariableOptions } from '../../nginx/variables.ts';
import type { Context } from '../feature.ts';

/** What is known of nginx's variables in a location. */
export function variablesIn(
  location: Location,
  { options }: Context,
  use: VariableOptions['use'],
): VariableOptions {
  const { host, aliases } = location.server;
  const single = host !== '' && !host.startsWith('*') && aliases.length === 0;
  return {
    host: single ? host : undefined,
    constants: locationVariables(location),
    use,
    istioVersion: options.istioVersion,
  };
}
