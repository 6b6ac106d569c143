import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.{ts,tsx}'], pool: 'threads', maxWorkers: '100%', testTimeout: 20_000 },
});
