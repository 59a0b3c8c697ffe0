// cspell:ignore URLCONF runserver noreload nothreading urlpatterns
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Sealcast as Client, whenSubscribed } from "@sealcast/client";
import { Sealcast } from "@sealcast/server-sdk";
import { freePort, startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { projects } from "../../packages/cli/src/generate/projects.ts";
import { root } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

/** How a generated project is started, and what replaces its missing sessions: the header `X-User` is the signed-in user. */
interface Runnable {
  readonly project: string;
  readonly command: readonly [string, ...string[]];
  readonly file: string;
  readonly noSession: string;
  readonly session: string;
  /** Whether it has a route that publishes. */
  readonly publishes: boolean;
  /** Files that a new project of the framework has. */
  readonly framework?: Readonly<Record<string, string>>;
}

const node = {
  file: "auth.js",
  noSession: "return undefined;",
  session: 'const id = request.headers.get("x-user"); return id ? { id } : undefined;',
  publishes: true,
} as const;

const honoServer = `import { createServer } from "node:http";
import { app } from "./app.js";
createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = parts.length === 0 ? undefined : Buffer.concat(parts);
  const answer = await app.fetch(new Request("http://localhost" + request.url, { method: request.method, headers: request.headers, body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}).listen(Number(process.env.PORT), "127.0.0.1");
`;

const djangoSite = `import os, sys
from django.conf import settings
from django.http import HttpResponse
class User:
    is_authenticated = True
    def __init__(self, pk): self.pk = pk
class Nobody:
    is_authenticated = False
def sessions(get_response):
    def middleware(request):
        request.user = User(request.headers["x-user"]) if "x-user" in request.headers else Nobody()
        return get_response(request)
    return middleware
if __name__ == "__main__":
    settings.configure(ROOT_URLCONF="site_urls", ALLOWED_HOSTS=["*"], MIDDLEWARE=["site_main.sessions"], SECRET_KEY="x")
    from django.core.management import execute_from_command_line
    execute_from_command_line(["manage", "runserver", "--noreload", "--nothreading", "127.0.0.1:" + os.environ["PORT"]])
`;

const runnable: readonly Runnable[] = [
  { project: "express", command: [process.execPath, "server.js"], ...node },
  { project: "fastify", command: [process.execPath, "server.js"], ...node },
  // The package that serves Hono on Node.js is not installed here; the generated app is the same.
  {
    project: "hono",
    command: [process.execPath, "test-server.js"],
    framework: { "test-server.js": honoServer },
    ...node,
  },
  {
    project: "go",
    command: ["go", "run", "main.go"],
    file: "main.go",
    noSession: 'return ""',
    session: 'return request.Header.Get("X-User")',
    publishes: false,
  },
  {
    project: "django",
    command: ["/usr/bin/python3", "site_main.py"],
    file: "sealcast_auth.py",
    // Django has sessions itself.
    noSession: "",
    session: "",
    publishes: false,
    framework: {
      "site_main.py": djangoSite,
      "site_urls.py":
        'import sealcast_auth\nfrom django.urls import path\nurlpatterns = [path("pusher/auth", sealcast_auth.authorize)]\n',
    },
  },
];

let server: TestServer;
let folder: string;
let url: string;

beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), "sealcast-generated-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  url = `http://app-key:app-secret@127.0.0.1:${server.port}/apps/1001`;
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function generate(project: string): Promise<string> {
  const target = join(folder, project);
  const command = new SealcastProcess(["generate", project, target], { SEALCAST_URL: url });
  expect([await command.exited, command.stderr]).toEqual([0, ""]);
  return target;
}

