import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bothClients, messageOf, type Pusher } from "../testing/both-libraries.ts";

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_700_000_000_000 });
});
afterAll(() => {
  vi.useRealTimers();
});

describe("drop-in and official library", () => {
  test.each([
    ["private", (p: Pusher) => p.authorizeChannel("1234.1234", "private-foobar")],
    ["by its old name", (p: Pusher) => p.authenticate("1234.1234", "private-foobar")],
    ["public", (p: Pusher) => p.authorizeChannel("1.1", "public")],
    ["presence", (p: Pusher) => p.authorizeChannel("1.1", "presence-a", { user_id: "10", user_info: { name: "Zoë" } })],
    ["presence without data", (p: Pusher) => p.authorizeChannel("1.1", "presence-a")],
    ["empty data", (p: Pusher) => p.authorizeChannel("1.1", "presence-a", "")],
    ["data that is a text", (p: Pusher) => p.authorizeChannel("1.1", "private-a", "ą§¶ user_id")],
    ["encrypted with a text", (p: Pusher) => p.authorizeChannel("1.1", "private-encrypted-a", "foo")],
    ["encrypted", (p: Pusher) => p.authorizeChannel("1.1", "private-encrypted-a")],
    ["encrypted with data", (p: Pusher) => p.authorizeChannel("1.1", "private-encrypted-a", { a: "ü" })],
    ["a user", (p: Pusher) => p.authenticateUser("1.1", { id: "a:b/ü", watchlist: ["1"], user_info: { x: 1 } })],
    ["a query", (p: Pusher) => p.createSignedQueryString({ method: "get", path: "/x", params: { b: 1, a: "é ," } })],
    ["a query with a body", (p: Pusher) => p.createSignedQueryString({ method: "POST", path: "/x", body: "ü" })],
    ["the secret of a channel", (p: Pusher) => p.channelSharedSecret("private-encrypted-a")],
  ])("sign the same: %s", (_, sign) => {
    const { official, ours } = bothClients();
    expect(JSON.stringify(sign(ours))).toBe(JSON.stringify(sign(official)));
  });

  test.each([
    ["a channel that would forge a sign-in", (p: Pusher) => p.authorizeChannel("1.1", ':user::{"id":"admin"}')],
    ["a bad socket id", (p: Pusher) => p.authorizeChannel("1.1:", "private-a")],
    ["a missing socket id", (p: Pusher) => p.authenticateUser(undefined, { id: "1" })],
    ["user data that is no object", (p: Pusher) => p.authenticateUser("1.1", "abc")],
    ["user data that is null", (p: Pusher) => p.authenticateUser("1.1", null)],
    ["a user id that is a number", (p: Pusher) => p.authenticateUser("1.1", { id: 123 })],
    ["a user without id", (p: Pusher) => p.authenticateUser("1.1", {})],
    [
      "a reserved parameter",
      (p: Pusher) => p.createSignedQueryString({ method: "GET", path: "/", params: { auth_version: 1 } }),
    ],
  ])("refuse to sign with the same text: %s", (_, sign) => {
    const { official, ours } = bothClients();
    const expected = messageOf(() => sign(official));
    expect(expected).toMatch(/^\S.+'|overidden$/);
    expect(messageOf(() => sign(ours))).toBe(expected);
  });

  test.each([
    ["authorize", (p: Pusher) => p.authorizeChannel("1.1", "private-encrypted-a")],
    ["trigger", (p: Pusher) => p.trigger("private-encrypted-a", "e", 1)],
    ["batch", (p: Pusher) => p.triggerBatch([{ channel: "private-encrypted-a", name: "e", data: 1 }])],
  ])("need a key for encrypted channels, with the same text: %s", (_, use) => {
    const { official, ours } = bothClients({ encryptionMasterKeyBase64: undefined });
    const expected = messageOf(() => use(official));
    expect(expected).toContain("encryptionMasterKey");
    expect(messageOf(() => use(ours))).toBe(expected);
  });
});
