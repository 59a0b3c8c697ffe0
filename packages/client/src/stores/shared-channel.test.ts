import { Sealcast } from "../index.ts";
import { FakeServer } from "../fake-server/index.ts";
import { expect, test } from "vitest";
import { shareChannel, type ChannelSource } from "./shared-channel.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test("components share a channel until the last one releases it", async () => {
  const client = new Sealcast("key", new FakeServer().options());
  const source = client as unknown as ChannelSource;
  const [first, second] = [shareChannel(source, "news"), shareChannel(source, "news")];
  expect(second.channel).toBe(first.channel);
  first.release();
  first.release();
  await turn();
  expect(client.channel("news")).toBe(first.channel);
  second.release();
  const again = shareChannel(source, "news");
  await turn();
  expect(again.channel).toBe(first.channel);
  again.release();
  await turn();
  expect(client.channel("news")).toBeUndefined();
  client.disconnect();
});

test("after other code has left the channel, the next component subscribes again", async () => {
  const client = new Sealcast("key", new FakeServer().options());
  const source = client as unknown as ChannelSource;
  const old = shareChannel(source, "news");
  client.unsubscribe("news");
  const current = shareChannel(source, "news");
  expect(current.channel).not.toBe(old.channel);
  old.release();
  await turn();
  expect(client.channel("news")).toBe(current.channel);
  current.release();
  client.disconnect();
});
