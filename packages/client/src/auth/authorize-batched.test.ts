import { beforeEach, describe, expect, test } from "vitest";
import { Endpoint, join } from "../testing/auth-endpoint.ts";
import { authorizeEach, type AuthorizeBy, type Authorize } from "./channel-request.ts";
import { authorizeBatched } from "./authorize-batched.ts";
import { createAuthorizer } from "./authorizer.ts";

let endpoint: Endpoint;
beforeEach(() => {
  endpoint = new Endpoint();
});

function authorizer(askBy: AuthorizeBy = authorizeBatched): { readonly authorize: Authorize } {
  return { authorize: createAuthorizer({ fetch: endpoint.fetch, endpoint: "https://app.example/auth" }, askBy) };
}

describe("several channels", () => {
  const names = Array.from({ length: 40 }, (_, index) => `private-${index}`);

  test("that are subscribed at the same time take one request", async () => {
    const it = authorizer();
    const grants = await Promise.all(names.map((name) => it.authorize(join(name))));
    expect(grants.map(({ auth }) => auth)).toEqual(names.map((name) => `k:${name}`));
    expect(endpoint.asked).toHaveLength(1);
    expect(endpoint.asked[0]?.body).toMatch(
      /^socket_id=1\.1&channel_name%5B%5D=private-0&channel_name%5B%5D=private-1&/,
    );
  });

  test("take one request for each hundred", async () => {
    const it = authorizer();
    await Promise.all(Array.from({ length: 250 }, (_, index) => it.authorize(join(`private-${index}`))));
    expect(endpoint.asked).toHaveLength(3);
  });

  test("ask for keys where one of them has any", async () => {
    const it = authorizer();
    await Promise.allSettled([it.authorize(join("private-a")), it.authorize(join("private-encrypted-b"))]);
    expect(endpoint.asked[0]?.body).toContain("&e2e=1");
  });

  test("each get an answer of their own", async () => {
    endpoint.answer = () =>
      Response.json({
        channels: { "private-0": { status: 200, auth: "k:0" }, "private-1": { status: 403, error: "Not you" } },
      });
    const it = authorizer();
    const [yes, no, forgotten] = await Promise.allSettled(
      ["private-0", "private-1", "private-2"].map((name) => it.authorize(join(name))),
    );
    expect(yes).toMatchObject({ status: "fulfilled", value: { auth: "k:0" } });
    expect(no).toMatchObject({
      reason: { code: "refused", status: 403, message: "Not allowed to join private-1: Not you" },
    });
    expect(forgotten).toMatchObject({
      reason: { code: "refused", status: undefined, message: "Invalid auth response for channel 'private-2'" },
    });
    expect(endpoint.asked).toHaveLength(1);
  });

  test("are asked for again by themselves where one could not be decided", async () => {
    const answer = endpoint.answer;
    endpoint.answer = (form) => {
      if (!form.has("channel_name[]")) return answer(form);
      return Response.json({ channels: { "private-0": { status: 200, auth: "k:0" }, "private-1": { status: 500 } } });
    };
    const it = authorizer();
    const both = Promise.all(["private-0", "private-1"].map((name) => it.authorize(join(name))));
    expect(await both).toMatchObject([{ auth: "k:0" }, { auth: "k:private-1" }]);
    expect(endpoint.asked).toHaveLength(2);
  });

  test.each([
    ["500", () => new Response(null, { status: 500 })],
    ["404", () => new Response(null, { status: 404 })],
    ["something else", () => Response.json({ auth: "k:one" })],
    ["no JSON", () => new Response("<html>")],
  ])("take one request each where the endpoint answers %s, and are not tried together again", async (_, odd) => {
    const answer = endpoint.answer;
    endpoint.answer = (form) => (form.has("channel_name[]") ? odd() : answer(form));
    const it = authorizer();
    const ask = (): Promise<unknown> => Promise.all(["private-a", "private-b"].map((name) => it.authorize(join(name))));
    await ask();
    expect(endpoint.asked).toHaveLength(3);
    await ask();
    expect(endpoint.asked).toHaveLength(5);
  });

  test("are tried together again after a no to the user", async () => {
    const answer = endpoint.answer;
    endpoint.answer = () => new Response(null, { status: 403 });
    const it = authorizer();
    const ask = (): Promise<unknown> =>
      Promise.allSettled(["private-a", "private-b"].map((name) => it.authorize(join(name))));
    await ask();
    expect(endpoint.asked).toHaveLength(3);
    endpoint.answer = answer;
    await ask();
    expect(endpoint.asked).toHaveLength(4);
  });

  test("take one request each in the drop-in, whose endpoints may know nothing else", async () => {
    const it = authorizer(authorizeEach);
    await Promise.all([it.authorize(join("private-a")), it.authorize(join("private-b"))]);
    expect(endpoint.asked.map(({ body }) => body)).toEqual([
      "socket_id=1.1&channel_name=private-a",
      "socket_id=1.1&channel_name=private-b",
    ]);
  });
});
