import { limits } from "@sealcast/protocol";
import { resolveConfig } from "@sealcast/server";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { manifestOf, root, textOf } from "../fixtures/repository.ts";

const readme = textOf("README.md");

describe("README.md", () => {
  test("names every package, and none that is not there", () => {
    const named = [...readme.matchAll(/^\| \[`packages\/([\w-]+)`\]/gm)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(readdirSync(join(root, "packages"))));
  });

  test("asks for the Node.js that the packages ask for", () => {
    const wanted = /Node\.js (\S+) or newer/.exec(readme)?.[1];
    const engines = ["", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}`)].map(
      (folder) => (manifestOf(folder) as { engines?: { node?: string } }).engines?.node,
    );
    expect(new Set(engines)).toEqual(new Set([`>=${wanted}`]));
  });

  test("tells the defaults of a server without a configuration", () => {
    const resolved = resolveConfig({ flags: new Map(), environment: {}, file: undefined });
    if (!resolved.ok) throw new Error("The defaults have problems");
    const { host, port, apps } = resolved.config;
    const [app] = apps;
    expect(readme).toContain(`\`${host}:${port}\` with one app: id \`${app?.id}\`, key \`${app?.credentials[0].key}\``);
    expect(readme).toContain(`secret \`${app?.credentials[0].secret}\``);
  });

  test("tells how much plaintext fits into an encrypted event", () => {
    const stated = Number(/at most ([\d,]+) bytes of plaintext/.exec(readme)?.[1]?.replace(",", ""));
    expect(sealedLength(stated)).toBeLessThanOrEqual(limits.eventDataBytes);
    expect(sealedLength(stated + 1)).toBeGreaterThan(limits.eventDataBytes);
  });
});

/** Length of `data` for so much plaintext: base64 of text and tag, 32 characters of nonce, 28 of JSON around them. */
function sealedLength(plaintextBytes: number): number {
  const tagBytes = 16;
  return 4 * Math.ceil((plaintextBytes + tagBytes) / 3) + 32 + 28;
}
