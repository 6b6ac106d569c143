import type { Conversion } from '../../conversion/conversion.ts';
import { toCommentedYaml } from '../../emit/yaml.ts';
import { type MigrationPlan, waveFileName, writtenHost } from '../migration-plan.ts';
import { alertingRules } from './alerts.ts';
import { dashboardOf } from './dashboard.ts';
import { recordingRules } from './recordings.ts';
import { telemetryText } from './telemetry.ts';
import { type WatchedHost, watchedHosts } from './watched-host.ts';

/** Below the directory of the tickets. */
export const watchDirectory = 'prometheus';

/** Paths of what watches a wave, below the directory of the tickets. */
export function watchPaths(wave: number): { readonly rules: string; readonly dashboard: string } {
  const path = `${watchDirectory}/${waveFileName(wave)}`;
  return { rules: `${path}.rules.yaml`, dashboard: `${path}.dashboard.json` };
}

/** Rules and a dashboard for each wave, and the label that they need: content by path below the directory. */
export function watchFiles({ waves }: MigrationPlan, conversion: Conversion): ReadonlyMap<string, string> {
  const watched = watchedHosts(conversion.model);
  return new Map([
    [`${watchDirectory}/telemetry.yaml`, telemetryText(conversion)],
    ...waves
      .filter(({ number, hosts }) => number > 0 && hosts.length > 0)
      .flatMap(({ number, hosts }): [string, string][] => {
        const paths = watchPaths(number);
        return [
          [paths.rules, rulesText(hosts.map(watched), number)],
          [paths.dashboard, `${JSON.stringify(dashboardOf(String(number)), undefined, 2)}\n`],
        ];
      }),
  ]);
}

/** A rule file of Prometheus. */
export function rulesText(hosts: readonly WatchedHost[], wave: number): string {
  const name = String(wave);
  const rules = [...recordingRules(hosts, name), ...alertingRules(name)];
  return toCommentedYaml([
    {
      object: { groups: [{ name: `ingress-move-wave-${name}`, rules }] },
      comment: introduction(hosts, name),
    },
  ]);
}

function introduction(hosts: readonly WatchedHost[], wave: string): string[] {
  const wildcards = hosts.filter(({ host }) => host.startsWith('*.'));
  return [
    `Wave ${wave} of the move: requests, errors, and durations by host, of ingress-nginx and of the Istio gateway, and alerts that compare`,
    'Istio with ingress-nginx of the week before. Needs telemetry.yaml at the gateway. Remove the file a week after the move.',
    ...(wildcards.length === 0
      ? []
      : [
          'ingress-nginx counts the requests of hosts with a wildcard only with --metrics-per-undefined-host (1.12 and newer).',
        ]),
    ...(hosts.some(({ host }) => host === writtenHost(''))
      ? [
          "ingress-nginx doesn't count the requests of the catch-all as such, so there is nothing to compare it with.",
        ]
      : []),
  ];
}
