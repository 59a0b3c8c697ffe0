import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { DialectName } from "../load/dialect.ts";

/** A server that is measured. */
export interface Subject {
  /** Short name, in results and tables. */
  readonly name: string;
  readonly runtime: "node" | "bun";
  readonly dialect: DialectName;
  /** Script and arguments that make the runtime listen on `port`. */
  readonly script: (port: number, configFile: string) => readonly string[];
}

const sealcast = (port: number, configFile: string): readonly string[] => [
  fileURLToPath(new URL("../../../packages/cli/bin/sealcast.js", import.meta.url)),
  "start",
  "--config",
  configFile,
  "--port",
  String(port),
];
const baseline =
  (file: string) =>
  (port: number): readonly string[] => [fileURLToPath(new URL(`baselines/${file}.js`, import.meta.url)), String(port)];

/** Every server that a scenario may choose from. */
export const subjects = {
  sealcast: { name: "Sealcast on Node.js", runtime: "node", dialect: "pusher", script: sealcast },
  sealcastBun: { name: "Sealcast on Bun", runtime: "bun", dialect: "pusher", script: sealcast },
  ws: { name: "bare ws", runtime: "node", dialect: "pusher", script: baseline("ws") },
  bun: { name: "bare Bun publish", runtime: "bun", dialect: "pusher", script: baseline("bun") },
  socketIo: { name: "socket.io", runtime: "node", dialect: "socket.io", script: baseline("socket-io") },
  collected: { name: "bare outbox", runtime: "node", dialect: "pusher", script: baseline("collected") },
  net: { name: "bare node:net", runtime: "node", dialect: "pusher", script: baseline("net") },
  uws: { name: "uWebSockets", runtime: "node", dialect: "pusher", script: baseline("uws") },
  bunHttp: { name: "bare Bun.serve", runtime: "bun", dialect: "pusher", script: baseline("bun-http") },
  http: { name: "bare node:http", runtime: "node", dialect: "pusher", script: baseline("http") },
} as const satisfies Record<string, Subject>;

/** The executable of a runtime: this Node.js, or the `bun` package's. */
export function executable(runtime: Subject["runtime"]): string {
  return runtime === "node" ? process.execPath : createRequire(import.meta.url).resolve("bun/bin/bun.exe");
}
