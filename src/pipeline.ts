import { runChecks } from './checks/index.ts';
import type { Conversion } from './conversion/conversion.ts';
import { applyDecisions } from './decisions/apply.ts';
import { recordDecisions } from './decisions/record.ts';
import { withoutSkipped, withSkipped } from './decisions/skip.ts';
import { decodeAnnotations } from './decode/decode.ts';
import type { Mappings } from './decode/mapping.ts';
import { builtInMappings } from './decode/mappings.ts';
import type { Options } from './domain/options.ts';
import { convertServers } from './features/convert.ts';
import { features } from './features/index.ts';
import { platformFindings } from './features/platform.ts';
import { withDefaultCertificate } from './features/tls/default-certificate.ts';
import { assemble } from './istio/assemble.ts';
import { tcpObjects } from './istio/tcp.ts';
import { keepLedger } from './ledger/index.ts';
import { buildModel } from './nginx/build.ts';
import { readController } from './nginx/controller.ts';
import { lookupOf } from './nginx/lookup.ts';
import { settingsReader } from './nginx/settings.ts';
import type { Cluster, Ingress } from './read/cluster.ts';

/**
 * The whole way of an input. Everything here is pure: reading files and writing them is `commands/`' work.
 *
 *     texts ── read ──▶ Cluster                    objects, each value traceable to file:line:column
 *                          │ decode                annotations → typed values, invalid, unknown
 *                          │ decisions             values given, annotations and Ingresses left out by people
 *                          ▼
 *                   nginx ──▶ NginxModel           servers → locations, as the controller builds them today
 *                          │ features              location → effects + claims + findings
 *                          ▼
 *                   istio/assemble ──▶ objects     Gateway, VirtualService, policies … one set a host
 *                          │ checks                what crosses objects
 *                          ▼
 *                   ledger ──▶ Conversion          exactly one outcome for each subject of the input
 *                          │
 *                          │ decisions             who answered which finding; what does not fit any more
 *                          └──▶ emit · report · diff · review
 */
export function convert(
  cluster: Cluster,
  options: Options,
  mappings: Mappings = builtInMappings(),
): Conversion {
  // 1. What the controller was started with, and what each annotation says.
  const { controller, tcpServices, findings: controllerFindings } = readController(cluster, options);
  const decode = (ingress: Ingress) =>
    decodeAnnotations(ingress, mappings, controller.flags.annotationsPrefix);
  const decoded = new Map(cluster.ingresses.map((ingress) => [ingress, decode(ingress)]));
  const decided = applyDecisions(decoded, options, decode);
  const { annotations } = decided;

  // 2. What nginx does with it.
  const lookup = lookupOf(withoutSkipped(cluster, decided));
  const built = withSkipped(buildModel(lookup, annotations, controller, tcpServices), decided);

  // 3. What has to be done for it on Istio.
  const servers = new Map(built.model.servers.map((server) => [server.host, server]));
  const settings = settingsReader(controller, mappings);
  const effective = withDefaultCertificate(options, built.model, settings);
  const context = {
    cluster: lookup,
    model: built.model,
    servers,
    options: effective,
    settings,
  };
  const converted = convertServers(
    built.model,
    features,
    context,
    decided.any ? decided.optionsFor : undefined,
  );

  // 4. The objects.
  const assembly = assemble(converted, built.model, effective);
  const tcp = tcpObjects(built.model, options);
  const objects = [...assembly.objects, ...tcp.objects];

  // 5. Everything accounted for, and checked across objects.
  const { outcomes, findings } = keepLedger({
    cluster,
    annotations,
    built,
    converted,
    assembly,
    tcp,
    options,
    mappings,
  });
  const { decisions = [], ...choices } = options;
  const conversion: Conversion = {
    cluster,
    options: choices,
    model: built.model,
    objects,
    outcomes,
    findings: [...cluster.findings, ...controllerFindings, ...platformFindings(context), ...findings],
    steps: assembly.steps,
    secretCopies: assembly.steps.flatMap(({ secret }) => (secret === undefined ? [] : [secret])),
  };
  const checked = { ...conversion, findings: [...conversion.findings, ...runChecks(conversion, lookup)] };
  return recordDecisions(checked, decided, decisions);
}
