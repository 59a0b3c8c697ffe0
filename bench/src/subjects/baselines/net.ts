/**
 * Baseline: what `node:net` costs by itself. Its sockets have no other object. It takes handshakes, subscriptions, pings and
 * publishes only as the load generator sends them, one in each read, and writes each event to each socket at once.
 */
import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { confirmation, eventsOf, frameText, greeting, subscriptionOf, textFrame } from "./publish-endpoint.ts";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const accepted = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const pong = Buffer.from([0x8a, 0]);
const channels = new Map<string, Set<Socket>>();

function read(this: Socket, chunk: Buffer): void {
  if (chunk[0] === 0x47) this.write(Buffer.concat([handshake(chunk.toString("latin1")), textFrame(greeting)]));
  else if (chunk[0] === 0x50) publish(this, chunk);
  else if (chunk[0] === 0x89) this.write(pong);
  else subscribe(this, subscriptionOf(unmasked(chunk)));
}

function handshake(head: string): Buffer {
  const key = /sec-websocket-key: *(\S+)/i.exec(head)?.[1] ?? "";
  const accept = createHash("sha1")
    .update(key + guid)
    .digest("base64");
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

function publish(socket: Socket, request: Buffer): void {
  for (const event of eventsOf(request.toString("utf8", request.indexOf("\r\n\r\n") + 4))) {
    const frame = textFrame(frameText(event));
    for (const subscriber of channels.get(event.channel) ?? []) subscriber.write(frame);
  }
  socket.write(accepted);
}

function subscribe(socket: Socket, channel: string): void {
  channels.set(channel, (channels.get(channel) ?? new Set()).add(socket));
  socket.write(textFrame(confirmation(channel)));
}

/** The text of one masked frame. */
function unmasked(frame: Buffer): string {
  const maskAt = (frame[1] ?? 0) === 0xfe ? 4 : 2;
  const payload = frame.subarray(maskAt + 4);
  return payload.map((byte, index) => byte ^ (frame[maskAt + (index & 3)] ?? 0)).toString();
}

function leave(this: Socket): void {
  for (const subscribers of channels.values()) subscribers.delete(this);
  this.destroy();
}

createServer((socket) => {
  socket.on("data", read);
  socket.on("error", leave);
  socket.on("close", leave);
}).listen(Number(process.argv[2]), "127.0.0.1");
