import { createHash } from "node:crypto";
import type { AppId, AppKey } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { oneTurn } from "../core/turns.ts";
import { createNodeSigner } from "../adapters/signer/node-crypto.ts";
import type { HttpRequest } from "../ports/transport.ts";
import { hmac, ShortTurns, testApp } from "@sealcast/server-testing";
import { authenticate } from "./authenticate.ts";
import { largeBodyBytes } from "./body-limit.ts";

const key = "278d425bdf160c739803";
const secret = "7ad3773142a6692b25b8";
const app = testApp({ id: "3" as AppId, credentials: [{ key: key as AppKey, secret }] });
const signer = createNodeSigner();
const large = "x".repeat(largeBodyBytes + 1);
const signedAt = 1_700_000_000;

type Signed = Pick<HttpRequest, "method" | "path" | "query"> & { readonly body?: string };

/** What no signature covers. */
const unsigned = { address: "192.0.2.1", secure: false, header: () => undefined };

/** Returns the result for a request that arrives at `now`. */
function outcomeOf({ method, path, query, body = "" }: Signed, now = signedAt): Outcome {
  const request = { method, path, query, ...unsigned, body: new TextEncoder().encode(body) };
  return atOnce(authenticate(app, signer, request, now * 1_000, oneTurn));
}

type Outcome = Awaited<ReturnType<typeof authenticate>>;

function atOnce(outcome: ReturnType<typeof authenticate>): Outcome {
  if (outcome instanceof Promise) throw new TypeError("Expected an outcome, got a promise");
  return outcome;
}

/** Returns the error text for a request that arrives at `now`, or undefined if it is accepted. */
function textFor(signed: Signed, now = signedAt): string | undefined {
  const outcome = outcomeOf(signed, now);
  if (outcome.ok) return undefined;
  expect(outcome.error.id).toBe("unauthenticated");
  return outcome.error.message;
}

function auth(signature: string, timestamp = signedAt): string {
  return `auth_key=${key}&auth_timestamp=${timestamp}&auth_version=1.0&auth_signature=${signature}`;
}

/** A request for the channels whose query has these pairs, signed with what they decode to. */
function listing(pairs: string, signed = pairs): Signed {
  const signature = hmac(secret, `GET\n/apps/3/channels\n${signed}`);
  return { method: "GET", path: "/apps/3/channels", query: `${pairs}&auth_signature=${signature}` };
}

const eventBody = '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}';
const batchBody =
  '{"batch":[{"name":"a","channel":"c1","data":"1"},{"name":"b","channel":"private-c2","data":"{\\"x\\":2}","socket_id":"1234.5678"}]}';

describe("a request signed by an official library", () => {
  test("[SIGN3] the worked example of the documentation", () => {
    const signature = "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c";
    const query = `${auth(signature, 1_353_088_179)}&body_md5=ec365a775a4cd0599faeb73354201b6f`;
    expect(textFor({ method: "POST", path: "/apps/3/events", query, body: eventBody }, 1_353_088_179)).toBeUndefined();
  });

  test.each<[title: string, request: Signed, signature: string]>([
    [
      "[SIGN3] channels with a filter",
      { method: "GET", path: "/apps/3/channels", query: "filter_by_prefix=presence-&info=user_count" },
      "5142c71a4248ef5f3ec45e8793d8997773f1d19ce69ee6f6b1d75131d8aa0a6a",
    ],
    [
      "[SIGN3] one channel",
      { method: "GET", path: "/apps/3/channels/presence-foobar", query: "info=user_count" },
      "8051c687275e369e436c566e39da5267ebcdf29eaa97a9eca7f670c60a1cf22f",
    ],
    [
      "[HTTP10] the MD5 of no body, as the Python library sends it",
      { method: "GET", path: "/apps/3/channels", query: "body_md5=d41d8cd98f00b204e9800998ecf8427e" },
      "3eb4c48c77d10169b68e017bac77f4257862305d645b1e6b475f8da730c6f6de",
    ],
    [
      "[HTTP11] UTF-8, encoded on the way",
      { method: "GET", path: "/apps/3/channels", query: "filter_by_prefix=presence-%C3%A9%2Cx" },
      "058f16d8024a9757667f1cc86d8ebbb22fdacd1c9f8c18f4b324f5fc4099291d",
    ],
    [
      "[SIGN3] a batch",
      {
        method: "POST",
        path: "/apps/3/batch_events",
        query: "body_md5=93d3ffd7a34a0fb466aa0f3515d2d4bf",
        body: batchBody,
      },
      "a119f7b1b7307caae540b00b5fa1cf39fe0ec28017fb27508fb7345a37fdd22f",
    ],
    [
      "[SIGN3] terminating a user",
      {
        method: "POST",
        path: "/apps/3/users/12345/terminate_connections",
        query: "body_md5=99914b932bd37a50b983c5e7c90ae93b",
        body: "{}",
      },
      "1cd9554f74ae79a6907349b2b5317ab9521b603905905e9e48a86c5952b7a5b9",
    ],
    [
      "[HTTP11] an array in the query",
      { method: "POST", path: "/apps/3/events", query: "channels[]=a&channels[]=b&data=hi&name=foo" },
      "d1ae0b61719d969bcbbb984cfc846edb3e73ee620efe3a0ac5de07293c11078e",
    ],
  ])("%s", (_, request, signature) => {
    expect(textFor({ ...request, query: `${request.query}&${auth(signature)}` })).toBeUndefined();
    const forged = signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    expect(textFor({ ...request, query: `${request.query}&${auth(forged)}` })).toMatch(/^Invalid signature/);
  });
});

