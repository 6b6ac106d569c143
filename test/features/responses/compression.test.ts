import { expect, test } from 'vitest';
import { codesOf, convertYaml, filters, input, patchesOf } from '../convert.ts';

const compressed = (config: Record<string, string>) => input([{ paths: ['/a', '/b'] }], config);

test('nothing is said where nothing is compressed', () => {
  const conversion = convertYaml(compressed({ 'use-gzip': 'false' }), filters);
  expect(patchesOf(conversion, 'gzip')).toEqual([]);
  expect(codesOf(conversion)).not.toContain('compression/not-carried');
});

test('it needs EnvoyFilters', () => {
  expect(codesOf(convertYaml(compressed({ 'use-gzip': 'true' })))).toContain('compression/not-carried');
});

test.each<[string, Record<string, string>, object]>([
  [
    'ingress-gzip',
    { 'use-gzip': 'true', 'gzip-level': '5', 'gzip-min-length': '10', 'gzip-types': 'text/css image/bmp' },
    {
      compressor_library: { name: 'gzip', typed_config: { compression_level: 'COMPRESSION_LEVEL_5' } },
      response_direction_config: {
        common_config: { min_content_length: 10, content_type: ['text/html', 'text/css', 'image/bmp'] },
      },
    },
  ],
  [
    'ingress-brotli',
    { 'enable-brotli': 'true' },
    {
      compressor_library: { name: 'brotli', typed_config: { quality: 4 } },
      response_direction_config: { common_config: { min_content_length: 20 } },
    },
  ],
])('%s', (name, config, typed) => {
  const conversion = convertYaml(compressed(config), filters);
  expect(patchesOf(conversion, name)).toMatchObject([
    { patch: { value: { disabled: true, typed_config: typed } } },
  ]);
  expect(patchesOf(conversion, `-com-${name.slice('ingress-'.length)}`)).toHaveLength(1);
});
