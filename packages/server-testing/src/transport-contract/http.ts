import { describe } from "vitest";
import { bodyRules, type StartContractServer } from "./http-bodies.ts";
import { publishRules } from "./http-publishes.ts";
import { requestRules } from "./http-requests.ts";
import { streamRules } from "./http-streams.ts";
import { upgradeRules } from "./http-upgrades.ts";

/** What holds for plain requests. */
export function httpRules(port: () => number, start: StartContractServer): void {
  describe("HTTP", () => {
    requestRules(port);
    bodyRules(port, start);
    publishRules(port);
    upgradeRules(port);
    streamRules(port);
  });
}