describe("forms of a signature", () => {
  const base = `auth_key=${key}&auth_timestamp=${signedAt}&auth_version=1.0`;

  test.each<[title: string, request: Signed]>([
    ["[SIGN3] parameters in any order", listing(`info=user_count&${base}`, `${base}&info=user_count`)],
    ["[SIGN3] names in upper case", listing(`${base}&Info=a`, `${base}&info=a`)],
    ["[HTTP11] encoded names", listing(`${base}&x%5B%5D=1`, `${base}&x[]=1`)],
    ["[HTTP11] plus as a space", listing(`${base}&x=1+2`, `${base}&x=1 2`)],
    ["[HTTP11] array values one by one", listing(`${base}&x[]=1&x[]=2`, `${base}&x[]=1&x[]=2`)],
    ["[HTTP11] array values joined by commas", listing(`${base}&x[]=1&x[]=2`, `${base}&x[]=1,2`)],
    ["[HTTP11] array values joined under the bare name", listing(`${base}&x[]=1&x[]=2`, `${base}&x=1,2`)],
    ["[HTTP11] numbered array values joined by commas", listing(`${base}&x%5B0%5D=1&x%5B1%5D=2`, `${base}&x=1,2`)],
    ["[HTTP11] an array of one value, joined", listing(`${base}&x[0]=1`, `${base}&x=1`)],
    ["[HTTP11] names of the signature in upper case", listing(base.replace("auth_key", "AUTH_KEY"), base)],
    ["[HTTP11] an empty value", listing(`${base}&x=`, `${base}&x=`)],
  ])("%s are good", (_, request) => {
    expect(textFor(request)).toBeUndefined();
  });

  test.each(["/apps/3/users/a@b,c/terminate_connections", "/apps/3/users/a%40b%2Cc/terminate_connections"])(
    "[HTTP11] a path may be signed as it travels or decoded: %s",
    (signed) => {
      const signature = hmac(secret, `POST\n${signed}\n${base}`);
      const path = "/apps/3/users/a%40b%2Cc/terminate_connections";
      expect(textFor({ method: "POST", path, query: `${base}&auth_signature=${signature}` })).toBeUndefined();
    },
  );

  test.each<[title: string, change: Partial<Signed>]>([
    ["another method", { method: "POST" }],
    ["another path", { path: "/apps/4/channels" }],
    ["a further parameter", { query: `${listing(base).query}&info=user_count` }],
  ])("[HTTP9] %s breaks the signature", (_, change) => {
    expect(textFor({ ...listing(base), ...change })).toMatch(/^Invalid signature/);
  });

  test.each<[title: string, pairs: string, signed: string, read: readonly (readonly [string, string])[]]>([
    ["names in lower case", "INFO=a", "info=a", [["info", "a"]]],
    [
      "repeated arrays one by one",
      "x[]=1&x[]=2",
      "x[]=1&x[]=2",
      [
        ["x[]", "1"],
        ["x[]", "2"],
      ],
    ],
    ["joined arrays as one value", "info[0]=a&info[1]=b", "info=a,b", [["info", "a,b"]]],
    ["a value that was signed as one, and came as an array", "info[]=a&info[]=b", "info=a,b", [["info", "a,b"]]],
  ])("[HTTP11] what is read is what was signed: %s", (_, pairs, signed, read) => {
    const outcome = outcomeOf(listing(`${base}&${pairs}`, `${base}&${signed}`));
    expect(outcome.ok && outcome.value.filter(([name]) => !name.startsWith("auth_"))).toEqual(read);
  });
});

