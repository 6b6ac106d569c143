import { closeSync, openSync, writeSync } from 'node:fs';
import type { NginxModel } from '../../src/nginx/model.ts';

/**
 * Writes what ingress-nginx could log over a model, in its default format: paths with ids, errors, few locations with most of the
 * requests. What comes after a million lines is the same again.
 */
export function writeAccessLog(path: string, { servers }: NginxModel, lines: number): void {
  const kinds = servers.flatMap(({ locations }) =>
    locations
      .filter(
        ({ backend, matches }) => backend.kind === 'service' && matches.some(({ kind }) => kind === 'prefix'),
      )
      .map((location) => ({
        path: location.path.replace(/\/$/, ''),
        upstream: location.upstream?.name ?? 'upstream-default-backend',
      })),
  );
  const random = randomFrom(20260927);
  const file = openSync(path, 'w');
  const pieces: string[] = [];
  let piece = '';
  for (let line = 0; line < Math.min(lines, most); line++) {
    piece += lineOf(kinds[Math.floor(random() ** 3 * kinds.length)]!, line, random);
    if (piece.length < 1 << 20) continue;
    pieces.push(piece);
    piece = '';
  }
  pieces.push(piece);
  for (let written = 0; written < lines; written += most)
    for (const text of pieces) writeSync(file, text, undefined, 'latin1');
  closeSync(file);
}

const most = 1_000_000;

function lineOf(
  { path, upstream }: { readonly path: string; readonly upstream: string },
  line: number,
  random: Random,
): string {
  const rest = rests[Math.floor(random() * rests.length)]!(random);
  const luck = random();
  const status = luck < 0.93 ? 200 : luck < 0.96 ? 304 : luck < 0.985 ? 404 : luck < 0.995 ? 499 : 502;
  const time = `27/Nov/2026:${two(line >> 18)}:${two((line >> 12) & 59)}:${two((line >> 6) & 59)} +0000`;
  return `10.${number(random, 255)}.0.${number(random, 255)} - - [${time}] "${random() < 0.8 ? 'GET' : 'POST'} ${path}${rest} HTTP/1.1" ${status} ${number(random, 20000)} "-" "curl" ${number(random, 900)} 0.0${number(random, 90)} [${upstream}] [] 10.1.0.${number(random, 255)}:80 ${number(random, 9000)} 0.01 ${status} ${id(random)}${id(random)}\n`;
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
