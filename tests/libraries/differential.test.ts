import { Pusher } from "@sealcast/client/pusher-js";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAppBackend, type AppBackend } from "../fixtures/app-backend.ts";
import { PusherJs } from "../fixtures/pusher-js.ts";
import { startTcpProxy, type TcpProxy } from "../fixtures/tcp-proxy.ts";
import { Scene, type PusherClass, type Row } from "./rows/scene.ts";
import { channelRows } from "./rows/channel-rows.ts";
import { connectionRows } from "./rows/connection-rows.ts";
import { encryptionRows } from "./rows/encryption-rows.ts";
import { listenerRows } from "./rows/listener-rows.ts";
import { userRows } from "./rows/user-rows.ts";

const rows = [...connectionRows, ...listenerRows, ...channelRows, ...userRows, ...encryptionRows];

let server: TestServer;
let proxy: TcpProxy;
let backend: AppBackend;
beforeAll(async () => {
  server = await startServer();
  proxy = await startTcpProxy(server.port);
  backend = await startAppBackend(server.port);
});
afterAll(async () => {
  await Promise.all([proxy.close(), backend.close()]);
  await server.close();
});

/** Runs a row with one library, and gives all that was heard. */
async function play(row: Row, library: PusherClass): Promise<readonly unknown[]> {
  const scene = new Scene(library, { backend, proxy });
  try {
    await row.act(scene);
    return [...scene.heard];
  } finally {
    scene.close();
  }
}

describe("pusher-js and ours tell the same", () => {
  test.each(rows.filter(({ differs }) => !differs))("$name", async (row) => {
    const official = await play(row, PusherJs);
    expect(official).not.toEqual([]);
    expect(await play(row, Pusher as unknown as PusherClass)).toEqual(official);
  });
});

describe("ours tells something else", () => {
  test.each(rows.filter(({ differs }) => differs))("$name: $differs.because", async (row) => {
    const official = await play(row, PusherJs);
    const ours = await play(row, Pusher as unknown as PusherClass);
    expect(ours).not.toEqual(official);
    expect(ours).toEqual(row.differs?.ours(official));
  });
});
