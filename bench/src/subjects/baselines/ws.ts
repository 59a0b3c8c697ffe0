/** Baseline: what one writes with `ws` in ten minutes. One `send` per subscriber and event. */
import { createServer } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { confirmation, frameText, greeting, publishEndpoint, subscriptionOf } from "./publish-endpoint.ts";

const channels = new Map<string, Set<WebSocket>>();
const server = createServer(
  publishEndpoint((event) => {
    const frame = frameText(event);
    for (const socket of channels.get(event.channel) ?? []) socket.send(frame);
  }),
);
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
  const joined = new Set<string>();
  socket.on("message", (message: Buffer) => {
    const channel = subscriptionOf(message.toString());
    const subscribers = channels.get(channel) ?? new Set();
    channels.set(channel, subscribers.add(socket));
    joined.add(channel);
    socket.send(confirmation(channel));
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    for (const channel of joined) channels.get(channel)?.delete(socket);
  });
  socket.send(greeting);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
