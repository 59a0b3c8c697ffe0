import { RecordingObserver, startSocketless } from "@sealcast/server-testing";
import { expect, test } from "vitest";

const data = { event: "paid", reason: "no-key", data: "plaintext", key: "secret" };

function reportOf(channel: string): object {
  return { event: "sealcast:decryption-error", channel, data };
}

test.each([
  ["private-encrypted-a", undefined],
  ["private-sealed-a", undefined],
  ["presence-cache-sealed-a", "ada"],
])("[ENC4] observers get a report of a subscriber of %s, and nobody else does", async (channel, userId) => {
  const observer = new RecordingObserver(["decryption-failed"]);
  const { connect } = await startSocketless({ observers: [observer] });
  const [sender, other] = [connect(), connect()];
  for (const client of [sender, other]) {
    if (userId === undefined) client.subscribe(channel);
    else client.join(channel, userId);
    client.take();
  }
  sender.take();
  sender.send(reportOf(channel));
  const { socketId } = sender;
  const expected = {
    kind: "decryption-failed",
    app: "1001",
    socketId,
    channel,
    userId,
    event: "paid",
    reason: "no-key",
  };
  expect(observer.take()).toEqual([expected]);
  expect([...sender.take(), ...other.take()]).toEqual([]);
});

test.each([
  ["private-encrypted-b", "a channel that the client is not subscribed to", /not subscribed/],
  ["private-a", "a channel without encryption", /is not encrypted/],
])("[ENC5] a report of %s is refused: %s", async (channel, _, message) => {
  const observer = new RecordingObserver(["decryption-failed"]);
  const { connect } = await startSocketless({ observers: [observer] });
  const client = connect();
  client.subscribe("private-a");
  client.subscribe("private-encrypted-a");
  client.take();
  client.send(reportOf(channel));
  const [error, ...others] = client.take();
  expect([error?.event, others]).toEqual(["pusher:error", []]);
  expect((error?.data as { readonly message: string } | undefined)?.message).toMatch(message);
  expect(observer.take()).toEqual([]);
});
