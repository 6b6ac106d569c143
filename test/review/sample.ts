import { builtInMappings } from '../../src/decode/mappings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { previewer } from '../../src/review/preview.ts';
import { rowsOf } from '../../src/review/rows.ts';
import { startOf } from '../../src/review/state.ts';
import type { Tools } from '../../src/review/tools.ts';
import { input } from '../features/convert.ts';

/** Four Ingresses: two with one snippet in two layouts, one with wide characters and a terminal escape, one closed. */
export const sample = input([
  {
    name: 'one',
    host: 'one.example.com',
    annotations: { 'limit-rps': '5', 'proxy-read-timeout': '1 minute' },
  },
  { name: 'two', host: 'two.example.com', annotations: { 'limit-rps': '5' } },
  {
    name: 'wide',
    host: 'wide.example.com',
    annotations: { 'configuration-snippet': 'proxy_cache 预览环境 🚀;\u001b[31m' },
  },
  { name: 'shut', host: 'shut.example.com', annotations: { 'auth-url': 'http://auth.example.org/check' } },
]);

export const now = '2026-03-01T09:00:00Z';

export function opened(text = sample) {
  const cluster = readTexts([{ file: 'input.yaml', text }]);
  const mappings = builtInMappings();
  const tools: Tools = {
    previewer: previewer(cluster, defaultOptions, mappings),
    mappings,
    now: () => now,
    leave: () => undefined,
  };
  const rows = rowsOf(convert(cluster, defaultOptions));
  return { cluster, tools, rows, start: startOf(rows, [], 'anna') };
}
