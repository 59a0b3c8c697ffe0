import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { publish } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { root } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

/** The permissions that docs/cluster.md names. */
const permissions = /`(\+@all [^`]+)`/.exec(readFileSync(join(root, "docs/cluster.md"), "utf8"))?.[1] ?? "";

describeWithRedis("a Redis server with TLS and a user of its own", () => {
  test("is used with a certificate that the environment names, and the permissions of the documentation", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sealcast-tls-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1", "-nodes"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const files = ["-keyout", key, "-out", certificate];
    execFileSync("openssl", ["req", "-x509", ...curve, ...subject, ...files], { stdio: "ignore" });
    const tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
    const user = ["--user", "sealcast", "on", ">hunter2", ...permissions.split(" ")];
    const redis = await startRedis([...tls, "--tls-auth-clients", "no", "--user", "default", "off", ...user]);
    onTestFinished(async () => {
      await redis.stop();
      rmSync(folder, { recursive: true });
    });
    const argsOf = (password: string): string[] => {
      const url = `rediss://sealcast:${password}@127.0.0.1:${redis.port}`;
      return ["--engine", "redis", "--engine-url", url, "--drain-seconds", "0"];
    };

    const stranger = new SealcastProcess(["start", "--port", "0", ...argsOf("hunter2")]);
    expect(await stranger.exited).toBe(1);
    expect(stranger.stderr).toContain("a self-signed certificate; name it in NODE_EXTRA_CA_CERTS");
    expect(stranger.stderr).not.toContain("hunter");

    const [server, port] = await SealcastProcess.start(argsOf("hunter2"), { NODE_EXTRA_CA_CERTS: certificate });
    onTestFinished(() => server.signal("SIGKILL"));
    const client = await RawClient.connect(port);
    await client.subscribe("presence-room", JSON.stringify({ user_id: "ada" }));
    await client.subscribe("private-cache-news");
    await publish(port, "private-cache-news", "flash", "1");
    expect(await client.next("flash")).toMatchObject({ data: "1" });
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(server.stderr).not.toMatch(/engine\.(interrupted|request_failed|close_failed)/);
  });
});
