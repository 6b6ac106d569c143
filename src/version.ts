import manifest from '../package.json' with { type: 'json' };
import { measuredWith } from './measured.generated.ts';

/** Of the package, taken when it is built. */
export const version: string = manifest.version;

const { nginx, istio, envoy } = measuredWith;

/** What `--version` says: the version by itself in the first line, for scripts. */
export const versionText = `${version}
Measured with ingress-nginx ${nginx.join(', ')}
and Istio ${istio.join(', ')}, with Envoy ${envoy.join(', ')}`;