/** Starts a program in a folder and returns its address when it answers. */
async function start(command: Runnable["command"], cwd: string): Promise<string> {
  const port = await freePort();
  const [program, ...args] = command;
  const env = { ...process.env, PORT: String(port), SEALCAST_URL: url };
  // `go run` starts the program as a child of its own: both are one group.
  const child: ChildProcess = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr?.on("data", (part: Buffer) => (errors += part.toString()));
  onTestFinished(() => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  });
  const address = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended: ${errors}`);
    const answer = await fetch(address).catch(() => undefined);
    if (answer !== undefined) return address;
    await wait(50);
  }
}

function isMissing({ command: [program], project }: Runnable): boolean {
  const check = project === "django" ? ["-c", "import django"] : project === "go" ? ["version"] : ["--version"];
  const missing = spawnSync(program, check, { stdio: "ignore" }).status !== 0;
  if (missing && project !== "go" && process.env["CI"]) throw new Error(`${project} is missing, and CI skips nothing`);
  return missing;
}

describe("a generated project", () => {
  for (const row of runnable) {
    test.skipIf(isMissing(row))(
      `for ${row.project} refuses everybody until it has sessions, then authorizes`,
      async () => {
        const target = await generate(row.project);
        for (const [name, text] of Object.entries(row.framework ?? {})) writeFileSync(join(target, name), text);
        const source = readFileSync(join(target, row.file), "utf8");
        expect(source).toContain(row.noSession);
        expect(source).not.toContain("app-secret");
        const body = { socket_id: "1.2", channel_name: "private-user-7" };
        const ask = (address: string, user?: string, fields = body): Promise<Response> =>
          fetch(`${address}/pusher/auth`, {
            method: "POST",
            body: new URLSearchParams(fields),
            ...(user !== undefined && { headers: { "X-User": user } }),
          });
        const before = row.session === "" ? undefined : await ask(await start(row.command, target), "7");
        expect([undefined, 401, 403]).toContain(before?.status);
        writeFileSync(join(target, row.file), source.replace(row.noSession, row.session));
        const address = await start(row.command, target);
        const answer = await ask(address, "7");
        expect(answer.status).toBe(200);
        expect(answer.headers.get("cache-control")).toContain("no-store");
        const api = Sealcast.forURL(url);
        expect(await answer.json()).toMatchObject({ auth: api.authorizeChannel("1.2", "private-user-7").auth });
        const refused = [
          await ask(address),
          await ask(address, "8"),
          await ask(address, "7", { ...body, socket_id: "1.2:private-other" }),
          await ask(address, "7", { ...body, channel_name: "private-user 7" }),
          // The channel of a user whose id ends as this one's.
          await ask(address, "7", { ...body, channel_name: "private-user-a-7" }),
        ];
        for (const { status } of refused) expect([400, 401, 403]).toContain(status);
        const presence = await ask(address, "7", { socket_id: "1.2", channel_name: "presence-room" });
        const { channel_data } = (await presence.json()) as { channel_data: string };
        expect(JSON.parse(channel_data)).toEqual({ user_id: "7" });
        if (!row.publishes) return;
        const client = new Client("app-key", { url: server.url });
        onTestFinished(() => client.disconnect());
        const channel = await whenSubscribed(client.subscribe("my-channel"));
        const received = new Promise((resolve) => channel.bind("my-event", resolve));
        expect((await fetch(`${address}/hello`, { method: "POST" })).status).toBe(200);
        expect(await received).toEqual({ text: "Hello" });
      },
      60_000,
    );
  }

  test.each([
    ["rails", "ruby", ["-c", "app/controllers/sealcast_auth_controller.rb"]],
    ["laravel", "php", ["-l", "routes/channels.php"]],
  ] as const)("for %s has no syntax error", async (project, program, args) => {
    const target = await generate(project);
    if (spawnSync(program, ["--version"]).status !== 0) return;
    expect(spawnSync(program, args, { cwd: target }).status).toBe(0);
  });

  test.each(projects)("$name never holds the secret", (project) => {
    // The functions get no secret, and take none from elsewhere.
    const texts = Object.values(project.files({ appId: "1001", key: "app-key", socketUrl: "http://127.0.0.1:6001" }));
    expect(texts.join("\n")).not.toMatch(/app-secret/);
  });

  test("replaces no file", async () => {
    const target = join(folder, "twice");
    const write = async (): Promise<[number | null, string]> => {
      const command = new SealcastProcess(["generate", "web", target], { SEALCAST_URL: url });
      return [await command.exited, command.stderr];
    };
    expect(await write()).toEqual([0, ""]);
    expect(await write()).toEqual([1, `${join(target, "index.html")} exists already.\n`]);
  });
});
