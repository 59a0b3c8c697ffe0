import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sealcast, whenSubscribed } from "@sealcast/client";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textOf } from "../fixtures/repository.ts";

const page = textOf("docs/guides/other-languages.md");

interface Language {
  readonly fence: string;
  readonly file: string;
  readonly command: readonly [string, ...string[]];
  readonly event: string;
  /** Machines without it skip the program; without this mark, that is an error in CI. */
  readonly isOptional?: boolean;
}

const languages: readonly Language[] = [
  { fence: "bash", file: "publish.sh", command: ["bash", "publish.sh"], event: "from curl" },
  { fence: "python", file: "publish.py", command: ["python3", "publish.py"], event: "from Python" },
  { fence: "php", file: "publish.php", command: ["php", "publish.php"], event: "from PHP", isOptional: true },
  { fence: "go", file: "publish.go", command: ["go", "run", "publish.go"], event: "from Go", isOptional: true },
];

function isMissing({ command: [program], isOptional = false }: Language): boolean {
  const missing = spawnSync("which", [program]).status !== 0;
  if (missing && !isOptional && process.env["CI"]) throw new Error(`${program} is missing, and CI skips nothing`);
  return missing;
}

describe("docs/guides/other-languages.md", () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startServer();
    folder = mkdtempSync(join(tmpdir(), "sealcast-languages-"));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  for (const language of languages) {
    const { fence, file, command, event } = language;
    test.skipIf(isMissing(language))(`the program in ${fence} publishes an event`, async () => {
      const [, program = ""] = new RegExp(`\`\`\`${fence}\n([^]*?)\n\`\`\``).exec(page) ?? [];
      expect(program).toContain(event);
      writeFileSync(join(folder, file), program.replaceAll("6001", `${server.port}`));
      const client = new Sealcast("app-key", { url: `ws://127.0.0.1:${server.port}` });
      const channel = await whenSubscribed(client.subscribe("news"));
      const received = new Promise((resolve) => channel.bind("headline", resolve));
      expect(await exitCodeOf(command, folder)).toBe(0);
      expect(await received).toEqual({ text: event });
      client.disconnect();
    });
  }
});

/** The server answers in this process, so the program must not block it. */
function exitCodeOf([program, ...args]: Language["command"], cwd: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", resolve);
  });
}
