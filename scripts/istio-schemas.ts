import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { transformSync } from 'esbuild';
import { schemas } from '../src/istio-api/schemas/kinds.ts';

export const validatorsFile = fileURLToPath(
  new URL('../src/istio-api/schemas/validators.generated.ts', import.meta.url),
);

/** The schemas' validators as code, since compiling them at every start would take 0.3 s. */
export function validatorsSource(): string {
  const ajv = new Ajv2020({
    code: { source: true, esm: true, lines: true },
    schemas: Object.entries(schemas()).map(([kind, schema]) => ({ $id: kind, ...schema })),
    allErrors: true,
    messages: false,
    // One function for each definition: V8 does not optimise a function of the size of a whole VirtualService.
    inlineRefs: false,
    unicodeRegExp: false,
    // Lengths in UTF-16 units need no helper from ajv at run time.
    unicode: false,
    strictRequired: false,
    strictTypes: false,
    logger: false,
  });
  const names = Object.fromEntries(Object.keys(schemas()).map((kind) => [kind, kind]));
  const { code } = transformSync(withoutRequire(standalone.default(ajv, names)), { minify: true });
  return [
    '// @ts-nocheck',
    '// biome-ignore-all lint: generated',
    '// biome-ignore-all format: generated',
    '// biome-ignore-all assist: generated',
    '// Generated from the schemas beside it by `npx tsx scripts/istio-schemas.ts`.',
    code,
  ].join('\n');
}

/** ajv asks for its deep comparison with `require`, even in a module; only texts have to be unique here. */
function withoutRequire(code: string): string {
  return code.replace('require("ajv/dist/runtime/equal").default', '(a, b) => a === b');
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(validatorsFile, validatorsSource());
}