describe("the text of a refused request", () => {
  const version = "auth_version=1.0";
  const stamp = `auth_timestamp=${signedAt}`;

  test.each<[title: string, query: string, text: string]>([
    ["no key", `${version}&${stamp}`, "Missing parameter: auth_key"],
    ["no query", "", "Missing parameter: auth_key"],
    ["an unknown key", `auth_key=x&${version}&${stamp}`, "Unknown auth_key"],
    ["the name of an object's member as key", `auth_key=__proto__&${version}&${stamp}`, "Unknown auth_key"],
    ["no version", `auth_key=${key}&${stamp}`, "Version required"],
    ["another version", `auth_key=${key}&auth_version=1&${stamp}`, "Version not supported"],
    ["no time", `auth_key=${key}&${version}`, "Timestamp required"],
    [
      "no number as time",
      `auth_key=${key}&${version}&auth_timestamp=now`,
      'Timestamp expired: Given timestamp ("now") not within 600s of server time (2023-11-14T22:13:20Z)',
    ],
    [
      "a far future",
      `auth_key=${key}&${version}&auth_timestamp=999999999999`,
      "Timestamp expired: Given timestamp (+033658-09-27T01:46:39Z) not within 600s of server time (2023-11-14T22:13:20Z)",
    ],
    [
      "milliseconds as time",
      `auth_key=${key}&${version}&auth_timestamp=${signedAt}000`,
      'Timestamp expired: Given timestamp ("1700000000000") not within 600s of server time (2023-11-14T22:13:20Z)',
    ],
    [
      "no signature",
      `auth_key=${key}&${version}&${stamp}`,
      `Invalid signature: you should have sent HmacSHA256Hex("GET\\n/apps/3/channels\\nauth_key=${key}&${stamp}&${version}", your_secret_key), but you sent ""`,
    ],
  ])("[HTTP9] %s", (_, query, text) => {
    expect(textFor({ method: "GET", path: "/apps/3/channels", query })).toBe(text);
  });

  test("[HTTP9] a clock that is off by 599 seconds is good, and by 600 seconds is not", () => {
    const request = listing(`auth_key=${key}&${stamp}&${version}`);
    expect(textFor(request, signedAt + 599)).toBeUndefined();
    expect(textFor(request, signedAt - 599)).toBeUndefined();
    expect(textFor(request, signedAt + 600)).toMatch(/^Timestamp expired/);
    expect(textFor(request, signedAt - 600)).toMatch(/^Timestamp expired/);
    expect(textFor(request, signedAt + 601)).toBe(
      "Timestamp expired: Given timestamp (2023-11-14T22:13:20Z) not within 600s of server time (2023-11-14T22:23:21Z)",
    );
  });

  test("[ERR2] an error message contains neither the secret nor the right signature", () => {
    const { query } = listing(`auth_key=${key}&${stamp}&${version}`);
    const right = query.slice(-64);
    const text = textFor({ method: "GET", path: "/apps/3/channels", query: query.replace(right, right.toUpperCase()) });
    expect(text).toMatch(/^Invalid signature/);
    expect(text).not.toContain(right);
    expect(text).not.toContain(secret);
  });

  test.each<[title: string, md5: string | undefined, body: string]>([
    ["another body", "99914b932bd37a50b983c5e7c90ae93b", '{"a":1}'],
    ["a body without MD5", undefined, "{}"],
    ["an MD5 in upper case", "99914B932BD37A50B983C5E7C90AE93B", "{}"],
    ["the MD5 of a body that is missing", "99914b932bd37a50b983c5e7c90ae93b", ""],
    ["an empty MD5", "", "{}"],
    ["another large body", createHash("md5").update(large).digest("hex"), large.replace(/x$/, "y")],
  ])("[HTTP10] %s", (_, md5, body) => {
    const pairs = `auth_key=${key}&${stamp}&${version}${md5 === undefined ? "" : `&body_md5=${md5}`}`;
    const signature = hmac(secret, `POST\n/apps/3/events\n${pairs}`);
    const query = `${pairs}&auth_signature=${signature}`;
    expect(textFor({ method: "POST", path: "/apps/3/events", query, body })).toBe("Invalid body_md5");
  });
});

