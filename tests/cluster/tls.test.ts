// cspell:ignore addslotsrange cacert
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { publish } from "../fixtures/api-request.ts";
import { freePort } from "@sealcast/server-testing";
import { RawClient } from "../fixtures/raw-client.ts";
import { root } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

/** The permissions that docs/cluster.md names. */
const permissions = /`(\+@all [^`]+)`/.exec(readFileSync(join(root, "docs/cluster.md"), "utf8"))?.[1] ?? "";

/** What a Redis with TLS starts with. */
interface Tls {
  readonly folder: string;
  readonly certificate: string;
  readonly settings: readonly string[];
}

/** Where a Redis is, and the options of a server that uses it. */
interface Place {
  readonly port: number;
  readonly options: readonly string[];
}

const users = `--user default off --user operator on >operator ~* &* +@all --user sealcast on >hunter2 ${permissions}`;

/** Starts each kind of Redis. Every connection to it, and in it, uses TLS. */
const kinds: Readonly<Record<string, (tls: Tls) => Promise<Place>>> = {
  "a single server": async (tls) => ({ port: await start(tls), options: [] }),
  "Redis Cluster": async (tls) => {
    const busPort = String(await freePort());
    const place = ["--cluster-port", busPort, "--cluster-announce-ip", "127.0.0.1"];
    const port = await start(tls, "--cluster-enabled", "yes", "--tls-cluster", "yes", ...place);
    operate(tls, port, "cluster", "addslotsrange", "0", "16383");
    await vi.waitFor(() => expect(operate(tls, port, "cluster", "info")).toContain("cluster_state:ok"), 10_000);
    return { port, options: ["--engine-cluster"] };
  },
  Sentinel: async (tls) => {
    const [primary, port] = [await start(tls), await freePort()];
    const file = join(tls.folder, "sentinel.conf");
    const watched = [`monitor main 127.0.0.1 ${primary} 1`, "auth-user main operator", "auth-pass main operator"];
    writeFileSync(file, watched.map((line) => `sentinel ${line}\n`).join(""));
    const place = ["--port", "0", "--tls-port", String(port), "--tls-replication", "yes", "--dir", tls.folder];
    const sentinel = spawn("redis-server", [file, "--sentinel", ...place, ...tls.settings], { stdio: "ignore" });
    onTestFinished(async () => {
      const ended = once(sentinel, "exit");
      sentinel.kill("SIGKILL");
      await ended;
    });
    await vi.waitFor(() => expect(operate(tls, port, "sentinel", "masters")).toContain("master\n"), 10_000);
    return { port, options: ["--engine-sentinel-primary", "main"] };
  },
};

describeWithRedis("Redis with TLS and a user of its own", () => {
  test.each(Object.entries(kinds))(
    "is used with a certificate that the environment names, and the permissions of the documentation: %s",
    { timeout: 60_000 },
    async (_, startKind) => {
      const tls = makeCertificate();
      const { port: redisPort, options } = await startKind(tls);
      const url = `rediss://sealcast:hunter2@127.0.0.1:${redisPort}`;
      const args = ["--engine", "redis", "--engine-url", url, ...options, "--drain-seconds", "0"];

      const stranger = new SealcastProcess(["start", "--port", "0", ...args]);
      expect(await stranger.exited).toBe(1);
      expect(stranger.stderr).toContain("a self-signed certificate; name it in NODE_EXTRA_CA_CERTS");
      expect(stranger.stderr).not.toContain("hunter");

      const [server, port] = await SealcastProcess.start(args, { NODE_EXTRA_CA_CERTS: tls.certificate });
      onTestFinished(() => server.signal("SIGKILL"));
      const client = await RawClient.connect(port);
      await client.subscribe("presence-room", JSON.stringify({ user_id: "ada" }));
      await client.subscribe("private-cache-news");
      await publish(port, "private-cache-news", "flash", "1");
      expect(await client.next("flash")).toMatchObject({ data: "1" });
      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
      expect(server.stderr).not.toMatch(/engine\.(interrupted|request_failed|close_failed)/);
    },
  );
});

function makeCertificate(): Tls {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1", "-nodes"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  });
  const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
  return { folder, certificate, settings: [...files, "--tls-auth-clients", "no"] };
}

/** Starts `redis-server`, and returns its port. */
async function start({ settings }: Tls, ...more: readonly string[]): Promise<number> {
  const redis = await startRedis([...settings, ...users.split(" "), ...more]);
  onTestFinished(() => redis.stop());
  return redis.port;
}

function operate({ certificate }: Tls, port: number, ...words: readonly string[]): string {
  const access = ["--tls", "--cacert", certificate, "-p", String(port), "--no-auth-warning"];
  const user = words[0] === "sentinel" ? [] : ["--user", "operator", "--pass", "operator"];
  return execFileSync("redis-cli", [...access, ...user, ...words]).toString();
}
