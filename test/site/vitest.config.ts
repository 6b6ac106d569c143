import { defineConfig } from 'vitest/config';

/** The documentation built, opened, and followed word for word; apart from the other tests, as that takes half a minute. */
export default defineConfig({
  test: { include: ['test/site/**/*.test.ts'], pool: 'threads', maxWorkers: '100%', testTimeout: 60_000 },
});
