import { defineConfig } from 'vitest/config';

/** What `npm run release` built, tested as a user has it; apart from the other tests, as it needs that first. */
export default defineConfig({
  test: { include: ['test/release/**/*.test.ts'], testTimeout: 1_200_000 },
});
