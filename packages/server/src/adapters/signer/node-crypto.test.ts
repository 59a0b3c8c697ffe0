import { channelStringToSign, userStringToSign } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { createNodeSigner } from "./node-crypto.ts";

const secret = "7ad3773142a6692b25b8";
const socketId = "1234.1234";
const signer = createNodeSigner();
const good = "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4";

/** Source: the public documentation's inputs, signed by the official Node library 5.3. */
const channels: [channel: string, channelData: string | undefined, signature: string][] = [
  ["private-foobar", undefined, good],
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
  ["presence-foobar", undefined, "71506e66e7fdca106571b8999a849ad34245bc653772e51e0026c1a2475b92ba"],
];
const users: [userData: string, signature: string][] = [
  ['{"id":"12345"}', "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba"],
  [
    '{"id":"12345","user_info":{"name":"Ada"},"watchlist":["2","3"]}',
    "f0b975953a201ad748193c9176fcddb95098b3e0c8918112003649c937e6219a",
  ],
  ['{"id":"12345","user_info":{"name":"Zoë"}}', "6eb491a6ecf8b106f41947ee09e70a6f546c47cd6999d0d3fb4ad5a70e71d2a0"],
];
const webhookBody = '{"time_ms":1700000000000,"events":[{"name":"channel_occupied","channel":"my-channel"}]}';

describe("signer", () => {
  test.each(channels)("[SIGN1] [SIGN4] %s with %j", (channel, channelData, signature) => {
    expect(signer.verify(secret, channelStringToSign(socketId, channel, channelData), signature)).toBe(true);
  });

  test.each(users)("[SIGN2] [SIGN4] the user %s", (userData, signature) => {
    expect(signer.verify(secret, userStringToSign(socketId, userData), signature)).toBe(true);
  });

  test("[SIGN4] a webhook", () => {
    const signature = "cb2683f8aaa9de8cdbc72838077bd6ac7c3e64c57fe83fb7b13812a1bd5df142";
    expect(signer.verify(secret, webhookBody, signature)).toBe(true);
    expect(signer.sign(secret, webhookBody)).toBe(signature);
  });

  test.each<[title: string, secret: string, message: string, signature: string]>([
    ["another digit", secret, "1234.1234:private-foobar", good.replace("5", "6")],
    ["upper case", secret, "1234.1234:private-foobar", good.toUpperCase()],
    ["one digit less", secret, "1234.1234:private-foobar", good.slice(1)],
    ["one digit more", secret, "1234.1234:private-foobar", `${good}0`],
    ["a line end behind it", secret, "1234.1234:private-foobar", `${good}\n`],
    ["no signature", secret, "1234.1234:private-foobar", ""],
    ["no hexadecimal digits", secret, "1234.1234:private-foobar", "g".repeat(64)],
    ["another socket", secret, "1234.1235:private-foobar", good],
    ["another channel", secret, "1234.1234:private-foobaz", good],
    ["another secret", "7ad3773142a6692b25b9", "1234.1234:private-foobar", good],
    ["no secret", "", "1234.1234:private-foobar", good],
  ])("[SIGN4] %s is refused", (_, given, message, signature) => {
    expect(signer.verify(given, message, signature)).toBe(false);
  });

  test.each([
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["{}", "99914b932bd37a50b983c5e7c90ae93b"],
    ['{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}', "ec365a775a4cd0599faeb73354201b6f"],
  ])("[HTTP10] MD5 of %j", (body, md5) => {
    expect(signer.md5(Buffer.from(body))).toBe(md5);
  });
});
