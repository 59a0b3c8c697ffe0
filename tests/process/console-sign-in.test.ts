import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { root } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

/** Of "correct horse", as `sealcast console-password` prints it. */
const passwordHash = "scrypt:32768:8:3:267vj_z2TGgv_D2oi1Kxhg:6KORHySvzt-jWIfch4ugbPLV0oDHxAY-BQgHKLV0xx4";

/** Starts a server with the operator ada, and returns the address of the console's API. */
async function start(runtime: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-operators-"));
  const config = join(folder, "sealcast.json");
  const apps = [{ id: "1001", key: "app-key", secret: "a-secret-of-ours" }];
  writeFileSync(config, JSON.stringify({ apps, operators: [{ name: "ada", role: "admin", passwordHash }] }));
  const server = new SealcastProcess(["start", "--config", config, "--port", "0"], {}, runtime);
  onTestFinished(async () => {
    server.signal("SIGKILL");
    await server.exited;
    rmSync(folder, { recursive: true });
  });
  const [, port] = await server.wrote(/URL +http:\/\/\S+:(\d+)/);
  return `http://127.0.0.1:${port}/console/api`;
}

function signIn(api: string, password: string): Promise<Response> {
  return fetch(`${api}/login`, { method: "POST", body: JSON.stringify({ name: "ada", password }) });
}

describe.each([
  ["Node.js", process.execPath],
  ["Bun", join(root, "node_modules/.bin/bun")],
])("the console on %s", (_, runtime) => {
  test("accepts the right password only, and ends a live log after its operator has signed out", async () => {
    const api = await start(runtime);
    expect((await signIn(api, "wrong horse")).status).toBe(401);
    const signedIn = await signIn(api, "correct horse");
    expect(signedIn.status).toBe(200);
    const headers = { cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "" };
    const stream = await fetch(`${api}/apps/1001/stream?types=error`, { headers });
    expect(stream.status).toBe(200);
    await fetch(`${api}/logout`, { method: "POST", headers });
    expect(await stream.text()).toContain("event: figures");
    expect((await fetch(`${api}/apps`, { headers })).status).toBe(401);
  });
});
