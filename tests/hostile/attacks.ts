import { setTimeout as wait } from "node:timers/promises";
import { callApi, send } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { closeFrame, frame, opcodes, TcpClient, textFrame, upgradeRequest } from "../fixtures/tcp-client.ts";

/** Something that nobody means well with. */
export interface Attack {
  readonly name: string;
  /** Runs it to its end: everything that it opened is gone when it resolves. */
  readonly run: (port: number) => Promise<void>;
}

const ping = '{"event":"pusher:ping"}';
const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const internals = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

/** Far more than a server may keep for one client. */
const floodBytes = 32 * 1_024 * 1_024;

/** Every attack of the suite. */
export const attacks: readonly Attack[] = [
  {
    name: "[FRAME8] deep JSON in messages",
    run: (port) =>
      withClient(port, async (client) => {
        await client.subscribe("private-deep");
        for (let round = 0; round < 50; round += 1) {
          client.send(deep(7_000));
          client.send(`{"event":"client-a","channel":"private-deep","data":${deep(7_000)}}`);
          client.send(`{"event":"pusher:subscribe","data":${deep(7_000)}}`);
          client.send({ event: "pusher:signin", data: { auth: deep(10), user_data: deep(5_000) } });
          client.send(`{"a":`.repeat(2_000));
        }
        await client.settled();
      }),
  },
  {
    name: "[FRAME8] deep JSON in requests",
    run: async (port) => {
      for (let round = 0; round < 5; round += 1) {
        await callApi(port, { path: "/events", body: deep(100_000) });
        await callApi(port, { path: "/events", body: `{"name":"e","channel":"a","data":${deep(100_000)}}` });
        await callApi(port, { path: "/batch_events", body: `{"batch":${deep(100_000)}}` });
      }
    },
  },
  {
    name: "[FRAME8] names of object internals as names and ids",
    run: (port) =>
      withClient(port, async (client) => {
        for (const name of internals) {
          await client.subscribe(name);
          await client.subscribe(`private-${name}`);
          await client.join(`presence-${name}`, name, { [name]: name });
          client.send({ event: name, channel: name, data: { [name]: name } });
          client.send({ event: `client-${name}`, channel: `presence-${name}`, data: { [name]: name } });
          await callApi(port, { path: "/events", body: { name, channels: [name, `presence-${name}`], data: name } });
          await callApi(port, { method: "GET", path: `/channels/presence-${name}/users` });
          await callApi(port, { method: "GET", path: "/channels", query: [[name, name]], appId: name });
          await callApi(port, { path: `/users/${name}/terminate_connections`, body: {} });
        }
        client.send('{"__proto__":{"event":"pusher:ping"},"constructor":{"prototype":{"polluted":true}}}');
        await client.signIn({ id: "__proto__", user_info: { ["__proto__"]: 1 }, watchlist: internals });
        await client.settled();
      }),
  },
  {
    name: "[FRAME6] text that is not UTF-8",
    run: (port) =>
      times(50, async () => {
        const client = await TcpClient.upgraded(port);
        client.write(frame({ opcode: opcodes.text, payload: Buffer.from([0x7b, 0xff, 0xc0, 0x80]) }));
        await client.ended;
        await callApi(port, { path: "/events", sentBody: Buffer.from([0xff, 0xfe, 0x00]) });
        await send(port, "GET", "/apps/%ff%fe/%c0%80?%ff=%fe");
      }),
  },
  {
    name: "[FALL9] [FALL10] SockJS without a path, with wrong paths and with wrong frames",
    run: (port) =>
      times(50, async (round) => {
        const client = new TcpClient(port);
        client.write(upgradeRequest({}, `GET /pusher/000/${round}/websocket HTTP/1.1`));
        const path = JSON.stringify([JSON.stringify({ path: "/app/app-key?protocol=7" })]);
        const bad = ["", deep(5_000), JSON.stringify(['{"path":{"path":"/app/app-key"}}']), path.slice(1), path];
        client.write(textFrame(bad[round % bad.length] ?? ""));
        client.write(textFrame(JSON.stringify(Array.from({ length: 2_000 }, () => ping))));
        await Promise.race([client.ended, wait(50)]);
        client.drop();
        const session = `/pusher/000/${round}`;
        await send(port, "POST", `${session}/xhr`);
        await send(port, "POST", `${session}/xhr_send`, bad[round % bad.length]);
      }),
  },
  {
    name: "[FRAME7] messages in thousands of fragments, most never finished",
    run: (port) =>
      times(20, async (round) => {
        const client = await TcpClient.upgraded(port);
        client.write(frame({ opcode: opcodes.text, fin: false }));
        const empty = frame({ opcode: opcodes.continuation, fin: false });
        client.write(Buffer.concat(Array.from({ length: 10_000 }, () => empty)));
        client.write(frame({ opcode: opcodes.continuation, payload: "x".repeat(14_000), fin: false }));
        if (round % 2 === 0) client.write(frame({ opcode: opcodes.continuation, payload: "x".repeat(14_000) }));
        await Promise.race([client.ended, wait(50)]);
        client.drop();
      }),
  },
  {
    name: "[FRAME9] frames without a mask, random bytes, and lengths that lie",
    run: (port) =>
      times(50, async (round) => {
        const client = await TcpClient.upgraded(port);
        const bad = [
          frame({ opcode: opcodes.text, payload: ping, masked: false }),
          Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 37 + round * 11 + 3) % 256)),
          frame({ opcode: opcodes.text, statedLength: 1n << 62n }),
          frame({ opcode: opcodes.ping, payload: "x".repeat(126) }),
          closeFrame(1005),
        ];
        client.write(bad[round % bad.length] ?? "");
        await Promise.race([client.ended, wait(50)]);
        client.drop();
      }),
  },
  {
    name: "[LIVE3] [CLOSE4] a flood of pings, and nobody reads the answers",
    run: (port) =>
      flood(
        port,
        Buffer.concat(Array.from({ length: 500 }, () => frame({ opcode: opcodes.ping, payload: "x".repeat(125) }))),
      ),
  },
  {
    name: "[LIVE1] [CLOSE4] a flood of pusher:ping, and nobody reads the answers",
    run: (port) => flood(port, Buffer.concat(Array.from({ length: 500 }, () => textFrame(ping)))),
  },
  {
    name: "[LIVE1] a flood of pusher:ping that is read",
    run: async (port) => {
      const client = await RawClient.connect(port);
      client.socket.removeAllListeners("message");
      let answers = 0;
      const answered = new Promise<void>((resolve) => {
        client.socket.on("message", () => {
          answers += 1;
          if (answers === 60_000) resolve();
        });
      });
      for (let sent = 0; sent < 60_000; sent += 1) {
        client.send(ping);
        // This process has a healthy client to look after, too.
        if (sent % 1_000 === 0) await wait(0);
      }
      await answered;
      await client.close();
    },
  },
  {
    name: "[CONN13] requests that never finish, in their head, in their body, or byte by byte",
    run: async (port) => {
      const request = upgradeRequest({ "X-Long": "x".repeat(10_000) });
      const halves = Array.from({ length: 300 }, (_, index) => request.slice(0, (index * 7) % 200));
      const bodies = Array.from(
        { length: 100 },
        () => "POST /apps/1001/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
      );
      const clients = [...halves, ...bodies].map((bytes) => {
        const client = new TcpClient(port);
        client.write(bytes);
        return client;
      });
      const slow = Array.from({ length: 50 }, () => new TcpClient(port));
      let sent = 0;
      const drip = setInterval(() => {
        for (const client of slow) client.write(request.charAt(sent));
        sent += 1;
      }, 10);
      await Promise.all([...clients, ...slow].map(({ ended }) => ended));
      clearInterval(drip);
    },
  },
  {
    name: "[FRAME7] a message byte by byte from many",
    run: async (port) => {
      const clients = await Promise.all(Array.from({ length: 50 }, () => TcpClient.upgraded(port)));
      for (const byte of textFrame(ping)) {
        for (const client of clients) client.write(Uint8Array.of(byte));
        await wait(1);
      }
      await Promise.all(clients.map((client) => client.frame()));
      for (const client of clients) client.drop();
    },
  },
  {
    name: "[SUB7] [SUB9] ten thousand subscriptions, given up and taken back",
    run: (port) =>
      withClient(port, async (client) => {
        for (let index = 0; index < 10_000; index += 1) {
          client.send({ event: "pusher:subscribe", data: { channel: `churn-${index}` } });
          client.unsubscribe(`churn-${index}`);
          if (index % 500 === 499) await client.settled();
        }
        for (let index = 0; index < 1_200; index += 1) client.sendSubscribe(`kept-${index}`);
        await client.settled();
      }),
  },
  {
    name: "[NAME1] [NAME3] [NAME4] very long names, keys and ids",
    run: (port) =>
      withClient(port, async (client) => {
        const long = "x".repeat(13_000);
        for (let round = 0; round < 50; round += 1) {
          client.sendSubscribe(long);
          client.unsubscribe(long);
          client.send({ event: `client-${long}`, channel: "private-a", data: 1 });
          client.send({ event: long });
          client.send({
            event: "pusher:subscribe",
            data: { channel: "private-a", auth: `${long}:${long.slice(0, 100)}` },
          });
          client.send({ event: "pusher:signin", data: { auth: "app-key:", user_data: long } });
        }
        await client.settled();
        await callApi(port, { path: "/events", body: { name: long, channel: long, data: "1", socket_id: long } });
        await callApi(port, { method: "GET", path: `/channels/${long}` });
        await send(port, "GET", `/${long}?${long}=${long}`.slice(0, 15_000));
        await new RawClient(port, { path: `/app/${long}?protocol=7` }).closed;
      }),
  },
  {
    name: "[FRAME11] messages from a hundred connections at once",
    run: async (port) => {
      const clients = await Promise.all(Array.from({ length: 100 }, () => TcpClient.upgraded(port)));
      await floodAll(clients, textFrame(ping));
    },
  },
  {
    name: "[FRAME11] pipelined requests from a hundred connections at once",
    run: (port) =>
      floodAll(
        Array.from({ length: 100 }, () => new TcpClient(port)),
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      ),
  },
  {
    name: "[SUB9] connections that come and go by the hundred",
    run: (port) =>
      times(10, async () => {
        const clients = await Promise.all(Array.from({ length: 100 }, () => RawClient.connect(port)));
        for (const [index, client] of clients.entries()) client.sendSubscribe(`private-crowd-${index % 10}`);
        for (const client of clients) client.drop();
        await Promise.all(clients.map(({ closed }) => closed));
      }),
  },
];

