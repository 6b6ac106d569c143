import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import type { Feature } from '../feature.ts';

/**
 * The statuses of nginx for an upstream that fails: 504 where no connection comes about in time, 502 where it is refused,
 * broken off or nonsense. Envoy says 503 to all of them, as it does where there is no pod, which stays 503 in both
 * (nginx 1.27, ngx_http_upstream_next; scenarios retries, no-endpoints).
 */
export const upstreamErrors: Feature = {
  name: 'upstream-errors',
  findings: [],
  server: (_server, { options }) =>
    options.envoyFilters === 'allow' ? { ...nothing, effects: [statuses] } : nothing,
};

const statuses: Effect = {
  kind: 'connection-manager',
  purpose: 'upstream-errors',
  value: {
    local_reply_config: {
      mappers: [
        {
          filter: {
            and_filter: {
              filters: [
                { response_flag_filter: { flags: ['UF'] } },
                {
                  extension_filter: {
                    name: 'connection-timeout',
                    typed_config: {
                      '@type':
                        'type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter',
                      expression: "response.code_details.contains('connection_timeout')",
                    },
                  },
                },
              ],
            },
          },
          status_code: 504,
        },
        { filter: { response_flag_filter: { flags: ['UF', 'UC', 'UR', 'LR', 'UPE'] } }, status_code: 502 },
      ],
    },
  },
};