test("[HTTP10] a large body is accepted with its MD5", () => {
  const md5 = createHash("md5").update(large).digest("hex");
  const pairs = `auth_key=${key}&auth_timestamp=${signedAt}&auth_version=1.0&body_md5=${md5}`;
  const query = `${pairs}&auth_signature=${hmac(secret, `POST\n/apps/3/events\n${pairs}`)}`;
  expect(textFor({ method: "POST", path: "/apps/3/events", query, body: large })).toBeUndefined();
});

test("[HTTP10] the MD5 of a large body takes as many turns of the event loop as it needs", async () => {
  const turns = new ShortTurns(2);
  const body = new TextEncoder().encode(large);
  const pairs = `auth_key=${key}&auth_timestamp=${signedAt}&auth_version=1.0&body_md5=${createHash("md5").update(body).digest("hex")}`;
  const query = `${pairs}&auth_signature=${hmac(secret, `POST\n/apps/3/events\n${pairs}`)}`;
  const request = { method: "POST", path: "/apps/3/events", query, ...unsigned, body };
  let outcome: Outcome | undefined;
  void Promise.resolve(authenticate(app, signer, request, signedAt * 1_000, turns)).then((later) => (outcome = later));
  // Five slices of up to 64 KiB, two in each turn.
  await turns.pass();
  expect(outcome).toBeUndefined();
  await turns.pass();
  expect(outcome).toMatchObject({ ok: true });
});

test("[HTTP10] a body is checked whatever the case of the MD5's name", () => {
  const pairs = `auth_key=${key}&auth_timestamp=${signedAt}&auth_version=1.0&body_md5=99914b932bd37a50b983c5e7c90ae93b`;
  const query = `${pairs}&auth_signature=${hmac(secret, `POST\n/apps/3/channels/a/events\n${pairs}`)}`;
  const request = { method: "POST", path: "/apps/3/channels/a/events", query: query.replace("body_md5", "BODY_MD5") };
  expect(textFor({ ...request, body: "{}" })).toBeUndefined();
  expect(textFor({ ...request, body: "" })).toBe("Invalid body_md5");
});

test("[HTTP17] each live key signs", () => {
  const rotating = testApp({
    credentials: [
      { key: "old" as AppKey, secret: "old-secret" },
      { key: "new" as AppKey, secret: "new-secret" },
    ],
  });
  const textOf = (name: string, by: string): string | undefined => {
    const pairs = `auth_key=${name}&auth_timestamp=${signedAt}&auth_version=1.0`;
    const query = `${pairs}&auth_signature=${hmac(by, `GET\n/apps/1001/channels\n${pairs}`)}`;
    const request = {
      method: "GET",
      path: "/apps/1001/channels",
      query,
      ...unsigned,
      body: new Uint8Array(0),
    };
    const outcome = atOnce(authenticate(rotating, signer, request, signedAt * 1_000, oneTurn));
    return outcome.ok ? undefined : outcome.error.message;
  };
  expect(textOf("old", "old-secret")).toBeUndefined();
  expect(textOf("new", "new-secret")).toBeUndefined();
  expect(textOf("new", "old-secret")).toMatch(/^Invalid signature/);
});
