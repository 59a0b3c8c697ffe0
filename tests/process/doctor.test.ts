import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { AppId, AppKey } from "@sealcast/protocol";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { hasNginx, Nginx } from "../fixtures/nginx.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

/** What `doctor --json` prints. */
interface Report {
  readonly problems: number;
  readonly checks: readonly {
    readonly id: string;
    readonly status: string;
    readonly seen: string;
    readonly fix?: string;
  }[];
}

const upgrade =
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
const forwarded = "proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto $scheme;";
const unbuffered = "proxy_buffering off; proxy_read_timeout 300s;";
const tlsApp = testApp({
  id: "1002" as AppId,
  credentials: [{ key: "tls-key" as AppKey, secret: "tls-secret" }],
  forceTls: true,
});

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startServer({ apps: [testApp(), tlsApp] });
  folder = mkdtempSync(join(tmpdir(), "sealcast-doctor-"));
  createCertificate("good", 90);
  createCertificate("expiring", 5);
  createCertificate("expired", -1);
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Makes a self-signed certificate for `localhost` that expires in so many days. */
function createCertificate(name: string, days: number): void {
  const path = (ending: string): string => join(folder, `${name}.${ending}`);
  writeFileSync(path("ext"), "subjectAltName=DNS:localhost\n");
  openssl(
    "req",
    "-new",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    "/CN=localhost",
    "-keyout",
    path("key"),
    "-out",
    path("csr"),
  );
  const sign = ["-signkey", path("key"), "-days", String(days), "-extfile", path("ext")];
  openssl("x509", "-req", "-in", path("csr"), ...sign, "-out", path("pem"));
}

function openssl(...args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: "ignore" });
}

