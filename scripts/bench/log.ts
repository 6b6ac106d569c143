import { closeSync, openSync, writeSync } from 'node:fs';
import type { NginxModel } from '../../src/nginx/model.ts';
import { upstreamNamesOf } from '../../src/verify/log/upstreams.ts';

/** Writes what ingress-nginx could log over a model, in its default format: many paths with ids, some errors, some nobody asked for. */
export function writeAccessLog(path: string, { servers }: NginxModel, lines: number): void {
  const random = randomFrom(20260927);
  const kinds = servers.flatMap((server) =>
    server.locations.map((location) => ({
      path: /^[\w/.-]*$/.test(location.path) ? location.path.replace(/\/$/, '') : '/x',
      upstream: upstreamNamesOf(location)[0]!,
      served: location.backend.kind === 'service',
    })),
  );
  const file = openSync(path, 'w');
  let piece = '';
  for (let line = 0; line < lines; line++) {
    // Few locations get most of the requests.
    const { path: below, upstream, served } = kinds[Math.floor(random() ** 3 * kinds.length)]!;
    const rest = rests[Math.floor(random() * rests.length)]!(random);
    const method = random() < 0.8 ? 'GET' : 'POST';
    const luck = random();
    const status = !served
      ? 503
      : luck < 0.93
        ? 200
        : luck < 0.96
          ? 304
          : luck < 0.985
            ? 404
            : luck < 0.995
              ? 499
              : 502;
    const address = `10.${number(random, 255)}.${number(random, 255)}.${number(random, 255)}`;
    const time = `27/Nov/2026:${two(line >> 18)}:${two((line >> 12) & 59)}:${two((line >> 6) & 59)} +0000`;
    const asked = served
      ? `10.1.${number(random, 255)}.${number(random, 255)}:8080 ${number(random, 9000)} 0.0${number(random, 90)} ${status}`
      : '- - - -';
    piece += `${address} - - [${time}] "${method} ${below}${rest} HTTP/1.1" ${status} ${number(random, 20000)} "-" "curl/8.5" ${number(random, 900)} 0.0${number(random, 90)} [${upstream}] [] ${asked} ${id(random)}${id(random)}\n`;
    if (piece.length < 1 << 20) continue;
    writeSync(file, piece, undefined, 'latin1');
    piece = '';
  }
  writeSync(file, piece, undefined, 'latin1');
  closeSync(file);
}

type Random = () => number;

const rests: readonly ((random: Random) => string)[] = [
  () => '/',
  () => '/index.html',
  (random) => `/users/${number(random, 1_000_000)}`,
  (random) => `/orders/${number(random, 1_000_000)}/items?page=${number(random, 20)}`,
  (random) => `/files/${id(random)}`,
  (random) => `/search?q=${id(random)}`,
  (random) => `/static/app.${id(random).slice(0, 8)}.js`,
];

function number(random: Random, below: number): number {
  return Math.floor(random() * below);
}

function two(value: number): string {
  return String(value % 60).padStart(2, '0');
}

function id(random: Random): string {
  return Math.floor(random() * 2 ** 48)
    .toString(16)
    .padStart(16, '0');
}

function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
