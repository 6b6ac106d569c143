import { nothing } from '../../plan/result.ts';
import type { Feature } from '../feature.ts';
import { connectionEffects, connectionFindings, trustedProxiesTold } from './connection.ts';
import { customHeaders } from './custom-headers.ts';
import { forwardedHeaders, forwardedHost } from './forwarded.ts';
import { globalHeaders, globalVariable, headersOfServer, sentTwice } from './global-headers.ts';
import { strictTransportSecurity } from './strict-transport.ts';
import { hostVariable, upstreamVhost } from './upstream-vhost.ts';

/** Request and response headers: nginx's own, those of the controller's ConfigMaps, custom-headers and upstream-vhost. */
export const headers: Feature = {
  name: 'headers',
  findings: [hostVariable, globalVariable, sentTwice, trustedProxiesTold],
  server(server, context) {
    const headers = headersOfServer(server, context);
    if (context.model.servers[0] !== server)
      return headers.length === 0 ? nothing : { effects: headers, claims: [], findings: [] };
    return {
      effects: [...headers, ...connectionEffects(context)],
      claims: [],
      findings: connectionFindings(context),
    };
  },
  location(location, context) {
    const { settings } = context;
    const global = globalHeaders(location, context);
    const custom = customHeaders(location, context);
    const vhost = upstreamVhost(location, context);
    return {
      effects: [
        ...forwardedHeaders(location, context),
        ...forwardedHost(location, context),
        ...global.effects,
        ...strictTransportSecurity(settings),
        ...vhost.effects,
        ...custom.effects,
      ],
      claims: [...custom.claims, ...vhost.claims],
      findings: [...global.findings, ...vhost.findings, ...custom.findings],
    };
  },
};
