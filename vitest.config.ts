import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** These run for minutes and mostly wait. They begin first, so that the others run beside them. */
const longest = ["tests/cluster/schedule.test.ts", "tests/cluster/schedule-redis-cluster.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not that of an array
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => isLong(file)), ...sorted.filter((file) => !isLong(file))];
  }
}

function isLong({ moduleId }: TestSpecification): boolean {
  return longest.some((file) => moduleId.endsWith(file));
}

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
    sequence: { sequencer: LongestFirst },
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
