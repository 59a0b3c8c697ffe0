import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compressionRules, type RunningContractServer, transportContract } from "@sealcast/server-testing/contracts";
import { afterAll } from "vitest";
import type { ServerSettings } from "../../../core/settings/server-settings.ts";

const program = fileURLToPath(
  new URL("../../../../../server-testing/src/transport-contract/bun-server.ts", import.meta.url),
);

/** One process for all tests, as Bun takes a while to start; each test has a server of its own in it. */
const bun = spawn(
  createRequire(import.meta.url).resolve("bun/bin/bun.exe"),
  ["--conditions=@sealcast/source", program],
  { stdio: ["pipe", "pipe", "inherit"] },
);
const answers = createInterface({ input: bun.stdout })[Symbol.asyncIterator]();
afterAll(async () => {
  const exited = once(bun, "exit");
  bun.stdin.end();
  await exited;
});

/** Sends an order to the process, which answers orders one after the other. */
async function order(text: string): Promise<string> {
  bun.stdin.write(`${text}\n`);
  const answer: IteratorResult<string, unknown> = await answers.next();
  if (answer.done === true) throw new Error("Bun has ended");
  return answer.value;
}

async function start(different: Partial<ServerSettings> = {}): Promise<RunningContractServer> {
  const [port = 0, otherPort = 0] = (await order(`start ${JSON.stringify(different)}`)).split(" ").map(Number);
  return {
    ports: [port, otherPort],
    close: async () => void (await order(`close ${port}`)),
  };
}

transportContract("Bun", start);
compressionRules("Bun", () => start({ compression: true }));
