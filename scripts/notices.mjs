import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The folders of the packages that went into a bundle. A bundled package is a copy, and its licence asks to come along.
 *
 * @param {import('esbuild').Metafile} metafile
 */
export function packagesOf({ inputs }) {
  const folders = new Set();
  for (const path of Object.keys(inputs)) {
    const [folder] = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders];
}

/**
 * @param {readonly string[]} folders of packages
 * @returns {string} who wrote what, under which licence; each text once
 */
export function noticesOf(folders) {
  const packages = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    packages.set(`${name} ${version}`, { license, text: licenceOf(folder) });
  }
  const parts = [...packages]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { license, text }]) => `${name} (${license})\n\n${text}`);
  return `ingress2istio contains the following packages.\n\n${parts.map((part) => `${'-'.repeat(80)}\n${part}\n`).join('\n')}`;
}

/** @throws where a package has no text of its licence: then nobody may hand on the bundle */
function licenceOf(folder) {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim().replaceAll('\r\n', '\n');
  // Packages that say which licence they have and forget its text.
  const own = new URL(`licences/${basename(folder)}.txt`, import.meta.url);
  if (!existsSync(own)) throw new Error(`${folder} has no text of its licence: write ${own.pathname}`);
  return readFileSync(own, 'utf8').trim();
}
