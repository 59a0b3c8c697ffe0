/**
 * Baseline: Sealcast's way of fanning out and nothing else. Frames are collected per connection and written once per turn
 * of the event loop, a slice of the connections per turn. No authentication, no limits, no byte counts, no metrics: the
 * difference to the real server is what those cost.
 */
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import { confirmation, frameText, greeting, publishEndpoint, subscriptionOf, textFrame } from "./publish-endpoint.ts";

/** Frames that wait, newest last; connections with the same list hold the same object. */
interface Pending {
  readonly frames: readonly Buffer[];
  joined?: Buffer;
  next?: Pending;
}
interface Connection {
  readonly socket: Socket;
  pending: Pending;
}

const writesPerTurn = 64;
const nothing: Pending = { frames: [] };
const channels = new Map<string, Set<Connection>>();
const dirty = new Set<Connection>();
let scheduled = false;

function append(connection: Connection, frame: Buffer): void {
  const { pending } = connection;
  if (pending.next?.frames.at(-1) !== frame) pending.next = { frames: [...pending.frames, frame] };
  connection.pending = pending.next;
  dirty.add(connection);
  if (!scheduled) setImmediate(flush);
  scheduled = true;
}

function flush(): void {
  let writes = 0;
  for (const connection of dirty) {
    const { pending } = connection;
    pending.joined ??= Buffer.concat(pending.frames);
    connection.socket.write(pending.joined);
    connection.pending = nothing;
    dirty.delete(connection);
    writes += 1;
    if (writes === writesPerTurn) break;
  }
  scheduled = dirty.size > 0;
  if (scheduled) setImmediate(flush);
  else delete nothing.next;
}

const server = createServer(
  publishEndpoint((event) => {
    const frame = textFrame(frameText(event));
    for (const connection of channels.get(event.channel) ?? []) append(connection, frame);
  }),
);
const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on("upgrade", (request, stream, head) => {
  webSockets.handleUpgrade(request, stream, head, (ws) => {
    const connection: Connection = { socket: request.socket, pending: nothing };
    const joined = new Set<string>();
    ws.on("message", (message: Buffer) => {
      const channel = subscriptionOf(message.toString());
      const subscribers = channels.get(channel) ?? new Set();
      channels.set(channel, subscribers.add(connection));
      joined.add(channel);
      append(connection, textFrame(confirmation(channel)));
    });
    ws.on("error", () => ws.terminate());
    ws.on("close", () => {
      dirty.delete(connection);
      for (const channel of joined) channels.get(channel)?.delete(connection);
    });
    append(connection, textFrame(greeting));
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
