/** Baseline: uWebSockets, a server in C++, with its own topics. The package holds its binaries and is not published by its makers. */
import { createRequire } from "node:module";
import { confirmation, eventsOf, frameText, greeting, subscriptionOf } from "./publish-endpoint.ts";

/** The part of the package that is used here. */
interface UwsSocket {
  send(text: string): number;
  subscribe(topic: string): boolean;
}
interface UwsResponse {
  onAborted(aborted: () => void): void;
  onData(read: (chunk: ArrayBuffer, isLast: boolean) => void): void;
  end(body: string): void;
}
interface UwsApp {
  ws(
    path: string,
    behavior: {
      readonly maxBackpressure: number;
      open(socket: UwsSocket): void;
      message(socket: UwsSocket, message: ArrayBuffer): void;
    },
  ): UwsApp;
  post(path: string, handle: (response: UwsResponse) => void): UwsApp;
  listen(host: string, port: number, done: () => void): UwsApp;
  publish(topic: string, text: string): boolean;
}

/** Bytes that may wait for a subscriber: with the default it would miss events. */
const unlimited = 1_024 ** 3;
// A CommonJS package with native code.
const { App } = createRequire(import.meta.url)("@trufflesuite/uws-js-unofficial") as { readonly App: () => UwsApp };
const app = App();

function publish(response: UwsResponse): void {
  const chunks: Buffer[] = [];
  response.onAborted(() => undefined);
  response.onData((chunk, isLast) => {
    // The chunk is valid only now.
    chunks.push(Buffer.from(Buffer.from(chunk)));
    if (!isLast) return;
    for (const event of eventsOf(Buffer.concat(chunks).toString())) app.publish(event.channel, frameText(event));
    response.end("{}");
  });
}

app
  .ws("/app/*", {
    maxBackpressure: unlimited,
    open: (socket) => void socket.send(greeting),
    message(socket, message) {
      const channel = subscriptionOf(Buffer.from(message).toString());
      socket.subscribe(channel);
      socket.send(confirmation(channel));
    },
  })
  .post("/*", publish)
  .listen("127.0.0.1", Number(process.argv[2]), () => undefined);
