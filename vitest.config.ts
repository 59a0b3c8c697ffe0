import { defineConfig } from "vitest/config";

const pure = [
  "protocol/src",
  "crypto/src",
  "client/src",
  "server/src/core",
  "server/src/session",
  "server/src/http-api",
].map((folder) => `packages/${folder}/**/*.test.ts`);

export default defineConfig({
  resolve: { conditions: ["@sealcast/source", "node"] },
  ssr: { resolve: { conditions: ["@sealcast/source", "node"] } },
  test: {
    globalSetup: "tests/build-once.ts",
    maxWorkers: 2,
    testTimeout: 20_000,
    projects: [
      // These tests change nothing that another file sees. They share processes, which load the modules once.
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: "other",
          include: [
            "packages/*/src/**/*.test.{ts,tsx}",
            "tests/**/*.test.ts",
            "examples/*/src/**/*.test.ts",
            "bench/src/**/*.test.ts",
          ],
          exclude: pure,
        },
      },
    ],
  },
});
