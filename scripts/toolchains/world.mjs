// What every row of the table runs against: the real server, and a backend that authorizes and publishes.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../prepare.mjs";

export const channel = "private-encrypted-toolchains";
const publishEveryMs = 250;

/**
 * Starts the server and the backend. The backend publishes an encrypted event again and again, so that a program opens one
 * whenever it subscribes.
 *
 * @param {string} sdk folder in which the packed server library is installed
 */
export async function startWorld(sdk) {
  const server = spawn(process.execPath, [join(root, "packages/cli/bin/sealcast.js"), "start", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await portOf(server);
  const entry = createRequire(join(sdk, "package.json")).resolve("@sealcast/server-sdk");
  const { createAuthHandler, Sealcast } = await import(pathToFileURL(entry.replace(/cjs\/index\.cjs$/, "index.js")));
  const encryptionMasterKeyBase64 = randomBytes(32).toString("base64");
  const app = { appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1", port };
  const sealcast = new Sealcast({ ...app, encryptionMasterKeyBase64 });
  const auth = createAuthHandler({
    sealcast,
    authenticate: () => ({ id: "toolchain" }),
    authorize: () => true,
    origins: "any",
  });
  const answerRequest = async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    const body = method === "POST" ? Buffer.concat(chunks) : undefined;
    const answer = await auth(new Request(new URL(url, "http://127.0.0.1"), { method, headers, body }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  };
  const backend = createServer((request, response) => void answerRequest(request, response));
  await new Promise((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const timer = setInterval(() => {
    sealcast.trigger(channel, "greeting", { text: "hello" }).catch((error) => console.error(error.message));
  }, publishEveryMs);
  return {
    port,
    authPort: backend.address().port,
    masterKey: encryptionMasterKeyBase64,
    stop: () => {
      clearInterval(timer);
      backend.close();
      backend.closeAllConnections();
      server.kill();
    },
  };
}

function portOf(server) {
  let output = "";
  return new Promise((resolve, reject) => {
    server.stdout.on("data", (part) => {
      output += part;
      const match = /http:\/\/[^\s"]+:(\d+)/.exec(output);
      if (match) resolve(Number(match[1]));
    });
    server.on("exit", (code) => reject(new Error(`The server ended with ${code}`)));
  });
}
