import type { UserId } from "@sealcast/protocol";
import { expect, test } from "vitest";
import type { ContractNodes } from "./contract-node.ts";
import { app, socketOf } from "./publications.ts";

const ada = "ada" as UserId;
const bob = "bob" as UserId;

/** Users who sign in and out, and messages of nodes. */
export function userRules(cluster: () => ContractNodes): void {
  test("[DIR1] [DIR4] all nodes hear of a user's first connection and last, and of none between", async () => {
    const { here, there, all } = cluster();
    expect(await here.signIn(ada, "1.1")).toBe("entered");
    await there.signIn(ada, "2.1");
    await here.signIn(ada, "1.1");
    expect(await there.online(["ada", "bob", "__proto__"])).toEqual(new Set(["ada"]));
    await here.engine.signOut(app, ada, socketOf("1.1"));
    await here.engine.signOut(app, ada, socketOf("1.1"));
    await there.engine.signOut(app, ada, socketOf("2.1"));
    await there.engine.signOut(app, bob, socketOf("2.1"));
    await there.signIn(bob, "2.1");
    expect(await here.online(["ada", "bob"])).toEqual(new Set(["bob"]));
    for (const node of all) {
      await node.whenReceived(3);
      expect(node.changes).toEqual(["ada online", "ada offline", "bob online"]);
    }
  });

  test("[DIR1] of many sign-ins at once, one is the first", async () => {
    const nodes = cluster();
    const { here, all } = nodes;
    const sockets = Array.from({ length: 20 }, (_, index) => `1.${index}`);
    await Promise.all(sockets.map(async (socket, index) => nodes.at(index).signIn(ada, socket)));
    await Promise.all(sockets.map(async (socket, index) => nodes.at(index).engine.signOut(app, ada, socketOf(socket))));
    await here.signIn(bob, "9.9");
    for (const node of all) {
      await node.whenReceived(3);
      expect(node.changes).toEqual(["ada online", "ada offline", "bob online"]);
    }
  });

  test("[DIR2] a sign-in that `enter` rejects is undone", async () => {
    const { here } = cluster();
    expect(await here.signIn(ada, "1.1", false)).toBe("left");
    expect(await here.online(["ada"])).toEqual(new Set());
  });

  test("[DIR2] a connection enters before a message to its user that follows in the same turn", async () => {
    const { here } = cluster();
    const signedIn = here.signIn(ada, "1.1");
    const sent = here.engine.send({ kind: "terminate-user", app, userId: ada });
    await Promise.all([signedIn, sent]);
    await here.whenReceived(2);
    expect(here.order).toContain("1.1 enters");
    expect(here.order.indexOf("1.1 enters")).toBeLessThan(here.order.indexOf("ada terminated"));
  });

  test("[DIR3] users who are online are answered before changes that follow in the same turn", async () => {
    const { here } = cluster();
    const answered = here.online(["ada"]);
    const signedIn = here.signIn(ada, "1.1");
    await Promise.all([answered, signedIn]);
    await here.whenReceived(1);
    expect(here.order.filter((one) => one !== "1.1 enters")).toEqual(["online: ", "ada online"]);
  });

  test("[NODE1] all nodes hear a message once", async () => {
    const { there, all } = cluster();
    await there.engine.send({ kind: "terminate-user", app, userId: ada });
    await there.engine.send({ kind: "terminate-user", app, userId: bob });
    const text = '{"text":"any JSON, in one line"}';
    await there.engine.send({ kind: "console", app, text });
    for (const node of all) {
      await node.whenReceived(3);
      expect(node.changes).toEqual(["ada terminated", "bob terminated", text]);
    }
  });
}
