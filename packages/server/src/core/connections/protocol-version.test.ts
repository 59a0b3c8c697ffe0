import { describe, expect, test } from "vitest";
import { answersPings, negotiateVersion, wantsErrorBeforeClose } from "./protocol-version.ts";
import { parseQuery } from "../urls/query.ts";

describe("protocol version", () => {
  test.each<[title: string, query: string, version: number]>([
    ["[CONN2] as pusher-js asks", "protocol=7&client=js&version=8.6.0&flash=false", 7],
    ["[CONN2] as the Java library asks", "client=java-client&protocol=5&version=2.4.4", 5],
    ["[CONN2] 4 is served", "protocol=4", 4],
    ["[CONN2] 6 is served", "protocol=6", 6],
    ["[CONN2] leading zeros", "protocol=07", 7],
    ["[CONN3] no protocol, but a library", "client=js&version=1.12", 7],
    ["[CONN12] unknown parameters", "protocol=7&x=1&__proto__=2", 7],
  ])("%s", (_, query, version) => {
    expect(negotiateVersion(parseQuery(query))).toEqual({ ok: true, version });
  });

  test.each<[title: string, query: string, code: number]>([
    ["[CONN2] 1 is too old", "protocol=1", 4007],
    ["[CONN2] 3 is too old", "protocol=3", 4007],
    ["[CONN2] 0", "protocol=0", 4007],
    ["[CONN2] 8 is too new", "protocol=8", 4007],
    ["[CONN2] far too new", "protocol=999999999", 4007],
    ["[CONN2] not a number", "protocol=seven", 4006],
    ["[CONN2] empty", "protocol=", 4006],
    ["[CONN2] not whole", "protocol=7.0", 4006],
    ["[CONN2] negative", "protocol=-7", 4006],
    ["[CONN2] hexadecimal", "protocol=0x7", 4006],
    ["[CONN2] too many digits", "protocol=11111111111", 4006],
    ["[CONN3] nothing", "", 4008],
    ["[CONN3] a client without a version", "client=js", 4008],
  ])("%s is refused", (_, query, code) => {
    expect(negotiateVersion(parseQuery(query))).toMatchObject({ ok: false, reason: { code } });
  });

  test("[CONN9] a version that is too old is known, so that its client gets the reason", () => {
    expect(negotiateVersion(parseQuery("protocol=3")).version).toBe(3);
    expect(negotiateVersion(parseQuery("protocol=x")).version).toBe(7);
  });

  test.each<[version: number, pings: boolean, errorFirst: boolean]>([
    [3, false, true],
    [4, false, true],
    [5, true, true],
    [6, true, false],
    [7, true, false],
  ])("[CONN9] [LIVE4] version %i: answers pings %s, wants an error before a close %s", (version, pings, errorFirst) => {
    expect(answersPings(version)).toBe(pings);
    expect(wantsErrorBeforeClose(version)).toBe(errorFirst);
  });
});
