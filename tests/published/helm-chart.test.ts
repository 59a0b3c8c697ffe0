import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { Service } from "kubernetes-models/v1/Service";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { resolveConfig } from "@sealcast/server";
import { root, textOf } from "../fixtures/repository.ts";

/** A rendered resource, as far as this test looks into it. */
interface Resource {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

const folder = "deploy/helm/sealcast";
const presets = parse(textOf(`${folder}/values.yaml`)) as Record<string, Values>;
const schemas = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
};

/** Renders the chart with values in place of the presets, and returns its resources by kind. */
function render(changes: Readonly<Record<string, Values>> = {}): Map<string, Resource> {
  const values = Object.fromEntries(
    Object.entries(presets).map(([name, value]) => [name, name in changes ? { ...value, ...changes[name] } : value]),
  );
  const chart = parse(textOf(`${folder}/Chart.yaml`)) as { appVersion: string };
  const templates = readdirSync(join(root, folder, "templates")).map((name) => join(root, folder, "templates", name));
  const { stdout, stderr } = spawnSync(
    "go",
    ["run", join(import.meta.dirname, "fixtures/render-chart.go"), ...templates],
    {
      input: JSON.stringify({ values, chart: { AppVersion: chart.appVersion }, release: { Name: "chat" } }),
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  const documents = parseAllDocuments(stdout);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const resources = documents.map((document) => document.toJS() as Resource | null).filter((one) => one !== null);
  return new Map(resources.map((resource) => [resource.kind, resource]));
}

describe.skipIf(spawnSync("go", ["version"]).status !== 0)("the Helm chart", () => {
  const everything = {
    ingress: { enabled: true, className: "nginx", host: "ws.example.org", tlsSecret: "tls" },
    persistence: { enabled: true, storageClass: "fast" },
    autoscaling: { enabled: true, connectionsMetric: "sealcast_connections" },
    podAnnotations: { team: "chat" },
  };

  test.each([
    ["with its presets", {}, ["ConfigMap", "Deployment", "PodDisruptionBudget", "Service"]],
    ["with everything", everything, Object.keys(schemas)],
  ])("%s renders valid resources", (_, changes, kinds) => {
    const resources = render(changes);
    expect([...resources.keys()].toSorted()).toEqual(kinds);
    for (const [kind, resource] of resources) {
      const Schema = new Map<string, new (data: never) => { validate(): void }>(Object.entries(schemas)).get(kind);
      expect(() => Schema && new Schema(resource as never).validate()).not.toThrow();
      expect(resource.metadata.name).toBe("chat");
    }
  });

  test("the pods drain, are probed, and have no privileges", () => {
    const resources = render();
    const labels = { "app.kubernetes.io/name": "sealcast", "app.kubernetes.io/instance": "chat" };
    const { drainDelaySeconds, drainSeconds } = presets["config"] as {
      drainDelaySeconds: number;
      drainSeconds: number;
    };
    const container = {
      ports: [{ name: "http", containerPort: 6001 }],
      livenessProbe: { httpGet: { path: "/health/live", port: "http" } },
      readinessProbe: { httpGet: { path: "/health/ready", port: "http" } },
      securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    };
    const pod = {
      // Time for the drain, and some more.
      terminationGracePeriodSeconds: drainDelaySeconds + drainSeconds + 15,
      securityContext: { runAsNonRoot: true },
      containers: [container],
    };
    expect(resources.get("Deployment")?.spec).toMatchObject({
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: pod },
    });
    expect(resources.get("Service")?.spec).toMatchObject({ selector: labels, ports: [{ targetPort: "http" }] });
    expect(resources.get("PodDisruptionBudget")?.spec).toMatchObject({ selector: { matchLabels: labels } });
  });

  test("the server accepts the configuration, with apps from the environment", () => {
    const text = render().get("ConfigMap")?.data?.["sealcast.json"] ?? "";
    const environment = {
      SEALCAST_HOST: "0.0.0.0",
      SEALCAST_APPS: '[{"id":"1001","key":"the-key","secret":"the-secret"}]',
    };
    expect(resolveConfig({ flags: new Map(), environment, file: { path: "sealcast.json", text } })).toMatchObject({
      ok: true,
      config: { host: "0.0.0.0", port: 6001 },
    });
  });

  test("with autoscaling the number of pods is not fixed, and connections can decide it", () => {
    const resources = render(everything);
    expect(resources.get("Deployment")?.spec).not.toHaveProperty("replicas");
    expect(resources.get("HorizontalPodAutoscaler")?.spec).toMatchObject({
      metrics: [{ type: "Pods", pods: { target: { type: "AverageValue", averageValue: "10000" } } }],
    });
  });
});