async function withClient(port: number, act: (client: RawClient) => Promise<void>): Promise<void> {
  const client = await RawClient.connect(port);
  await act(client);
  await client.close();
}

async function times(rounds: number, act: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await act(round);
}

/** Sends the same thing over and over on all connections, as much as one read takes, and ends them a second later. */
async function floodAll(clients: readonly TcpClient[], part: Buffer | string): Promise<void> {
  const bytes = Buffer.concat(Array.from({ length: Math.floor(65_536 / part.length) }, () => Buffer.from(part)));
  for (const { socket } of clients) {
    socket.removeAllListeners("data").resume();
    socket.write(bytes);
  }
  await wait(1_000);
  for (const client of clients) client.drop();
  await Promise.all(clients.map(({ ended }) => ended));
}

/** Writes until the server ends the connection or stops reading, and reads nothing. */
async function flood(port: number, bytes: Buffer): Promise<void> {
  const client = await TcpClient.upgraded(port);
  client.socket.pause();
  const writable = (): Promise<string> =>
    new Promise((resolve) => client.socket.once("drain", () => resolve("writable")));
  for (let sent = 0; sent < floodBytes && !client.socket.destroyed; sent += bytes.length) {
    if (client.socket.write(bytes)) continue;
    const outcome = await Promise.race([writable(), client.ended, wait(1_000)]);
    if (outcome !== "writable") break;
  }
  client.drop();
  await client.ended;
}
