import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { request } from "node:http";
import type { AppKey } from "@sealcast/protocol";
import { freePort, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { metricTable, type MetricRow } from "../../packages/server/src/core/monitoring/metric-table.ts";
import { credentials } from "../fixtures/credentials.ts";
import { hasPrometheus, Prometheus } from "../fixtures/prometheus.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { root, textOf } from "../fixtures/repository.ts";
import { dashboard, panels } from "./dashboard.ts";
import { withMetricsTable } from "./metrics-page.ts";

const token = "a-token-of-the-metrics";
const rules = join(root, "deploy/prometheus/alerts.yml");
const bearer = { headers: { authorization: `Bearer ${token}` } };

describe("files", () => {
  test("docs/metrics.md agrees with the table of metrics", async () => {
    await expect(withMetricsTable(textOf("docs/metrics.md"))).toMatchFileSnapshot("../../docs/metrics.md");
  });

  test("the Grafana dashboard agrees with its rows", async () => {
    const text = `${JSON.stringify(dashboard(), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot("../../deploy/grafana/sealcast.json");
  });

  test("the dashboard shows every metric", () => {
    const shown = metricsIn(JSON.stringify(panels)).map((name) => name.replace(/_bucket$/, ""));
    expect(Object.keys(metricTable).filter((name) => !shown.includes(name))).toEqual([]);
  });

  test("the dashboard and the alerts use metrics that exist", () => {
    const used = metricsIn(JSON.stringify(panels) + textOf("deploy/prometheus/alerts.yml"));
    const known = Object.entries<MetricRow>(metricTable).flatMap(([name, { type }]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("who may read the metrics", () => {
  test("with the example credentials: this machine", async () => {
    const { url, port } = await start({});
    expect(await statusOf(url)).toBe(200);
    expect(await statusForHost(port, "attacker.example")).toBe(401);
  });

  test("with a token: who sends it", async () => {
    const { url } = await start({ settings: { metricsToken: token } });
    expect(await statusOf(url)).toBe(401);
    expect(await statusOf(url, { headers: { authorization: `Bearer ${token.slice(0, -1)}` } })).toBe(401);
    expect(await statusOf(url, bearer)).toBe(200);
  });

  test("with own credentials and neither port nor token: nobody", async () => {
    const own = testApp({ credentials: [{ key: "own-key" as AppKey, secret: "a secret of our own" }] });
    const { url } = await start({ apps: [own] });
    expect(await statusOf(url)).toBe(404);
  });

  test("with a port: that port, which has nothing else but health checks", async () => {
    const metricsPort = await freePort();
    const { url } = await start({ settings: { metricsPort } });
    const own = `http://127.0.0.1:${metricsPort}`;
    expect([await statusOf(url), await statusOf(own)]).toEqual([404, 200]);
    expect((await fetch(`${own}/health/ready`)).status).toBe(200);
    expect((await fetch(`${own}/apps/1001/channels`)).status).toBe(404);
    expect((await fetch(`${own}/console`)).status).toBe(404);
    expect((await new RawClient(metricsPort).closed).code).toBe(4005);
  });
});

test("no metric names a channel, an event or a user", async () => {
  const server = await start({});
  await fetch(`${server.url}/metrics`);
  const client = await RawClient.connect(server.port);
  await client.join("presence-room-of-ada", "user-ada");
  client.send({ event: "client-typed", channel: "presence-room-of-ada", data: "{}" });
  await backendOf(server).trigger("presence-room-of-ada", "paid", {});
  await fetch(`${server.url}/apps/1001/secret-path-of-nobody`);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  client.drop();
  expect(text).toContain('sealcast_events_published_total{app="1001"} 1');
  expect(text).toContain('sealcast_client_events_total{app="1001"} 1');
  expect(text).not.toMatch(/ada|paid|typed|secret-path/);
});

describe.skipIf(!hasPrometheus)("with a real Prometheus", () => {
  let server: TestServer;
  let prometheus: Prometheus;
  let client: RawClient;
  beforeAll(async () => {
    server = await startServer({ settings: { metricsToken: token } });
    client = await RawClient.connect(server.port);
    await client.subscribe("my-channel");
    await client.subscribe("private-encrypted-orders");
    const targets = [{ targets: [`127.0.0.1:${server.port}`] }];
    prometheus = await Prometheus.start({ authorization: { credentials: token }, static_configs: targets }, rules);
  }, 60_000);
  afterAll(async () => {
    await prometheus.close();
    client.drop();
    await server.close();
  });

  test("promtool finds nothing wrong with the metrics, the rules and the example configuration", async () => {
    const metrics = await (await fetch(`${server.url}/metrics`, bearer)).text();
    expect(promtool(["check", "metrics"], metrics)).toEqual({ status: 0, output: "" });
    expect(promtool(["check", "rules", rules]).output).toContain("10 rules found");
    const config = join(root, "deploy/prometheus/prometheus.yml");
    expect(promtool(["check", "config", "--syntax-only", config]).status).toBe(0);
  }, 60_000);

  test("it reads the server, loads all alerts and answers the queries of the dashboard", async () => {
    const backend = backendOf(server);
    const emptyPanels = async (): Promise<string[]> => {
      await backend.trigger("my-channel", "greeting", {});
      client.send({
        event: "sealcast:decryption-error",
        channel: "private-encrypted-orders",
        data: { event: "paid", reason: "auth-failed" },
      });
      const empty: string[] = [];
      for (const { title, queries } of panels) {
        for (const [expression] of queries) {
          const query = expression.replaceAll("$instance", ".*").replaceAll("$__rate_interval", "30s");
          if ((await prometheus.query(query)).length === 0) empty.push(title);
        }
      }
      return empty;
    };
    // Nothing was refused, no webhook is configured, and no client has left.
    await expect
      .poll(emptyPanels, { timeout: 60_000, interval: 500 })
      .toEqual([
        "Connections opened, closed and refused",
        "Connections opened, closed and refused",
        "Messages of clients refused",
        "Webhook deliveries",
        "Webhook events waiting, dead letters",
        "Webhook events waiting, dead letters",
        "Webhook bytes waiting",
      ]);
    const delivered = await prometheus.query("sum(increase(sealcast_messages_delivered_total[30s]))");
    expect(Number(delivered[0]?.value[1])).toBeGreaterThan(0);
    const alerts = [...textOf("deploy/prometheus/alerts.yml").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(await prometheus.alertNames()).toEqual(alerts);
  }, 90_000);
});

/** The names of metrics in a text, each as often as it stands there. */
function metricsIn(text: string): string[] {
  return [...text.matchAll(/\b(?:sealcast|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name);
}

/** Starts a server that ends with the test. */
async function start(options: Parameters<typeof startServer>[0]): Promise<TestServer> {
  const server = await startServer(options);
  onTestFinished(() => server.close());
  return server;
}

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(`${url}/metrics`, init)).status;
}

function backendOf({ port }: TestServer): Pusher {
  return new Pusher({ ...credentials, host: "127.0.0.1", port: String(port), useTLS: false });
}

function statusForHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/metrics", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

function promtool(args: readonly string[], input = ""): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return { status, output: stdout + stderr };
}
