import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { callApi } from "../../../fixtures/api-request.ts";
import { startBunServer } from "../../../fixtures/bun-server.ts";
import { dataOf, RawClient } from "../../../fixtures/raw-client.ts";
import { closeFrame, frame, opcodes, TcpClient, textFrame } from "../../../fixtures/tcp-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe("closing (RFC 6455, section 7)", () => {
  test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])(
    "[FRAME9] 7.7 the code %i is answered, and the connection ends",
    async (code) => {
      const client = await TcpClient.upgraded(server.port);
      client.write(closeFrame(code, "bye"));
      expect(await client.closeCode()).toBe(code);
      await client.ended;
    },
  );

  test.each([0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535])(
    "[FRAME9] 7.9 the code %i may not be sent, and is closed with 1002",
    async (code) => {
      const client = await TcpClient.upgraded(server.port);
      client.write(closeFrame(code));
      expect(await client.closeCode()).toBe(1002);
      await client.ended;
    },
  );

  test("[FRAME9] 7.3.1 a close without a code", async () => {
    const client = await TcpClient.upgraded(server.port);
    client.write(frame({ opcode: opcodes.close }));
    expect(await client.closeCode()).toBe(1005);
    await client.ended;
  });

  test("[FRAME9] 7.1.2 what comes after a close is not read", async () => {
    const client = await TcpClient.upgraded(server.port);
    client.write(
      Buffer.concat([closeFrame(1000), textFrame('{"event":"pusher:ping"}'), frame({ opcode: opcodes.ping })]),
    );
    expect((await client.frame())?.opcode).toBe(opcodes.close);
    expect(await client.frame()).toBeUndefined();
  });

  test("[FRAME9] 5.1 what came before a close is handled", async () => {
    const watcher = await RawClient.connect(server.port);
    await watcher.subscribe("before-close");
    await watcher.settled();
    const client = await TcpClient.upgraded(server.port);
    const subscribe = textFrame('{"event":"pusher:subscribe","data":{"channel":"before-close"}}');
    client.write(Buffer.concat([subscribe, closeFrame(1000)]));
    expect(await client.closeCode()).toBe(1000);
    expect(dataOf(await watcher.next("pusher_internal:subscription_count"))).toEqual({ subscription_count: 2 });
    expect(dataOf(await watcher.next("pusher_internal:subscription_count"))).toEqual({ subscription_count: 1 });
    await watcher.close();
  });

  test("[CLOSE2] what is too big, or is no text, is closed with a reason", async () => {
    for (const [payload, code, reason] of [
      [Buffer.alloc(200_000, 97), 1009, "Message too big"],
      [Buffer.from([0xc3, 0x28]), 1007, "Text must be UTF-8"],
    ] as const) {
      const client = await TcpClient.upgraded(server.port);
      client.write(frame({ opcode: opcodes.text, payload, lengthForm: payload.length > 65_535 ? 64 : "shortest" }));
      let last = await client.frame();
      while (last !== undefined && last.opcode !== opcodes.close) last = await client.frame();
      expect(last?.payload.readUInt16BE(0)).toBe(code);
      expect(last?.payload.subarray(2).toString()).toBe(reason);
    }
  });
});

test.each([
  { what: "Node.js", start: () => startServer() },
  { what: "Node.js with compression", start: () => startServer({ settings: { compression: true } }) },
  { what: "Bun", start: () => startBunServer() },
])(
  "[CLOSE9] on $what, no count includes a client whose Close frame was answered, although it keeps the socket open",
  async ({ start }) => {
    const own = await start();
    onTestFinished(() => own.close());
    const query = [["info", "subscription_count"]] as const;
    const count = async (): Promise<unknown> =>
      JSON.parse((await callApi(own.port, { method: "GET", path: "/channels/half-closed", query })).body);
    const client = await TcpClient.upgraded(own.port, true);
    onTestFinished(() => client.drop());
    client.write(textFrame('{"event":"pusher:subscribe","data":{"channel":"half-closed"}}'));
    await client.frame();
    expect(await count()).toEqual({ occupied: true, subscription_count: 1 });
    client.write(closeFrame(1000));
    expect(await client.closeCode()).toBe(1000);
    expect(await count()).toEqual({ occupied: false, subscription_count: 0 });
  },
);
