import { createHash, createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChannelName } from "./channel-name.ts";
import { channelStringToSign, requestStringToSign, userStringToSign, type QueryParameter } from "./string-to-sign.ts";

// The digests of this file were computed with the official Node library 5.3 for these inputs.
const key = "278d425bdf160c739803";
const secret = "7ad3773142a6692b25b8";
const socketId = "1234.1234";

function sign(text: string): string {
  return createHmac("sha256", secret).update(text, "utf8").digest("hex");
}

describe("string to sign of a subscription", () => {
  test.each([
    ["private-foobar", undefined, "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"],
    ["private-cache-foobar", undefined, "395f4a03f06e17b74af8d9c58386cf386e70176f58452420f042b6e1bddefa43"],
    ["private-encrypted-foobar", undefined, "e6a18892d037c5d5e76a2265df4f086ffc38631605530dfd214aa5bff495f533"],
    [
      "presence-foobar",
      '{"user_id":10,"user_info":{"name":"Mr. Channels"}}',
      "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80",
    ],
    [
      "presence-foobar",
      '{"user_id":"10","user_info":{"name":"Mr. Channels"}}',
      "4c6d8fc42a207ba96a0779844171b0bb819d96ffceef9609f5cce596ab17a800",
    ],
    [
      // The digest that the official documentation prints belongs to this name.
      "presence-foobar",
      '{"user_id":10,"user_info":{"name":"Mr. Pusher"}}',
      "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c",
    ],
    ["presence-foobar", undefined, "71506e66e7fdca106571b8999a849ad34245bc653772e51e0026c1a2475b92ba"],
  ])("[SIGN1] %s %s", (channel, channelData, digest) => {
    expect(sign(channelStringToSign(socketId, channel, channelData))).toBe(digest);
  });

  test("[SIGN1] includes data even if it is empty", () => {
    expect(channelStringToSign("1.2", "private-a", "")).toBe("1.2:private-a:");
    expect(channelStringToSign("1.2", "private-a")).toBe("1.2:private-a");
  });
});

describe("string to sign of a sign-in", () => {
  test.each([
    ['{"id":"12345"}', "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba"],
    [
      '{"id":"12345","user_info":{"name":"Ada"},"watchlist":["2","3"]}',
      "f0b975953a201ad748193c9176fcddb95098b3e0c8918112003649c937e6219a",
    ],
    ['{"id":"12345","user_info":{"name":"Zoë"}}', "6eb491a6ecf8b106f41947ee09e70a6f546c47cd6999d0d3fb4ad5a70e71d2a0"],
  ])("[SIGN2] %s", (userData, digest) => {
    expect(sign(userStringToSign(socketId, userData))).toBe(digest);
  });

  test("[SIGN2] no subscription to a valid channel name signs the string of a sign-in", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.option(fc.string()), fc.string(), (name, channelData, userData) => {
        const channel = parseChannelName(name);
        if (!channel.ok) return;
        const subscription = channelStringToSign(socketId, channel.value, channelData ?? undefined);
        expect(subscription).not.toBe(userStringToSign(socketId, userData));
        expect(subscription.startsWith(`${socketId}::`)).toBe(false);
      }),
    );
  });
});

describe("string to sign of a request", () => {
  const batchBody =
    '{"batch":[{"name":"a","channel":"c1","data":"1"},{"name":"b","channel":"private-c2","data":"{\\"x\\":2}","socket_id":"1234.5678"}]}';
  const eventBody = '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}';

  test.each<readonly [string, string, string, string, readonly QueryParameter[], string]>([
    [
      "POST",
      "/apps/3/events",
      "1353088179",
      eventBody,
      [],
      "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c",
    ],
    [
      "GET",
      "/apps/3/channels",
      "1700000000",
      "",
      [
        ["filter_by_prefix", "presence-"],
        ["info", "user_count"],
      ],
      "5142c71a4248ef5f3ec45e8793d8997773f1d19ce69ee6f6b1d75131d8aa0a6a",
    ],
    [
      "GET",
      "/apps/3/channels/presence-foobar",
      "1700000000",
      "",
      [["info", "user_count"]],
      "8051c687275e369e436c566e39da5267ebcdf29eaa97a9eca7f670c60a1cf22f",
    ],
    [
      "GET",
      "/apps/3/channels",
      "1700000000",
      "",
      [["body_md5", "d41d8cd98f00b204e9800998ecf8427e"]],
      "3eb4c48c77d10169b68e017bac77f4257862305d645b1e6b475f8da730c6f6de",
    ],
    [
      "GET",
      "/apps/3/channels",
      "1700000000",
      "",
      [["filter_by_prefix", "presence-é,x"]],
      "058f16d8024a9757667f1cc86d8ebbb22fdacd1c9f8c18f4b324f5fc4099291d",
    ],
    [
      "POST",
      "/apps/3/batch_events",
      "1700000000",
      batchBody,
      [],
      "a119f7b1b7307caae540b00b5fa1cf39fe0ec28017fb27508fb7345a37fdd22f",
    ],
    [
      "POST",
      "/apps/3/users/12345/terminate_connections",
      "1700000000",
      "{}",
      [],
      "1cd9554f74ae79a6907349b2b5317ab9521b603905905e9e48a86c5952b7a5b9",
    ],
    [
      "POST",
      "/apps/3/events",
      "1700000000",
      "",
      [
        ["name", "foo"],
        ["data", "hi"],
        ["channels[]", "a"],
        ["channels[]", "b"],
      ],
      "d1ae0b61719d969bcbbb984cfc846edb3e73ee620efe3a0ac5de07293c11078e",
    ],
  ])("[SIGN3] %s %s at %s, body %s, query %j", (method, path, timestamp, body, extra, digest) => {
    const md5: readonly QueryParameter[] =
      body === "" ? [] : [["body_md5", createHash("md5").update(body).digest("hex")]];
    const query: readonly QueryParameter[] = [
      ["auth_timestamp", timestamp],
      ["auth_key", key],
      ["auth_version", "1.0"],
      ["auth_signature", "left out of what it signs"],
      ...md5,
      ...extra,
    ];
    expect(sign(requestStringToSign(method, path, query))).toBe(digest);
  });

  test("[SIGN3] lowercases and sorts names; keeps values and their order", () => {
    const query: readonly QueryParameter[] = [
      ["Zeta", "Ä%20+ ="],
      ["channels[]", "b"],
      ["channels[]", "a"],
      ["AUTH_SIGNATURE", "x"],
      ["auth_key", "k"],
    ];
    expect(requestStringToSign("post", "/apps/1/events", query)).toBe(
      "POST\n/apps/1/events\nauth_key=k&channels[]=b&channels[]=a&zeta=Ä%20+ =",
    );
  });

  test("[SIGN3] the order in which different names arrive does not matter", () => {
    const parameters = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string()), {
      selector: ([name]) => name,
      maxLength: 8,
    });
    fc.assert(
      fc.property(parameters, (query) => {
        expect(requestStringToSign("GET", "/", query)).toBe(requestStringToSign("GET", "/", query.toReversed()));
      }),
    );
  });
});
