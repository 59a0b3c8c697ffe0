import { FakeClock } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import type { HttpReply, HttpRequest, ReplyStream } from "../ports/transport.ts";
import type { PasswordHasher } from "../ports/password-hasher.ts";
import { OperatorAccess, type AccessPorts } from "./operator-access.ts";

const ada = { name: "ada", role: "admin", passwordHash: "hash of right" } as const;
const hasher: Pick<PasswordHasher, "matches"> = {
  matches: async (password, hash) => hash === `hash of ${password}`,
};

function createAccess(ports: Partial<AccessPorts> = {}): { access: OperatorAccess; clock: FakeClock } {
  const clock = new FakeClock();
  let texts = 0;
  const randomText = (): string => `text ${(texts += 1)}`;
  return { access: new OperatorAccess({ accounts: [ada], isOpen: false, hasher, clock, randomText, ...ports }), clock };
}

function requestOf(
  headers: Readonly<Record<string, string>>,
  others: Partial<Pick<HttpRequest, "address" | "method">> = {},
): HttpRequest {
  return {
    method: "GET",
    path: "/console/api/apps",
    query: "",
    address: "127.0.0.1",
    secure: false,
    body: new Uint8Array(0),
    header: (name) => headers[name],
    ...others,
  };
}

function nameOnly(cookie: string): string {
  return cookie.split(";")[0] ?? "";
}

describe("without operators, on the machine of a developer", () => {
  test.each([
    { host: "127.0.0.1:6001", address: "127.0.0.1", isDeveloper: true },
    { host: "localhost:6001", address: "::1", isDeveloper: true },
    { host: "localhost", address: "::ffff:127.0.0.1", isDeveloper: true },
    { host: "console.example.com", address: "127.0.0.1", isDeveloper: false },
    // A proxy on this machine passes on the `Host` that the client has chosen.
    { host: "localhost", address: "203.0.113.9", isDeveloper: false },
    { host: "localhost", address: "10.0.0.7", isDeveloper: false },
  ])("a request of $address to $host is one of the developer: $isDeveloper", ({ host, address, isDeveloper }) => {
    const { access } = createAccess({ accounts: [], isOpen: true });
    expect(access.sessionOf(requestOf({ host }, { address })) !== undefined).toBe(isDeveloper);
  });
});

describe("sign-in", () => {
  test("only wrong passwords count towards the limit of attempts", async () => {
    const { access } = createAccess();
    const signIn = (password: string): Promise<unknown> => access.signIn(requestOf({}), "ada", password);
    for (let attempt = 0; attempt < 20; attempt += 1) expect(await signIn("right")).toHaveProperty("cookie");
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await signIn("wrong")).toMatchObject({ status: 401 });
    expect(await signIn("right")).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
  });

  test("at most ten passwords are checked at the same time, also those of different clients", async () => {
    const checks: (() => void)[] = [];
    const slow = { matches: () => new Promise<boolean>((resolve) => checks.push(() => resolve(true))) };
    const { access } = createAccess({ hasher: slow });
    const signIn = (index: number): Promise<unknown> =>
      access.signIn(requestOf({}, { address: `203.0.113.${index}` }), "ada", "right");
    const admitted = Array.from({ length: 10 }, (_, index) => signIn(index));
    expect(await signIn(11)).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(checks).toHaveLength(10);
    for (const finish of checks) finish();
    for (const answer of await Promise.all(admitted)) expect(answer).toHaveProperty("cookie");
    const later = signIn(12);
    checks.at(-1)?.();
    expect(await later).toHaveProperty("cookie");
  });
});

/** Opens a stream with a cookie, and records its end. */
function openAs(access: OperatorAccess, cookie: string): { request: HttpRequest; log: string[] } {
  const log: string[] = [];
  const endpoint = access.guard(() => ({
    status: 200,
    headers: {},
    body: "",
    stream: () => () => log.push("stopped"),
  }));
  const request = requestOf({ cookie: nameOnly(cookie) });
  const reply = endpoint({ request, wildcards: [] }) as HttpReply;
  const open: ReplyStream = {
    write: () => undefined,
    end: () => log.push("ended"),
    bufferedBytes: () => 0,
    progress: () => 0,
  };
  reply.stream?.(open);
  return { request, log };
}

/** Opens a stream as an operator who has just signed in. */
async function openStream(): Promise<{
  access: OperatorAccess;
  clock: FakeClock;
  request: HttpRequest;
  log: string[];
}> {
  const { access, clock } = createAccess();
  const signedIn = await access.signIn(requestOf({}), "ada", "right");
  if (!("cookie" in signedIn)) throw new Error("The sign-in was refused");
  return { ...openAs(access, signedIn.cookie), access, clock };
}

describe("a stream of a session", () => {
  test("ends within a second after the operator has signed out", async () => {
    const { access, clock, request, log } = await openStream();
    clock.advance(5_000);
    expect(log).toEqual([]);
    access.signOut(request);
    clock.advance(1_000);
    expect(log).toEqual(["stopped", "ended"]);
    expect(clock.timers).toBe(0);
  });

  test("counts as use of the session, which does not end while the page is open", async () => {
    const { clock, log } = await openStream();
    clock.advance(24 * 60 * 60 * 1_000);
    expect(log).toEqual([]);
  });

  test("ends with a single sign-on, which lasts 12 hours", () => {
    const { access, clock } = createAccess();
    const { log } = openAs(access, access.beginSignedOn(requestOf({}), ada, undefined));
    clock.advance(12 * 60 * 60 * 1_000 - 2_000);
    expect(log).toEqual([]);
    clock.advance(3_000);
    expect(log).toEqual(["stopped", "ended"]);
  });

  test.each([-86_400_000, 86_400_000])("ends as late, no matter that the clock is set by %i ms", (byMs) => {
    const { access, clock } = createAccess();
    const { log } = openAs(access, access.beginSignedOn(requestOf({}), ada, undefined));
    clock.set(clock.now() + byMs);
    clock.advance(12 * 60 * 60 * 1_000 - 2_000);
    expect(log).toEqual([]);
    clock.advance(3_000);
    expect(log).toEqual(["stopped", "ended"]);
  });
});
