import { deriveSealedKey, sealEnvelope } from "@sealcast/crypto/sealed";
import { describe, expect, test } from "vitest";
import { keyIdOf, SealedChannel } from "./sealed-channel.ts";

const ringKeys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const channel = "private-sealed-orders";
const event = "paid";

function sealed(ringKey: Uint8Array, generation = 0): string {
  const key = deriveSealedKey(ringKey, { appId: "1001", channel, generation });
  const stamp = { session: new Uint8Array(8), seq: 1, sentMs: 0 };
  const event1 = { kind: "server-event", channel, label: event, stamp, payload: '{"total":12}' } as const;
  return sealEnvelope(event1, key, new Uint8Array(24));
}

describe("a sealed channel whose keys are unlocked", () => {
  test.each([0, 1, 31])("opens events of generation %i, and says which key opened them", (generation) => {
    const orders = new SealedChannel("1001", channel, ringKeys, 1);
    for (const [index, ringKey] of ringKeys.entries()) {
      const data = sealed(ringKey, generation);
      expect(orders.open({ channel, event, data, sender: "server" })).toMatchObject({
        ok: true,
        text: '{"total":12}',
        keyIndex: index,
      });
      expect(orders.indexOf(keyIdOf(data) ?? "")).toBe(index);
    }
  });

  test("opens nothing of another key, another event or another app", () => {
    const orders = new SealedChannel("1001", channel, ringKeys, 0);
    const refused = { ok: false, reason: "auth-failed" };
    const data = sealed(new Uint8Array(32).fill(3));
    expect(orders.open({ channel, event, data, sender: "server" })).toEqual(refused);
    const other = sealed(new Uint8Array(32).fill(1));
    expect(orders.open({ channel, event: "other", data: other, sender: "server" })).toEqual(refused);
    const ofOtherApp = new SealedChannel("1002", channel, ringKeys, 0);
    expect(ofOtherApp.open({ channel, event, data: other, sender: "server" })).toEqual(refused);
  });

  test("seals with the key in use, then with the one that was seen last", () => {
    const orders = new SealedChannel("1001", channel, ringKeys, 1);
    const keyOf = (): string | undefined => keyIdOf(orders.seal(event, "{}") ?? "");
    expect(keyOf()).toBe(keyIdOf(sealed(new Uint8Array(32).fill(2))));
    const later = sealed(new Uint8Array(32).fill(2), 3);
    orders.open({ channel, event, data: later, sender: "server" });
    expect(keyOf()).toBe(keyIdOf(later));
  });
});

test.each(["", "{}", "[]", '{"sealed":1}', '{"sealed":"AAAA"}', '{"sealed":"not base64!!!!!!"}'])(
  "data such as %j names no key",
  (data) => expect(keyIdOf(data)).toBeUndefined(),
);
