import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { webhookEventNames } from "@sealcast/protocol";
import { Bench, type Lab } from "../lab.ts";
import { subjects, type Subject } from "../subjects/subject.ts";
import { measureWork } from "./work.ts";

const off: Subject = { ...subjects.sealcast, name: "without webhooks" };
const on: Subject = { ...subjects.sealcast, name: "every webhook on" };

/** What webhooks for every kind of event cost a server that publishes, delivers and subscribes. */
export async function webhooks(lab: Lab): Promise<void> {
  const receiver = await startReceiver();
  const folder = mkdtempSync(join(tmpdir(), "sealcast-bench-webhooks-"));
  const { port } = receiver.address() as AddressInfo;
  const settings = { dataDirectory: folder, allowPrivateWebhookTargets: true };
  const app = { webhooks: [{ url: `http://127.0.0.1:${port}/`, events: webhookEventNames, batch: true }] };
  try {
    await Bench.with(off, (first) =>
      Bench.with(on, (second) => measureWork(lab, "webhooks", [first, second]), { settings, app }),
    );
  } finally {
    receiver.close();
    rmSync(folder, { recursive: true });
  }
}

function startReceiver(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      request.resume();
      request.on("end", () => response.writeHead(204).end());
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
