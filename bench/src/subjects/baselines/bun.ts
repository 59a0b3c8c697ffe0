/** Baseline, run by Bun: its HTTP and WebSocket server with native topics, and nothing else. */
import { confirmation, eventsOf, frameText, greeting, subscriptionOf } from "./publish-endpoint.ts";

/** The part of Bun's API that is used here; `bun-types` would clash with Node's. */
interface BunSocket {
  send(text: string): number;
  subscribe(topic: string): void;
}
interface BunServer {
  upgrade(request: Request): boolean;
  publish(topic: string, text: string): number;
}
declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    fetch(request: Request, server: BunServer): Promise<Response | undefined>;
    websocket: { open(socket: BunSocket): void; message(socket: BunSocket, text: string): void };
  }): BunServer;
};

Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  async fetch(request, server) {
    if (request.method !== "POST") return server.upgrade(request) ? undefined : new Response("{}");
    for (const event of eventsOf(await request.text())) server.publish(event.channel, frameText(event));
    return new Response("{}");
  },
  websocket: {
    open: (socket) => void socket.send(greeting),
    message(socket, text) {
      const channel = subscriptionOf(text);
      socket.subscribe(channel);
      socket.send(confirmation(channel));
    },
  },
});
