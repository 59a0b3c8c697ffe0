import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backPressureRules } from "./transport-contract/back-pressure.ts";
import { ContractClient } from "./transport-contract/client.ts";
import { httpRules } from "./transport-contract/http.ts";
import { linkRules } from "./transport-contract/links.ts";
import { topicRules } from "./transport-contract/topics.ts";

/** A running contract server. */
export interface RunningContractServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The rules of the transport port, as tests over real sockets.
 *
 * @param name of the transport.
 * @param start runs a contract server under `contractSettings` on a free port of 127.0.0.1.
 */
export function transportContract(name: string, start: () => Promise<RunningContractServer>): void {
  describe(`${name} keeps the transport contract`, () => {
    let server: RunningContractServer;
    beforeEach(async () => {
      server = await start();
    });
    afterEach(() => server.close());

    linkRules(() => server.port);
    topicRules(() => server.port);
    backPressureRules(() => server.port);
    httpRules(() => server.port);

    it("tells clients to come back when it closes, and ends everything", async () => {
      const own = await start();
      const client = await ContractClient.open(own.port);
      const idle = connect(own.port, "127.0.0.1");
      idle.on("error", () => undefined).write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
      await once(idle, "data");
      idle.resume();
      const ended = Promise.all([client.closed, once(idle, "close")]);
      await own.close();
      const [{ code }] = await ended;
      expect(code).toBe(4200);
      await expect(fetch(`http://127.0.0.1:${own.port}/state`)).rejects.toThrow("fetch failed");
    });
  });
}
