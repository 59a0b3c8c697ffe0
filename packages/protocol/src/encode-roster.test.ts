import { expect, test } from "vitest";
import { encodeRoster } from "./encode-roster.ts";

test.each([
  ["a short list", 2, 10],
  ["a long list", 30, 10_000],
])("[PRES1] %s is the same text for each subscriber, with every member", (_, count, length) => {
  const info = JSON.stringify({ 'say "hi"': `\\ 漢 😀 \ud800 ${"x".repeat(length)}` });
  const roster = Array.from({ length: count }, (__, index) => ({
    userId: `"${index}"`,
    userInfo: index === 1 ? undefined : info,
  }));
  const ids = roster.map(({ userId }) => userId);
  const infoOf = (index: number): unknown => (index === 1 ? null : JSON.parse(info));
  const hash = Object.fromEntries(ids.map((id, index) => [id, infoOf(index)]));
  const decoded = (): unknown => JSON.parse(JSON.parse(encodeRoster(roster)) as string);
  expect([decoded(), decoded()]).toEqual([{ presence: { ids, hash, count } }, { presence: { ids, hash, count } }]);
});
