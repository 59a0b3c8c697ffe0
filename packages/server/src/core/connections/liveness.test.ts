import { closeReasons } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { decideLiveness, type LivenessFacts } from "./liveness.ts";

const settings = { activityTimeoutSeconds: 120, pongTimeoutSeconds: 30, authorizationTimeoutSeconds: 10 };
const day = 24 * 60 * 60 * 1_000;
const quiet: LivenessFacts = {
  nowMs: 0,
  openedMs: 0,
  lastHeardMs: 0,
  pingedMs: undefined,
  answersPings: true,
  awaitsAuthorization: false,
};

test.each<[title: string, facts: Partial<LivenessFacts>, decision: ReturnType<typeof decideLiveness>]>([
  ["[LIVE2] just before the silence is too long", { nowMs: 119_999 }, "quiet"],
  ["[LIVE2] when the silence is too long", { nowMs: 120_000 }, "ping"],
  ["[LIVE2] while the ping may be answered", { nowMs: 149_999, pingedMs: 120_000 }, "quiet"],
  [
    "[LIVE2] when the ping was not answered in time",
    { nowMs: 150_000, pingedMs: 120_000 },
    closeReasons.pongNotReceived,
  ],
  ["[LIVE2] a ping at time 0 counts", { nowMs: 0, lastHeardMs: -120_000, pingedMs: 0 }, "quiet"],
  ["[LIVE4] a client that cannot answer pings", { nowMs: day - 1, answersPings: false }, "quiet"],
  ["[LIVE4] that client after a day", { nowMs: day, answersPings: false }, closeReasons.inactive],
  ["[AUTH1] not authorized yet", { nowMs: 9_999, awaitsAuthorization: true }, "quiet"],
  ["[AUTH1] not authorized in time", { nowMs: 10_000, awaitsAuthorization: true }, closeReasons.notAuthorizedInTime],
])("%s", (_, facts, decision) => {
  expect(decideLiveness({ ...quiet, ...facts }, settings)).toBe(decision);
});
