import { resolveConfig } from "@sealcast/server/config";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../fixtures/repository.ts";

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly volumes?: readonly string[];
}

const file = join(root, "deploy/compose.yml");
const compose = parse(readFileSync(file, "utf8"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
};
const servers = Object.entries(compose.services).filter(([name]) => name.startsWith("server-"));

test("the servers of compose.yml are those of nginx.conf, with variables that a server knows", () => {
  const ports = servers.map(([, { environment = {} }]) => {
    const resolved = resolveConfig({ flags: new Map(), environment, file: undefined });
    expect(resolved).toMatchObject({
      ok: true,
      config: { host: "127.0.0.1", engine: "redis", engineUrl: "redis://redis:6379" },
    });
    return resolved.ok ? resolved.config.port : 0;
  });
  const nginx = readFileSync(join(root, "deploy/nginx.conf"), "utf8");
  expect(ports).toEqual([...nginx.matchAll(/server 127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port)));
});

test("every file and volume that compose.yml names is there", () => {
  const named = Object.values(compose.services).flatMap(({ build, volumes = [] }) => [
    ...(build === undefined ? [] : [join(build.context, build.dockerfile)]),
    ...volumes.map((volume) => volume.split(":")[0] ?? ""),
  ]);
  // The reader of the file makes it.
  const missing = named.filter((source) => source !== "../sealcast.json" && !isThere(source));
  expect({ named: named.length, missing }).toEqual({ named: 10, missing: [] });
});

function isThere(source: string): boolean {
  return source in compose.volumes || existsSync(join(dirname(file), source));
}