function certificate(name: string): { certificate: string; key: string } {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

async function nginx(directives: string, tls?: string): Promise<number> {
  const proxy = await Nginx.start(directives, tls === undefined ? undefined : certificate(tls));
  onTestFinished(() => proxy.close());
  return proxy.port;
}

const upstream = (): string => `proxy_pass http://127.0.0.1:${server.port};`;

/** Runs `doctor` and returns what it found, without checks that found nothing. */
async function diagnose(url: string, idleSeconds = 0, environment: Record<string, string> = {}): Promise<Report> {
  const args = ["doctor", "--json", "--idle-seconds", String(idleSeconds)];
  const process = new SealcastProcess(args, { SEALCAST_URL: url, ...environment });
  const code = await process.exited;
  const report = JSON.parse(process.stdout) as Report;
  expect(code).toBe(report.problems === 0 ? 0 : 1);
  expect(process.stdout).not.toMatch(/app-secret|tls-secret/);
  return { ...report, checks: report.checks.filter(({ status }) => status === "problem" || status === "warning") };
}

const appUrl = (port: number, host = "http://app-key:app-secret@127.0.0.1"): string => `${host}:${port}/apps/1001`;

/** The findings that do not depend on the machine of the test. */
function found({ checks }: Report): string[] {
  return checks.filter(({ id }) => id !== "open-files").map(({ id, seen, fix }) => `${id}: ${seen} | ${fix ?? ""}`);
}

describe.skipIf(!hasNginx)("behind nginx", () => {
  test("a good set-up has no finding", async () => {
    const port = await nginx(`location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`);
    expect(found(await diagnose(appUrl(port), 2))).toEqual([]);
  });

  test("a good set-up with TLS has no finding, and the app may insist on TLS", async () => {
    const port = await nginx(`location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`, "good");
    const trusted = { NODE_EXTRA_CA_CERTS: join(folder, "good.pem") };
    expect(found(await diagnose(appUrl(port, "https://app-key:app-secret@localhost"), 0, trusted))).toEqual([]);
    expect(found(await diagnose(`https://tls-key:tls-secret@localhost:${port}/apps/1002`, 0, trusted))).toEqual([]);
  });

  test.each([
    [
      "the Upgrade header is not forwarded",
      () => `location / { ${upstream()} ${forwarded} ${unbuffered} }`,
      /^websocket: \d+ instead of 101.*\| .*proxy_set_header Upgrade/,
    ],
    [
      "only /app/ is forwarded",
      () => `location /app/ { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`,
      /^http: 404 from nginx.*\| .*\/apps\//,
    ],
    [
      "only /apps/ is forwarded",
      () => `location /apps/ { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`,
      /^websocket: 404 from nginx.*\| .*\/app\//,
    ],
    [
      "the port of the server is wrong",
      () => `location / { proxy_pass http://127.0.0.1:1; ${upgrade} }`,
      /^http: 502: the proxy does not reach the server \| .*proxy_pass/,
    ],
    [
      "answers are buffered",
      () =>
        `location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} } location /pusher/ { ${upstream()} ${forwarded} proxy_ignore_headers X-Accel-Buffering; }`,
      /^fallback: the proxy keeps messages back.*\| .*proxy_buffering off/,
    ],
    [
      "the fallback path is not forwarded",
      () => `location ~ ^/apps?/ { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`,
      /^fallback: 404 instead of a stream \| .*\/pusher\//,
    ],
    [
      "the path of the SockJS info is not forwarded",
      () =>
        `location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} } location = /pusher/info { return 404; }`,
      /^sockjs: 404 instead of the info \| .*\/pusher\//,
    ],
    [
      "the sessions of SockJS are not forwarded",
      () =>
        `location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} } location ~ ^/pusher/[0-9]+/ { return 404; }`,
      /^sockjs: 404 instead of a stream \| .*\/pusher\//,
    ],
    [
      "answers of SockJS are buffered",
      () =>
        `location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} } location ~ ^/pusher/[0-9]+/ { ${upstream()} ${forwarded} proxy_ignore_headers X-Accel-Buffering; }`,
      /^sockjs: the proxy keeps messages back.*\| .*proxy_buffering off/,
    ],
  ])("if %s, the finding names it", async (_, directives, expected) => {
    const port = await nginx(directives());
    expect(found(await diagnose(appUrl(port)))[0]).toMatch(expected);
  });

  test("if the proxy cuts silent connections early, the finding names it", async () => {
    const port = await nginx(`location / { ${upstream()} ${upgrade} ${forwarded} proxy_read_timeout 1s; }`);
    expect(found(await diagnose(appUrl(port), 10))).toEqual([
      expect.stringMatching(/^idle: cut after \d+ seconds of silence \| .*proxy_read_timeout 300s/),
    ]);
  });

  test("if the proxy does not say that it has TLS, the finding names it", async () => {
    const port = await nginx(`location / { ${upstream()} ${upgrade} ${unbuffered} }`, "good");
    const trusted = { NODE_EXTRA_CA_CERTS: join(folder, "good.pem") };
    const report = await diagnose(`https://tls-key:tls-secret@localhost:${port}/apps/1002`, 0, trusted);
    expect(found(report).join("\n")).toMatch(/^websocket: 4000: .*\| .*X-Forwarded-Proto \$scheme/m);
  });

  test.each([
    ["expired", {}, /^tls: expired on .*\| Renew/],
    ["good", {}, /^tls: the certificate is self-signed.*\| .*fullchain/],
    ["expiring", { trusted: true }, /^tls: expires in [45] days \| Renew/],
  ])("the certificate %s with %j is named", async (name, { trusted = false }: { trusted?: boolean }, expected) => {
    const port = await nginx(`location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`, name);
    const trust: Record<string, string> = trusted ? { NODE_EXTRA_CA_CERTS: join(folder, `${name}.pem`) } : {};
    const findings = found(await diagnose(appUrl(port, "https://app-key:app-secret@localhost"), 0, trust));
    expect(findings[0]).toMatch(expected);
  });

  test("a certificate for another host is named", async () => {
    const port = await nginx(`location / { ${upstream()} ${upgrade} ${forwarded} ${unbuffered} }`, "good");
    const trusted = { NODE_EXTRA_CA_CERTS: join(folder, "good.pem") };
    const findings = found(await diagnose(appUrl(port, "https://app-key:app-secret@127.0.0.1"), 0, trusted));
    expect(findings[0]).toMatch(/^tls: the certificate is for another host name/);
  });

  test("a port without TLS is named", async () => {
    const findings = found(await diagnose(appUrl(server.port, "https://app-key:app-secret@localhost")));
    expect(findings[0]).toMatch(/^tls: no TLS handshake/);
  });
});

describe("without a proxy", () => {
  test.each([
    ["the host does not exist", () => "http://app-key:app-secret@nobody.invalid/apps/1001", /^dns: nobody\.invalid: /],
    ["nothing listens", () => appUrl(1), /^port: 1: nothing listens on this port/],
    ["the app does not exist", () => `http://app-key:app-secret@127.0.0.1:${server.port}/apps/77`, /^credentials: 404/],
    ["the secret is wrong", () => `http://app-key:wrong@127.0.0.1:${server.port}/apps/1001`, /^credentials: 401/],
    ["the key is wrong", () => `http://wrong:app-secret@127.0.0.1:${server.port}/apps/1001`, /websocket: 4001/],
    [
      "TLS is required",
      () => `http://tls-key:tls-secret@127.0.0.1:${server.port}/apps/1002`,
      /websocket: 4000: .*https/,
    ],
  ])("if %s, the finding names it", async (_, url, expected) => {
    expect(found(await diagnose(url())).join("\n")).toMatch(expected);
  });

  test("SockJS is tried", async () => {
    const args = ["doctor", "--json", "--idle-seconds", "0"];
    const process = new SealcastProcess(args, { SEALCAST_URL: appUrl(server.port) });
    await process.exited;
    expect((JSON.parse(process.stdout) as Report).checks).toContainEqual(
      expect.objectContaining({ id: "sockjs", status: "ok", seen: "messages arrive at once" }),
    );
  });

  test("a clock that differs is named", async () => {
    const other = createServer((_, response) => {
      response.setHeader("Date", new Date(Date.now() - 3_600_000).toUTCString());
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    onTestFinished(() => void other.close());
    const findings = found(await diagnose(appUrl((other.address() as AddressInfo).port)));
    expect(findings.join("\n")).toMatch(/^clock: 3[56]\d\d seconds: signed requests are refused \| .*NTP/m);
  });
});
