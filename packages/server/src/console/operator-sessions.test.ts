import { expect, test } from "vitest";
import { developer } from "../core/operators/operator-account.ts";
import { OperatorSessions } from "./operator-sessions.ts";

function createSessions(): OperatorSessions {
  let count = 0;
  return new OperatorSessions(() => `text ${(count += 1)}`);
}
const hourMs = 3_600_000;

test("a session is found by its secret until it was idle for 12 hours", () => {
  const sessions = createSessions();
  const secret = sessions.begin(developer, 0);
  expect(sessions.find(secret, 11 * hourMs)?.operator).toBe(developer);
  expect(sessions.find(secret, 22 * hourMs)?.operator).toBe(developer);
  expect(sessions.find(secret, 34 * hourMs)).toBeUndefined();
});

test("secret and token differ, and neither finds another session", () => {
  const sessions = createSessions();
  const secret = sessions.begin(developer, 0);
  const { token } = sessions.find(secret, 0) ?? {};
  expect(token).not.toBe(secret);
  expect(sessions.find(token ?? "", 0)).toBeUndefined();
});

test("a session that was ended is not found", () => {
  const sessions = createSessions();
  const secret = sessions.begin(developer, 0);
  sessions.end(secret);
  expect(sessions.find(secret, 0)).toBeUndefined();
});

test("the number of sessions is bounded", () => {
  const sessions = createSessions();
  const secrets = Array.from({ length: 1_001 }, () => sessions.begin(developer, 0));
  expect(sessions.find(secrets[0] ?? "", 0)).toBeUndefined();
  expect(sessions.find(secrets[1_000] ?? "", 0)).toBeDefined();
});
