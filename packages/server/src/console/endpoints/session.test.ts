import { FakeClock, RecordingObserver } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import { OperatorAccess } from "../operator-access.ts";
import { OperatorAudit } from "../operator-audit.ts";
import { createLogin, createLogout } from "./session.ts";

const access = new OperatorAccess({
  accounts: [{ name: "ada", role: "admin", passwordHash: "hash of right" }],
  isOpen: false,
  hasher: { matches: async (password, hash) => hash === `hash of ${password}` },
  clock: new FakeClock(),
  randomText: () => "text",
});
const login = createLogin(access, new OperatorAudit(new RecordingObserver()));
const logout = createLogout(access);

function requestOf(site: string | undefined): HttpRequest {
  return {
    method: "POST",
    path: "/console/api/login",
    query: "",
    address: "127.0.0.1",
    secure: true,
    body: new TextEncoder().encode('{"name":"ada","password":"right"}'),
    header: (name) => (name === "sec-fetch-site" ? site : undefined),
  };
}

describe("a page of another site cannot sign operators in or out", () => {
  test.each([
    { site: "same-origin", status: 200 },
    // Typed by the user, or sent by a program.
    { site: "none", status: 200 },
    { site: undefined, status: 200 },
    { site: "same-site", status: 403 },
    { site: "cross-site", status: 403 },
  ])("from $site: $status", async ({ site, status }) => {
    for (const endpoint of [login, logout]) {
      const reply: HttpReply = await endpoint({ request: requestOf(site), wildcards: [] });
      expect(reply.status).toBe(status);
      expect("set-cookie" in reply.headers).toBe(status === 200);
    }
  });
});
