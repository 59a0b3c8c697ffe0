// cspell:ignore STOPSIGNAL
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { usageError } from "../../packages/cli/src/usage-error.ts";
import { root, textOf } from "../fixtures/repository.ts";

/** The instructions of the Dockerfile, with their arguments. */
const instructions = textOf("deploy/docker/Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line): readonly [name: string, rest: string] => {
    const [, name = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return [name, rest];
  });

function all(name: string): string[] {
  return instructions.filter(([own]) => own === name).map(([, rest]) => rest);
}

/** The last stage is the image. */
const image = instructions.slice(instructions.findLastIndex(([name]) => name === "FROM"));
const ofImage = (name: string): string | undefined => image.findLast(([own]) => own === name)?.[1];
const listOf = (text: string | undefined): string[] => JSON.parse(text ?? "[]") as string[];

test("every line is an instruction that images have", () => {
  const known = "ARG FROM WORKDIR COPY RUN ENV EXPOSE USER STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD".split(" ");
  expect(instructions.filter(([name]) => !known.includes(name))).toEqual([]);
});

test("base images have a version, and can be replaced by those of a registry of one's own", () => {
  const bases = all("ARG").map((argument) => argument.split("="));
  expect(bases.map(([name]) => `\${${name}}`)).toEqual(all("FROM").map((from) => from.replace(" AS build", "")));
  for (const [, base] of bases) expect(base).toMatch(/^[\w.]+\/[\w./-]+:[\w.-]+$/);
  for (const [, base] of bases) expect(base).toMatch(/\d/);
  expect(bases.join()).not.toContain(":latest");
});

test("both stages have the same version of Node.js, one that the packages accept", () => {
  const versions = all("ARG").map((base) => /node(?:js)?:?(\d+)/.exec(base)?.[1]);
  expect(new Set(versions).size).toBe(1);
  expect(Number(versions[0])).toBeGreaterThanOrEqual(20);
});

test("what is built is what is copied, and the scripts of the build exist", () => {
  const [build = ""] = all("RUN");
  const [, script = "", folder] = /node (scripts\/\S+) (\S+)$/.exec(build) ?? [];
  expect(existsSync(join(root, script))).toBe(true);
  expect(ofImage("COPY")).toBe(`--from=build ${folder} /sealcast`);
  expect(listOf(ofImage("ENTRYPOINT"))).toEqual(["/nodejs/bin/node", "/sealcast/app/sealcast.js"]);
  // A build must not take modules or builds of this machine.
  const ignored = textOf(".dockerignore").split("\n");
  for (const path of [".git", "**/node_modules", "**/dist", "/sealcast.json"]) expect(ignored).toContain(path);
});

test("the image runs as a user of its own, needs no shell, and starts what the command accepts", async () => {
  expect(ofImage("USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(await usageError(listOf(ofImage("CMD")))).toBeUndefined();
  for (const name of ["ENTRYPOINT", "CMD"]) expect(ofImage(name)).toMatch(/^\[/);
  expect(image.filter(([name]) => name === "RUN")).toEqual([]);
});

test("the health check succeeds for a server that runs, and fails without one", async () => {
  const [, option, script = ""] = listOf(ofImage("HEALTHCHECK")?.replace(/^.* CMD /, ""));
  expect(option).toBe("-e");
  const check = async (port: number): Promise<unknown> => {
    const environment = { PATH: process.env["PATH"], SEALCAST_PORT: String(port) };
    const [code] = (await once(spawn(process.execPath, ["-e", script], { env: environment }), "exit")) as [unknown];
    return code;
  };
  const server = await startServer();
  expect(await check(server.port)).toBe(0);
  await server.close();
  expect(await check(server.port)).toBe(1);
});
