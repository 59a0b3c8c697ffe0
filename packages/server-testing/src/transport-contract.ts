import { once } from "node:events";
import { connect } from "node:net";
import type { ServerSettings } from "@sealcast/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backPressureRules } from "./transport-contract/back-pressure.ts";
import { ContractClient, joined, publish, topicSize } from "./transport-contract/client.ts";
import { httpRules } from "./transport-contract/http.ts";
import { linkRules } from "./transport-contract/links.ts";
import type { ContractListeners } from "./transport-contract/server.ts";
import { sockJsRules } from "./transport-contract/sockjs.ts";
import { topicRules } from "./transport-contract/topics.ts";

/** A running contract server. */
export type RunningContractServer = ContractListeners;

/**
 * The rules of the transport port, as tests over real sockets.
 *
 * @param name of the transport.
 * @param start runs a contract server under `contractSettings` and what differs from them, as `listenTwice` does.
 */
export function transportContract(
  name: string,
  start: (different?: Partial<ServerSettings>) => Promise<RunningContractServer>,
): void {
  describe(`${name} keeps the transport contract`, () => {
    let server: RunningContractServer;
    beforeEach(async () => {
      server = await start();
    });
    afterEach(() => server.close());

    linkRules(() => server.ports[0]);
    topicRules(() => server.ports[0]);
    backPressureRules(() => server.ports[0]);
    httpRules(() => server.ports[0], start);
    sockJsRules(() => server.ports[0]);

    it("shares topics between the addresses it listens on", async () => {
      const [port, otherPort] = server.ports;
      const [[here], [there, publisher]] = await Promise.all([joined(port, "a", 1), joined(otherPort, "a", 2)]);
      expect(await topicSize(port, "a")).toBe(3);
      await publisher?.ask({ do: "publish", topic: "a", texts: ["one"], exceptSelf: true });
      expect(await here?.next(1)).toEqual(["one"]);
      expect(await there?.next(1)).toEqual(["one"]);
      await publish(port, "a", "two");
      for (const client of [here, there, publisher]) expect(await client?.next(1)).toEqual(["0 two"]);
    });

    it("tells clients to come back after a pause when it closes, and ends everything", async () => {
      const own = await start();
      const client = await ContractClient.open(own.ports[0]);
      const idle = connect(own.ports[0], "127.0.0.1");
      idle.on("error", () => undefined).write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
      await once(idle, "data");
      idle.resume();
      const ended = Promise.all([client.closed, once(idle, "close")]);
      await own.close();
      const [{ code }] = await ended;
      expect(code).toBe(4100);
      await expect(fetch(`http://127.0.0.1:${own.ports[0]}/state`)).rejects.toThrow("fetch failed");
    });
  });
}
