import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, 'test/release/**', 'test/site/**'],
    pool: 'threads',
    maxWorkers: '100%',
    testTimeout: 20_000,
  },
});
