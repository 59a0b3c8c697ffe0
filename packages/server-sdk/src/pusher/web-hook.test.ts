import { describe, expect, test } from "vitest";
import { bothClients, credentials, resultOf, type Pusher } from "../testing/both-libraries.ts";

describe("drop-in and official library", () => {
  const body = '{"time_ms":1700000000000,"events":[{"name":"channel_occupied","channel":"my-channel"}]}';
  const signature = "cb2683f8aaa9de8cdbc72838077bd6ac7c3e64c57fe83fb7b13812a1bd5df142";
  const headers = {
    "x-pusher-key": credentials.key,
    "x-pusher-signature": signature,
    "content-type": "application/json",
  };
  test.each([
    ["valid", headers, body, undefined],
    ["another body", headers, `${body} `, undefined],
    ["another key", { ...headers, "x-pusher-key": "other" }, body, undefined],
    ["an extra token", { ...headers, "x-pusher-key": "other" }, body, { key: "other", secret: credentials.secret }],
    [
      "extra tokens",
      { ...headers, "x-pusher-key": "other" },
      body,
      [
        { key: "x", secret: "y" },
        { key: "other", secret: credentials.secret },
      ],
    ],
    ["a charset", { ...headers, "content-type": "application/json; charset=utf-8" }, body, undefined],
    ["no headers", { "content-type": "application/json" }, body, undefined],
    ["not JSON", headers, "nope", undefined],
    ["no extra token", { ...headers, "x-pusher-key": "other" }, body, null],
    ["headers that are inherited", Object.create(headers) as object, body, undefined],
  ])("judge webhooks alike: %s", (_, requestHeaders, rawBody, extraTokens) => {
    const read = (pusher: Pusher): object => {
      const hook = pusher.webhook({ headers: requestHeaders, rawBody });
      return {
        valid: resultOf(() => hook.isValid(extraTokens)),
        type: hook.isContentTypeValid(),
        body: hook.isBodyValid(),
        data: resultOf(() => hook.getData()),
        events: resultOf(() => hook.getEvents()),
        time: resultOf(() => hook.getTime()),
      };
    };
    const { official, ours } = bothClients();
    expect(read(ours)).toEqual(read(official));
  });
});
