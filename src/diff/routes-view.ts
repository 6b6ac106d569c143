import { type Conversion, partsOf } from '../conversion/conversion.ts';
import type { GatewayOptions } from '../domain/options.ts';
import { count } from '../text/count.ts';
import type { DiffDocument, DiffLine, DiffSection } from './document.ts';
import { istioReader } from './istio-routes.ts';
import { nginxReader } from './nginx-routes.ts';
import { columns, type Route } from './route.ts';
import { type HostTable, hostTable, type Row } from './route-table.ts';
import { anyRest } from './witnesses.ts';

/** A host's table, and the controller and gateway that it belongs to, where there are several. */
export type NamedTable = HostTable & { readonly controller?: string; readonly gateway?: GatewayOptions };

/** The route tables of all hosts, of nginx's model and of the generated objects as an independent reader takes them. */
export function routeTables(conversion: Conversion): NamedTable[] {
  const { controllers } = conversion;
  if (controllers === undefined) return tablesOf(conversion);
  return controllers.flatMap((part) =>
    part.conversion === undefined
      ? []
      : tablesOf(part.conversion).map((table) => ({
          ...table,
          controller: part.name,
          gateway: part.conversion!.options.gateway,
        })),
  );
}

function tablesOf({ model, cluster, objects, options }: Conversion): HostTable[] {
  const nginx = nginxReader(model, cluster);
  const istio = istioReader(
    objects.map(({ object }) => object),
    options,
  );
  const hosts = [...new Set([...nginx.hosts, ...istio.hosts])].sort();
  return hosts.map((host) => hostTable(host, nginx, istio));
}

/**
 * Both systems as one route table. What is on the left alone is what nginx does and Istio will not.
 * @param all rows that are the same are shown, too
 */
export function routesDiff(conversion: Conversion, all: boolean): DiffDocument {
  const tables = routeTables(conversion);
  const differs = (table: NamedTable) => table.rows.some((row) => row.differs.length > 0);
  const different = tables.filter(differs);
  const withoutHttps = partsOf(conversion).flatMap((part) => hostsWithoutHttps(part, tables));
  return {
    title: 'How requests are routed, before and after',
    left: 'ingress-nginx',
    right: 'Istio',
    summary: [
      different.length === 0
        ? tables.length === 1
          ? 'The host is routed the same.'
          : `All ${count(tables.length, 'host')} are routed the same.`
        : `${count(different.length, 'host')} of ${tables.length} ${different.length === 1 ? 'is' : 'are'} routed differently.`,
      'Reported once and not compared here: client headers that nginx adds, size limits, retries and responses of failing backends, odd spellings of paths, and HTTPS for hosts that no Ingress names.',
      ...(withoutHttps.length === 0
        ? []
        : [
            `nginx answers HTTPS with its default certificate, and Istio does not, for ${count(withoutHttps.length, 'host')}: ${named(withoutHttps)}.`,
          ]),
    ],
    sections: (all ? tables : different).map((table) => sectionOf(table, all)),
    different: different.length > 0,
  };
}

function hostsWithoutHttps({ model, options }: Conversion, tables: readonly NamedTable[]): string[] {
  const own = tables.filter(({ gateway }) => gateway === undefined || gateway === options.gateway);
  const secure = new Set(
    own.filter(({ rows }) => rows.some(({ schemes }) => schemes.includes('https'))).map(({ host }) => host),
  );
  return model.servers
    .filter(({ host, tls }) => tls === undefined && host !== '' && !secure.has(host))
    .map(({ host }) => host);
}

function named(hosts: readonly string[]): string {
  const some = hosts.slice(0, 20).join(', ');
  return hosts.length > 20 ? `${some} and ${hosts.length - 20} more` : some;
}

function sectionOf({ host, rows, left, controller }: NamedTable, all: boolean): DiffSection {
  const shown = rows.filter((row) => all || row.differs.length > 0);
  const same = rows.length - shown.length;
  return {
    title: `${host === '*' ? 'every other host' : host}${controller === undefined ? '' : ` (controller ${controller})`}`,
    notes: [
      ...(same > 0 ? [`${count(same, 'more row is', 'more rows are')} the same.`] : []),
      ...(left > 0 ? [`${count(left, 'path')} of this host weren't requested.`] : []),
    ],
    lines: shown.flatMap(linesOf),
  };
}

function linesOf(row: Row): DiffLine[] {
  if (row.differs.length === 0) return [{ side: 'both', text: lineOf(row, row.left) }];
  return [
    { side: 'left', text: lineOf(row, row.left) },
    { side: 'right', text: lineOf(row, row.right) },
  ];
}

const mostPaths = 6;

/** `/api, /api/* https, x-canary: always → shop/api:80; rewrite path /v1` */
function lineOf({ paths, schemes, condition }: Row, route: Route): string {
  const some = paths.slice(0, mostPaths).join(', ');
  const more = paths.length > mostPaths ? ` and ${paths.length - mostPaths} more` : '';
  const when = condition === '' ? '' : ` (${condition})`;
  const cells = columns.flatMap((column) => {
    const value = route[column].replaceAll(anyRest, '*');
    if (value === '') return [];
    return [column === 'answer' || column === 'backend' ? value : `${column} ${value}`];
  });
  return `${some}${more} ${schemes.join('+')}${when} → ${cells.join('; ')}`;
}
