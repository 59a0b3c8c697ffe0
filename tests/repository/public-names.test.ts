import { describe, expect, test } from "vitest";
import { filesBelow, textOf } from "../fixtures/repository.ts";

/** Values that no other package uses, and why they are public all the same. */
const withoutCaller: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  protocol: {
    channelKinds: "tests of other packages run once for each row",
    encodeClientMessage: "the counterpart of parseClientMessage, for clients",
    encodeWebhook: "the counterpart of parseWebhook, for senders of webhooks",
    isClientEvent: "the counterpart of isReservedEvent",
    webhookEventNames: "the names of all webhook events, for configuration",
  },
  crypto: {
    decodeBase64: "decodes master keys and secrets for deriveChannelKey and openPayload",
    deriveChannelKey: "for backends that keep keys without a ring",
  },
};

describe.each(Object.entries(withoutCaller))("the public values of @sealcast/%s", (name, listed) => {
  const declared = namesIn(textOf(`packages/${name}/src/index.ts`), /export (\{[^}]*\}) from/g);
  const used = new Set(
    filesBelow()
      .filter((path) => /\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$|^tests\/|\/testing\//.test(path))
      .filter((path) => !path.startsWith(`packages/${name}/`))
      .flatMap((path) => namesIn(textOf(path), new RegExp(`(\\{[^}]*\\}) from "@sealcast/${name}"`, "g"))),
  );

  test("have a caller in another package, or are listed with a reason", () => {
    expect(declared.length).toBeGreaterThan(10);
    expect(declared.filter((value) => !used.has(value) && listed[value] === undefined)).toEqual([]);
  });

  test("are listed only if they exist", () => {
    expect(Object.keys(listed).filter((value) => !declared.includes(value))).toEqual([]);
  });
});

/** The names in braces that a pattern finds, types left out. */
function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, braces = ""]) =>
    braces
      .slice(1, -1)
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "" && !entry.startsWith("type "))
      .map((entry) => entry.split(" as ")[0] ?? ""),
  );
}
