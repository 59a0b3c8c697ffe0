import { randomUUID } from "node:crypto";
import { Sealcast as Client } from "@sealcast/client";
import { generateMasterKey } from "@sealcast/server-sdk";
import { createApi } from "../../target/create-api.ts";
import type { Target } from "../../target/app-url.ts";
import type { Check } from "../check.ts";
import { ok, problem, type Finding } from "../finding.ts";

const timeoutMs = 10_000;

/** Checks the whole way of an event. */
export const encryptionChecks: readonly Check[] = [
  {
    id: "event",
    title: "An encrypted event, from publisher to subscriber",
    needs: ["credentials", "websocket", "tls"],
    run: ({ target }) => sendEncryptedEvent(target),
  },
];

async function sendEncryptedEvent(target: Target): Promise<Finding> {
  const api = await createApi(target, generateMasterKey());
  const channel = `private-encrypted-doctor-${randomUUID()}`;
  const client = new Client(target.key, {
    url: target.socketUrl,
    channelAuthorization: {
      customHandler: ({ channelName, socketId }) => Promise.resolve(api.authorizeChannel(socketId, channelName)),
    },
  });
  const fix = "Publishers and subscribers may reach different servers: check the hosts in both configurations.";
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Finding>((resolve) => {
      timer = setTimeout(() => resolve(problem("the event did not arrive within 10 seconds", fix)), timeoutMs);
      const startMs = performance.now();
      const subscription = client.subscribe(channel);
      subscription.bind("pusher:subscription_succeeded", () => {
        api.trigger(channel, "ping", { text: channel }).catch((error: unknown) => {
          resolve(problem(error instanceof Error ? error.message : "the publish failed", "See the log of the server."));
        });
      });
      subscription.bind("pusher:subscription_error", () => {
        resolve(problem("the subscription was refused", "Check that the key belongs to the secret."));
      });
      subscription.bind("ping", () => {
        resolve(ok(`arrived and was decrypted ${Math.round(performance.now() - startMs)} ms after connecting`));
      });
    });
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}
