import { parseUserData, type UserData } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { decideSignIn, decideWatchlist } from "./sign-in.ts";

const badSignature = { id: "invalidSignature", message: "bad" } as const;
const ada = userOf('{"id":"ada"}');

function userOf(text: string): UserData | undefined {
  const parsed = parseUserData(text);
  return parsed.ok ? parsed.value : undefined;
}

describe("deciding a sign-in", () => {
  test("[USER1] [USER3] the first one, and another one as the same user", () => {
    const facts = { authProblem: undefined, userData: '{"id":"ada"}' };
    expect(decideSignIn({ ...facts, user: undefined })).toEqual({ ok: true, value: ada });
    expect(decideSignIn({ ...facts, user: ada })).toEqual({ ok: true, value: ada });
  });

  test.each([
    [
      "[USER2] a bad signature, before user_data is read",
      { authProblem: badSignature, userData: "{" },
      "invalidSignature",
    ],
    ["[USER2] user_data that is no JSON", { authProblem: undefined, userData: "{" }, "invalidUserData"],
    ["[USER3] another user", { authProblem: undefined, userData: '{"id":"bob"}' }, "otherUserSignedIn"],
  ] as const)("%s is refused", (_, facts, id) => {
    expect(decideSignIn({ ...facts, user: ada })).toMatchObject({ ok: false, error: { id } });
  });
});

describe("deciding a watchlist", () => {
  test("[WATCH3] a user who is named twice counts once", () => {
    const users = Array.from({ length: 100 }, (_, index) => `u${index}`);
    expect(decideWatchlist([...users, ...users])).toEqual({ watched: users, problem: undefined });
  });

  test("[WATCH1] each user is watched once", () => {
    expect(decideWatchlist(["a", "b", "a"])).toEqual({ watched: ["a", "b"], problem: undefined });
  });

  test("[WATCH3] users above the limit are not watched, which is a problem", () => {
    const wanted = Array.from({ length: 101 }, (_, index) => `u${index}`);
    const { watched, problem } = decideWatchlist(wanted);
    expect(watched).toEqual(wanted.slice(0, 100));
    expect(problem?.id).toBe("watchlistTooLong");
  });
});
