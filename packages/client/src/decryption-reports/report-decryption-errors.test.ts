import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Emitter } from "../emitter.ts";
import { reportDecryptionErrors, type ReportingChannel, type ReportingClient } from "./report-decryption-errors.ts";

interface Failure {
  readonly event: string;
  readonly reason: string;
}

class ScriptedChannel extends Emitter<{ "pusher:decryption_error": Failure }> implements ReportingChannel {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  fail(event = "paid"): void {
    const failure = { event, reason: "no-key", secret: "never sent" };
    this.emit("pusher:decryption_error", failure);
  }
}

/** A client whose connection a test scripts. */
class ScriptedClient implements ReportingClient {
  readonly sent: unknown[] = [];
  readonly channels: ScriptedChannel[] = [];
  readonly connection = new Emitter<{ message: { readonly event: string } }>();
  connected = true;

  allChannels(): ScriptedChannel[] {
    return this.channels;
  }

  send_event(event: string, data: unknown, channel?: string): boolean {
    if (this.connected) this.sent.push([event, data, channel]);
    return this.connected;
  }

  subscribe(name: string): ScriptedChannel {
    const channel = new ScriptedChannel(name);
    this.channels.push(channel);
    this.connection.emit("message", { event: "pusher_internal:subscription_succeeded" });
    return channel;
  }
}

const reportOf = (channel: string, event = "paid"): unknown => [
  "sealcast:decryption-error",
  { event, reason: "no-key" },
  channel,
];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("[ENC4] reports errors of channels that were there before, and of later ones, without anything else", () => {
  const client = new ScriptedClient();
  const early = client.subscribe("early");
  reportDecryptionErrors(client);
  const late = client.subscribe("late");
  early.fail();
  late.fail("shipped");
  expect(client.sent).toEqual([reportOf("early"), reportOf("late", "shipped")]);
});

test("reports a channel once a minute", () => {
  const client = new ScriptedClient();
  reportDecryptionErrors(client);
  const channel = client.subscribe("a");
  for (let second = 0; second < 120; second += 1) {
    channel.fail(`event-${second}`);
    vi.advanceTimersByTime(1_000);
  }
  expect(client.sent).toEqual([reportOf("a", "event-0"), reportOf("a", "event-60")]);
});

test("reports ten channels a minute", () => {
  const client = new ScriptedClient();
  reportDecryptionErrors(client);
  const channels = Array.from({ length: 30 }, (_, index) => client.subscribe(`channel-${index}`));
  for (const channel of channels) channel.fail();
  expect(client.sent).toHaveLength(10);
  vi.advanceTimersByTime(60_000);
  channels.at(-1)?.fail();
  expect(client.sent.at(-1)).toEqual(reportOf("channel-29"));
});

test("what could not be sent does not count", () => {
  const client = new ScriptedClient();
  reportDecryptionErrors(client);
  const channel = client.subscribe("a");
  client.connected = false;
  channel.fail();
  client.connected = true;
  channel.fail();
  expect(client.sent).toEqual([reportOf("a")]);
});

test("does nothing after it was ended", () => {
  const client = new ScriptedClient();
  const early = client.subscribe("early");
  reportDecryptionErrors(client)();
  early.fail();
  client.subscribe("late").fail();
  expect(client.sent).toEqual([]);
});
