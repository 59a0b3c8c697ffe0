import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeFrame, frame, opcodes, TcpClient, textFrame, type FrameShape } from "../../../fixtures/tcp-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { maxFrameBytes: 14_336 } });
});
afterAll(() => server.close());

const { continuation, text, binary, close, ping, pong } = opcodes;
const pingEvent = '{"event":"pusher:ping"}';
const pongEvent = '{"event":"pusher:pong","data":"{}"}';
/** Text of exactly this many bytes that is a ping. */
function paddedPing(bytes: number): string {
  return pingEvent + " ".repeat(bytes - pingEvent.length);
}

/** What the server answers to these frames, by opcode and payload; a close as its code. */
async function exchange(bytes: readonly Uint8Array[], answers: number): Promise<unknown[]> {
  const client = await TcpClient.upgraded(server.port);
  for (const part of bytes) client.write(part);
  const received: unknown[] = [];
  while (received.length < answers) {
    const answer = await client.frame();
    if (answer === undefined) break;
    received.push([
      answer.opcode,
      answer.opcode === close ? answer.payload.readUInt16BE(0) : answer.payload.toString(),
    ]);
  }
  client.drop();
  return received;
}

describe("framing (RFC 6455, section 5; the numbers of the Autobahn cases they stand for)", () => {
  test.each([
    ["1.1.1 the shortest message", pingEvent.length],
    ["1.1.2 125 bytes", 125],
    ["1.1.3 126 bytes, the 16-bit form", 126],
    ["1.1.4 127 bytes", 127],
    ["1.1.5 128 bytes", 128],
    ["1.1.6 10,000 bytes", 10_000],
  ])("[FRAME9] %s", async (_, bytes) => {
    expect(await exchange([textFrame(paddedPing(bytes))], 1)).toEqual([[text, pongEvent]]);
  });

  test.each([
    ["5.2 a short length in the 16-bit form", { lengthForm: 16 }],
    ["5.2 a short length in the 64-bit form", { lengthForm: 64 }],
  ] as const)("[FRAME9] %s is read", async (_, shape) => {
    expect(await exchange([frame({ opcode: text, payload: pingEvent, ...shape })], 1)).toEqual([[text, pongEvent]]);
  });

  test("[FRAME9] 1.1.7 a message may come byte by byte", async () => {
    const bytes = [...textFrame(pingEvent)].map((byte) => Uint8Array.of(byte));
    expect(await exchange(bytes, 1)).toEqual([[text, pongEvent]]);
  });

  test("[FRAME9] several messages may come at once", async () => {
    const bytes = Buffer.concat([textFrame(pingEvent), textFrame(pingEvent), textFrame(pingEvent)]);
    expect(await exchange([bytes], 3)).toEqual([
      [text, pongEvent],
      [text, pongEvent],
      [text, pongEvent],
    ]);
  });

  test.each<readonly [string, FrameShape, number]>([
    ["1.2 a binary message (1003: ours, not the RFC's)", { opcode: binary, payload: "x" }, 1003],
    ["2.5 a ping of 126 bytes", { opcode: ping, payload: "x".repeat(126) }, 1002],
    ["3.1 a reserved bit", { opcode: text, payload: pingEvent, reserved: 1 }, 1002],
    ["3.2 another reserved bit", { opcode: text, payload: pingEvent, reserved: 2 }, 1002],
    ["3.3 the bit of a compression that was not agreed on", { opcode: text, payload: pingEvent, reserved: 4 }, 1002],
    ["3.4 every reserved bit", { opcode: text, payload: pingEvent, reserved: 7 }, 1002],
    ["3.5 a reserved bit of a ping", { opcode: ping, reserved: 1 }, 1002],
    ["4.1.1 opcode 3", { opcode: 3, payload: "x" }, 1002],
    ["4.1.2 opcode 4", { opcode: 4 }, 1002],
    ["4.1.5 opcode 7", { opcode: 7 }, 1002],
    ["4.2.1 opcode 11", { opcode: 11 }, 1002],
    ["4.2.5 opcode 15", { opcode: 15 }, 1002],
    ["5.1 a ping in fragments", { opcode: ping, payload: "x", fin: false }, 1002],
    ["5.2 a pong in fragments", { opcode: pong, payload: "x", fin: false }, 1002],
    ["5.9 a continuation of nothing", { opcode: continuation, payload: "x" }, 1002],
    ["5.9 a continuation of nothing that goes on", { opcode: continuation, payload: "x", fin: false }, 1002],
    ["5.1 of the RFC: a frame without a mask", { opcode: text, payload: pingEvent, masked: false }, 1002],
    ["5.1 of the RFC: a ping without a mask", { opcode: ping, masked: false }, 1002],
    ["5.2 of the RFC: a length above 2^53", { opcode: text, statedLength: 1n << 60n }, 1009],
    ["5.2 of the RFC: a length with the highest bit", { opcode: text, statedLength: 1n << 63n }, 1009],
    ["9 a message above the server's limit", { opcode: text, payload: "x".repeat(20_000) }, 1009],
    ["9 a length above the limit, before the message came", { opcode: text, statedLength: 1_000_000n }, 1009],
    [
      "6.2 text that is not UTF-8",
      { opcode: text, payload: Buffer.from([0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xcf, 0x80, 0xed, 0xa0, 0x80]) },
      1007,
    ],
    ["6.3 text with a byte that is never UTF-8", { opcode: text, payload: Buffer.from([0x61, 0xff, 0x62]) }, 1007],
    ["6.x an overlong form", { opcode: text, payload: Buffer.from([0xc0, 0xaf]) }, 1007],
    ["6.x a surrogate", { opcode: text, payload: Buffer.from([0xed, 0xa0, 0x80]) }, 1007],
    ["6.x above U+10FFFF", { opcode: text, payload: Buffer.from([0xf4, 0x90, 0x80, 0x80]) }, 1007],
    ["7.3.2 a close with one byte", { opcode: close, payload: "x" }, 1002],
    ["7.3.6 a close of more than 125 bytes", { opcode: close, payload: "x".repeat(126) }, 1002],
    [
      "7.5.1 a close whose reason is not UTF-8",
      {
        opcode: close,
        payload: Buffer.concat([
          Buffer.from([3, 232]),
          Buffer.from([0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xcf, 0x80, 0xed, 0xa0, 0x80]),
        ]),
      },
      1007,
    ],
  ])("[FRAME9] [FRAME6] %s is closed", async (_, shape, code) => {
    const client = await TcpClient.upgraded(server.port);
    client.write(frame(shape));
    expect(await client.closeCode()).toBe(code);
    client.write(closeFrame(code));
    await client.ended;
  });

  test.each([
    [
      "5.3 two fragments",
      [
        frame({ opcode: text, payload: '{"event":"push', fin: false }),
        frame({ opcode: continuation, payload: 'er:ping"}' }),
      ],
    ],
    [
      "5.6 a ping between fragments",
      [
        frame({ opcode: text, payload: pingEvent.slice(0, 5), fin: false }),
        frame({ opcode: pong }),
        frame({ opcode: continuation, payload: pingEvent.slice(5) }),
      ],
    ],
    [
      "5.19 many fragments, empty ones among them",
      [
        frame({ opcode: text, fin: false }),
        ...pingEvent.split("").map((letter) => frame({ opcode: continuation, payload: letter, fin: false })),
        frame({ opcode: continuation }),
      ],
    ],
    [
      "6.4 a letter cut in two",
      [
        frame({ opcode: text, payload: Buffer.from('{"event":"pusher:ping","x":"é').subarray(0, -1), fin: false }),
        frame({ opcode: continuation, payload: Buffer.concat([Buffer.from([0xa9]), Buffer.from('"}')]) }),
      ],
    ],
  ])("[FRAME7] %s", async (_, frames) => {
    expect(await exchange(frames, 1)).toEqual([[text, pongEvent]]);
  });

  test("[FRAME7] 5.18 a new message within a fragmented one is closed", async () => {
    const frames = [frame({ opcode: text, payload: "{", fin: false }), textFrame(pingEvent)];
    expect(await exchange(frames, 1)).toEqual([[close, 1002]]);
  });

  test("[FRAME6] fragments count together", async () => {
    const part = "x".repeat(5_000);
    const frames = [
      frame({ opcode: text, payload: part, fin: false }),
      ...[1, 2].map(() => frame({ opcode: continuation, payload: part, fin: false })),
    ];
    expect(await exchange(frames, 1)).toEqual([[close, 1009]]);
  });

  test.each([
    ["2.1 an empty ping", ""],
    ["2.2 a small one", "Hello"],
    ["2.3 one that is not text", "\u0000\u0001"],
    ["2.4 the largest", "x".repeat(125)],
  ])("[LIVE3] %s is answered with its own bytes", async (_, payload) => {
    expect(await exchange([frame({ opcode: ping, payload })], 1)).toEqual([[pong, payload]]);
  });

  test("[LIVE3] 2.10 ten pings are answered in their order", async () => {
    const payloads = Array.from({ length: 10 }, (_, index) => `ping ${index}`);
    const answers = await exchange(
      payloads.map((payload) => frame({ opcode: ping, payload })),
      10,
    );
    expect(answers).toEqual(payloads.map((payload) => [pong, payload]));
  });

  test("[FRAME9] 2.7 pongs that nobody asked for are ignored", async () => {
    const frames = [frame({ opcode: pong, payload: "x" }), frame({ opcode: pong }), textFrame(pingEvent)];
    expect(await exchange(frames, 1)).toEqual([[text, pongEvent]]);
  });
});
