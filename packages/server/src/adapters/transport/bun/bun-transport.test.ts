import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { compressionRules, type RunningContractServer, transportContract } from "@sealcast/server-testing/contracts";

const bun = createRequire(import.meta.url).resolve("bun/bin/bun.exe");
const program = fileURLToPath(
  new URL("../../../../../server-testing/src/transport-contract/bun-server.ts", import.meta.url),
);

async function start(...options: readonly string[]): Promise<RunningContractServer> {
  const server = spawn(bun, ["--conditions=@sealcast/source", program, ...options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  const [port, otherPort] = line.toString().split(" ").map(Number);
  if (port === undefined || otherPort === undefined) throw new Error("The server did not print its two ports");
  return {
    ports: [port, otherPort],
    async close() {
      const exited = once(server, "exit");
      server.stdin.end();
      await exited;
    },
  };
}

transportContract("Bun", () => start());
compressionRules("Bun", () => start("--compression"));
