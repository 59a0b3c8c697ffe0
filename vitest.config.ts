import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@sealcast/source", "node"] },
  ssr: { resolve: { conditions: ["@sealcast/source", "node"] } },
  test: {
    include: [
      "packages/*/src/**/*.test.{ts,tsx}",
      "tests/**/*.test.ts",
      "examples/*/src/**/*.test.ts",
      "bench/src/**/*.test.ts",
    ],
    globalSetup: "tests/build-once.ts",
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
