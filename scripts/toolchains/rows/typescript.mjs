/** Where imports are looked up, in which module system the program is. */
const resolutions = [
  { name: "bundler", options: { module: "esnext", moduleResolution: "bundler" }, type: "module" },
  { name: "nodenext, ES module", options: { module: "nodenext", moduleResolution: "nodenext" }, type: "module" },
  { name: "nodenext, CommonJS", options: { module: "nodenext", moduleResolution: "nodenext" }, type: "commonjs" },
  { name: "node16, ES module", options: { module: "node16", moduleResolution: "node16" }, type: "module" },
  { name: "node16, CommonJS", options: { module: "node16", moduleResolution: "node16" }, type: "commonjs" },
  { name: "node10", options: { module: "commonjs", moduleResolution: "node10" }, type: "commonjs", until: 6 },
];

const program = `
import { Sealcast, type SealcastOptions } from "@sealcast/client";
import Pusher, { type Channel } from "@sealcast/client/pusher-js";
import { createAuthHandler, Sealcast as Backend, type TriggerOptions } from "@sealcast/server-sdk";
import { expressHandler } from "@sealcast/server-sdk/express";
import Server from "@sealcast/server-sdk/pusher";
import { deriveChannelKey } from "@sealcast/crypto";

const options: SealcastOptions = { url: "ws://127.0.0.1:6001" };
new Sealcast("app-key", options).subscribe("news").bind("headline", (data) => console.log(data));
const channel: Channel = new Pusher("app-key", { cluster: "own" }).subscribe("news");
channel.bind("headline", (data: { text: string }) => console.log(data.text));
const backend = new Backend({ appId: "1001", key: "app-key", secret: "app-secret" });
const trigger: TriggerOptions = { socketId: "1.2" };
void backend.trigger("news", "headline", { text: "hello" }, trigger);
expressHandler(createAuthHandler({ sealcast: backend, authenticate: () => ({ id: "ada" }), authorize: () => true }));
const server: Server = new Server({ appId: "1001", key: "app-key", secret: "app-secret" });
const batch: Server.BatchEvent[] = [{ channel: "news", name: "headline", data: 1 }];
void server.triggerBatch(batch);
export const key: Uint8Array = deriveChannelKey(new Uint8Array(32), "private-encrypted-news");
`;

const base = { noEmit: true, strict: true, target: "es2022", lib: ["es2022", "dom"], esModuleInterop: true, types: [] };

/** Each release checks one program under every resolution that it has; nothing has to run. */
export const typescript = ["5.0", "5.2", "5.4", "5.5", "5.6", "5.8", "5.9", "6", "7"].map((release) => ({
  tool: "TypeScript, all resolutions",
  fast: false,
  packages: [`typescript@${release}`, "@types/node@20"],
  version: (project) => project.versionOf("typescript"),
  async run(project) {
    for (const { name, options, type, until = Infinity } of resolutions) {
      if (Number(release) > until) continue;
      const extra = name === "node10" && Number(release) >= 6 ? { ignoreDeprecations: "6.0" } : {};
      project.write({
        "package.json": { private: true, type },
        "app.ts": program,
        "tsconfig.json": {
          compilerOptions: { ...base, ...options, ...extra, skipLibCheck: Number(release) < 5.6 },
          files: ["app.ts"],
        },
      });
      try {
        await project.bin("tsc", ["-p", "."]);
      } catch (error) {
        throw new Error(`under ${name}: ${error.message}`, { cause: error });
      }
    }
  },
}));
