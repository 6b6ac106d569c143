import { runChecks, runChecksAcross } from './checks/index.ts';
import { joinConversions } from './controllers/join.ts';
import { divide, type Share } from './controllers/shares.ts';
import { unservedPorts, withoutConversion } from './controllers/waiting.ts';
import type { Conversion } from './conversion/conversion.ts';
import { applyDecisions, type Decided } from './decisions/apply.ts';
import { joinDecided } from './decisions/join.ts';
import { recordDecisions } from './decisions/record.ts';
import { withoutSkipped, withSkipped } from './decisions/skip.ts';
import { decodeAnnotations } from './decode/decode.ts';
import type { Mappings } from './decode/mapping.ts';
import { builtInMappings, mappingsIn } from './decode/mappings.ts';
import type { GivenOptions, Options } from './domain/options.ts';
import { type ObjectRef, qualifiedName } from './domain/origin.ts';
import { withExtras } from './extras/index.ts';
import { convertServers } from './features/convert.ts';
import { features } from './features/index.ts';
import { platformFindings } from './features/platform.ts';
import { withDefaultCertificate } from './features/tls/default-certificate.ts';
import { assemble } from './istio/assemble.ts';
import { withIstioVersion } from './istio/release.ts';
import { tcpObjects } from './istio/tcp.ts';
import { keepLedger } from './ledger/index.ts';
import { buildModel } from './nginx/build.ts';
import { readController } from './nginx/controller.ts';
import { type Lookup, lookupOf } from './nginx/lookup.ts';
import { settingsReader } from './nginx/settings.ts';
import { refusedRelease, withoutServing, withUnserved } from './nginx/unserved.ts';
import type { Cluster, Ingress } from './read/cluster.ts';

/**
 * The whole way of an input. Everything here is pure: reading files and writing them is `commands/`' work.
 *
 *     texts ── read ──▶ Cluster                    objects, each value traceable to file:line:column
 *                          │ controllers           where the input has several: one share each, put together at the end
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
 *                          │ extras                what Istio adds, beside the objects, where asked for
 *                          │
 *                          │ decisions             who answered which finding; what does not fit any more
 *                          └──▶ emit · report · diff · review
 */
export function convert(
  cluster: Cluster,
  given: GivenOptions,
  mappings: Mappings = builtInMappings(),
): Conversion {
  const { options, findings } = withIstioVersion(given, cluster);
  const conversion = convertAll(cluster, options, mappings);
  return findings.length === 0
    ? conversion
    : { ...conversion, findings: [...findings, ...conversion.findings] };
}

function convertAll(cluster: Cluster, options: Options, mappings: Mappings): Conversion {
  const { decisions = [] } = options;
  const division = divide(cluster, options);
  if (division.shares === undefined) {
    const whole = { cluster: division.cluster, options, unserved: undefined };
    const { conversion, decided, lookup } = convertShare(whole, mappings);
    const checked = withChecks(withExtras(conversion, mappings), lookup);
    return recordDecisions(checked, decided, decisions);
  }
  const made = division.shares.map((share) => ({ share, ...convertShare(share, mappings) }));
  const written = made.map(({ conversion }) => namesOf(conversion));
  const parts = made.map(({ share, conversion, lookup }, index) => {
    const others = written.filter((_, other) => other !== index);
    return { share, conversion: withChecks(conversion, lookup, others) };
  });
  const joined = withExtras(joinConversions(cluster, division, parts), mappings);
  const checked = { ...joined, findings: [...joined.findings, ...runChecksAcross(joined)] };
  return recordDecisions(checked, joinDecided(made.map(({ decided }) => decided)), decisions);
}

/** What is converted by itself: a whole input, or one controller's share of it. */
type Convertible = Pick<Share, 'cluster' | 'options' | 'unserved'>;

interface Converting {
  /** Without what the checks say of it. */
  readonly conversion: Conversion;
  readonly decided: Decided;
  readonly lookup: Lookup;
}

function convertShare({ cluster, options, unserved: without }: Convertible, known: Mappings): Converting {
  // 1. What the controller was started with, and what each annotation says.
  const { controller, tcpServices, findings: controllerFindings } = readController(cluster, options);
  const { flags, release } = controller;
  const mappings = mappingsIn(known, release.version);
  const reader = {
    prefix: flags.annotationsPrefix,
    release: release.version,
    validates: flags.validatesAnnotations,
  };
  const decode = (ingress: Ingress) => decodeAnnotations(ingress, mappings, reader);
  const decoded = new Map(cluster.ingresses.map((ingress) => [ingress, decode(ingress)]));
  const decided = applyDecisions(decoded, options, decode);
  const { annotations } = decided;

  // 2. What nginx does with it.
  const left = withoutSkipped(cluster, decided);
  const lookup = lookupOf(without === undefined ? left : { ...left, ingresses: [] });
  const modelled = buildModel(lookup, annotations, controller, tcpServices);
  const refused = without === undefined ? refusedRelease(controllerFindings) : undefined;
  const unserved = without ?? refused;
  const served = refused === undefined ? modelled : withoutServing(modelled, refused);
  const alone = without === undefined ? served : withUnserved(modelled, left.ingresses, without);
  const built = withSkipped(alone, decided);

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
  const tcp =
    unserved === undefined
      ? tcpObjects(built.model, options, lookup)
      : { objects: [], outcomes: unservedPorts(built.model.tcpServices, unserved), findings: [] };
  const objects = [...assembly.objects, ...tcp.objects];

  // 5. Everything accounted for.
  const { outcomes, findings } = keepLedger({
    cluster,
    lookup,
    annotations,
    built,
    converted,
    assembly,
    tcp,
    options,
    mappings,
  });
  const { decisions: _, ...choices } = options;
  const platform = unserved === undefined ? platformFindings(context) : [];
  const waiting = without?.kind === 'waiting' ? [without.finding] : [];
  const conversion: Conversion = {
    cluster,
    options: choices,
    model: built.model,
    objects,
    outcomes: unserved === undefined ? outcomes : withoutConversion(outcomes, unserved),
    findings: [...cluster.findings, ...controllerFindings, ...platform, ...waiting, ...findings],
    steps: assembly.steps,
    secretCopies: assembly.steps.flatMap(({ secret }) => (secret === undefined ? [] : [secret])),
  };
  return { conversion, decided, lookup };
}

/**
 * The conversion checked across its objects.
 * @param others what other parts of the same output write: where the input holds it already, it is no foreign object
 */
function withChecks(
  conversion: Conversion,
  lookup: Lookup,
  others: readonly ReadonlySet<string>[] = [],
): Conversion {
  const { cluster } = conversion;
  const istioObjects =
    others.length === 0
      ? cluster.istioObjects
      : cluster.istioObjects.filter(({ ref }) => !others.some((names) => names.has(nameIn(ref))));
  const looked = others.length === 0 ? conversion : { ...conversion, cluster: { ...cluster, istioObjects } };
  return { ...conversion, findings: [...conversion.findings, ...runChecks(looked, lookup)] };
}

function namesOf({ objects }: Conversion): ReadonlySet<string> {
  return new Set(objects.map(({ object: { kind, metadata } }) => nameIn({ kind, ...metadata })));
}

function nameIn({ kind, ...ref }: ObjectRef): string {
  return `${kind} ${qualifiedName({ kind, ...ref })}`;
}
