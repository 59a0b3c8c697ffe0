import type { UserId } from "@sealcast/protocol";
import { expect, test } from "vitest";
import type { ContractNodes } from "./contract-node.ts";
import { app, socketOf } from "./publications.ts";

const ada = "ada" as UserId;
const bob = "bob" as UserId;

/** Users who sign in and out. */
export function userRules(cluster: () => ContractNodes): void {
  test("[ENG6] all nodes hear of a user's first connection and last, and of none between", async () => {
    const { here, there, all } = cluster();
    await here.engine.signIn(app, ada, socketOf("1.1"));
    await there.engine.signIn(app, ada, socketOf("2.1"));
    await here.engine.signIn(app, ada, socketOf("1.1"));
    expect(await there.engine.online(app, ["ada", "bob", "__proto__"])).toEqual(new Set(["ada"]));
    await here.engine.signOut(app, ada, socketOf("1.1"));
    await here.engine.signOut(app, ada, socketOf("1.1"));
    await there.engine.signOut(app, ada, socketOf("2.1"));
    await there.engine.signOut(app, bob, socketOf("2.1"));
    await there.engine.signIn(app, bob, socketOf("2.1"));
    expect(await here.engine.online(app, ["ada", "bob"])).toEqual(new Set(["bob"]));
    for (const node of all) {
      await node.heard(3);
      expect(node.changes).toEqual(["ada online", "ada offline", "bob online"]);
    }
  });

  test("[ENG6] of many sign-ins at once, one is the first", async () => {
    const nodes = cluster();
    const { here, all } = nodes;
    const sockets = Array.from({ length: 20 }, (_, index) => socketOf(`1.${index}`));
    await Promise.all(sockets.map(async (socket, index) => nodes.at(index).engine.signIn(app, ada, socket)));
    await Promise.all(sockets.map(async (socket, index) => nodes.at(index).engine.signOut(app, ada, socket)));
    await here.engine.signIn(app, bob, socketOf("9.9"));
    for (const node of all) {
      await node.heard(3);
      expect(node.changes).toEqual(["ada online", "ada offline", "bob online"]);
    }
  });

  test("[ENG7] all nodes are told to close a user's connections", async () => {
    const { there, all } = cluster();
    await there.engine.terminate(app, ada);
    for (const node of all) {
      await node.heard(1);
      expect(node.changes).toEqual(["ada terminated"]);
    }
  });
}
