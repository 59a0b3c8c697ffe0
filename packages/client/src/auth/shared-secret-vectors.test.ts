import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseChannelGrant } from "./channel-grant.ts";

interface AuthResponseCase {
  readonly tcId: number;
  readonly comment: string;
  readonly clientInput?: { readonly shared_secret: string };
  readonly result?: "accept" | "reject";
}

const { authResponse } = JSON.parse(
  readFileSync(new URL("../../../../vectors/secretbox-channels.json", import.meta.url), "utf8"),
) as { authResponse: readonly AuthResponseCase[] };
const rows = authResponse.filter(({ clientInput }) => clientInput !== undefined);

test.each(rows)("secretbox-channels.json $tcId: $comment", ({ clientInput, result }) => {
  const grant = parseChannelGrant({ auth: "key:signature", shared_secret: clientInput?.shared_secret });
  expect(grant?.secrets).toEqual(result === "accept" ? [clientInput?.shared_secret] : []);
});

test("secretbox-channels.json has responses to accept and to reject", () => {
  expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(["accept", "reject"]));
});
