import { afterAll, describe, expect, test } from "vitest";
import { startServerWithBackend } from "../fixtures/server-with-backend.ts";
import { OurPusherJs } from "../fixtures/our-pusher-js.ts";
import { PusherJs, type PusherClass } from "../fixtures/pusher-js.ts";
import { startTcpProxy } from "../fixtures/tcp-proxy.ts";
import { Recorder, type Row } from "./rows/recorder.ts";
import { channelRows } from "./rows/channel-rows.ts";
import { connectionRows } from "./rows/connection-rows.ts";
import { encryptionRows } from "./rows/encryption-rows.ts";
import { internalsRows } from "./rows/internals-rows.ts";
import { listenerRows } from "./rows/listener-rows.ts";
import { userRows } from "./rows/user-rows.ts";

const rows = [...connectionRows, ...listenerRows, ...channelRows, ...userRows, ...encryptionRows, ...internalsRows];

const { server, backend } = await startServerWithBackend();
const proxy = await startTcpProxy(server.port);
afterAll(() => proxy.close());

/** Runs a row with one library, and returns everything that its listeners received. */
async function play(row: Row, library: PusherClass): Promise<readonly unknown[]> {
  const recorder = new Recorder(library, { backend, proxy });
  try {
    await row.act(recorder);
    return [...recorder.events];
  } finally {
    recorder.close();
  }
}

describe("pusher-js and our drop-in report the same", () => {
  test.each(rows.filter(({ differs }) => !differs))("$name", async (row) => {
    const official = await play(row, PusherJs);
    expect(official).not.toEqual([]);
    expect(await play(row, OurPusherJs)).toEqual(official);
  });
});

describe("our drop-in differs on purpose", () => {
  test.each(rows.filter(({ differs }) => differs))("$name: $differs.because", async (row) => {
    const official = await play(row, PusherJs);
    const ours = await play(row, OurPusherJs);
    expect(ours).not.toEqual(official);
    expect(ours).toEqual(row.differs?.ours(official));
  });
});
