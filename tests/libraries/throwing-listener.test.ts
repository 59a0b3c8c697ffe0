import { Sealcast, whenSubscribed } from "@sealcast/client";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { startServerWithBackend } from "../fixtures/server-with-backend.ts";

const { server, backend } = await startServerWithBackend();

/** Messages of the exceptions that nobody has caught; the runner does not hear of them. */
let uncaught: string[];
let runners: NodeJS.UncaughtExceptionListener[];
const note = ({ message }: Error): void => void uncaught.push(message);
beforeEach(() => {
  uncaught = [];
  runners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", note);
});
afterEach(() => {
  process.off("uncaughtException", note);
  for (const runner of runners) process.on("uncaughtException", runner);
});

test.each(["ws", "xhr_streaming", "xhr_polling"])(
  "what a listener throws is uncaught, once, and the connection over %s goes on",
  async (transport) => {
    const client = new Sealcast("app-key", { url: server.url, enabledTransports: [transport] });
    onTestFinished(() => client.disconnect());
    const states: string[] = [];
    const channel = await whenSubscribed(client.subscribe("news"));
    client.connection.bind("state_change", ({ current }) => states.push(current));
    const received: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      channel.bind("created", (data) => {
        received.push(data);
        if (data === 3) resolve();
        throw new Error(`at ${String(data)}`);
      });
    });
    for (const data of [1, 2, 3]) await backend.pusher.trigger("news", "created", data);
    await all;
    await expect.poll(() => uncaught).toEqual(["at 1", "at 2", "at 3"]);
    expect(received).toEqual([1, 2, 3]);
    expect(states).toEqual([]);
  },
);

test.each(["ws", "xhr_streaming", "xhr_polling"])(
  "what a listener throws when the server refuses a connection over %s is uncaught",
  async (transport) => {
    const client = new Sealcast("unknown", { url: server.url, enabledTransports: [transport] });
    client.connection.bind("disconnected", () => {
      throw new Error("mine");
    });
    await expect.poll(() => uncaught).toEqual(["mine"]);
    expect(client.connection.state).toBe("disconnected");
  },
);
