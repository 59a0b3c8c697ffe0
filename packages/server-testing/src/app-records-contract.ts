import type { AppId, AppKey } from "@sealcast/protocol";
import type { AppRecords, AppStore, NewApp } from "@sealcast/server";
import { beforeEach, describe, expect, test } from "vitest";

/** Records of a database under test. */
export interface OpenAppRecords {
  readonly records: AppRecords;
  /** The store of the process that changes the apps. */
  readonly store: AppStore;
}

const id = "1001" as AppId;
const credential = { key: "first-key" as AppKey, secret: "first-secret" };
const second = { key: "second-key" as AppKey, secret: "second-secret" };
const app: NewApp = { id, settings: { clientEvents: true }, credential };

/**
 * The rules of the port of app records, as tests.
 *
 * @param name of the adapter.
 * @param open opens an empty database.
 */
export function appRecordsContract(name: string, open: () => Promise<OpenAppRecords>): void {
  describe(`${name} keep the contract of app records`, () => {
    let records: AppRecords;
    let store: AppStore;

    beforeEach(async () => {
      ({ records, store } = await open());
    });

    test("[APPR1] a change is in the store of the process when it resolves", async () => {
      expect(await records.create(app)).toBe("created");
      expect(store.byId(id)).toMatchObject({ clientEvents: true, subscriptionCount: false, credentials: [credential] });
      expect(store.byKey(credential.key)?.id).toBe(id);
      await records.changeSettings(id, (settings) => ({ ...settings, enabled: false }));
      expect(store.byId(id)).toMatchObject({ clientEvents: true, enabled: false });
      expect(await records.remove(id)).toBe("removed");
      expect([store.byId(id), store.byKey(credential.key), store.all()]).toEqual([undefined, undefined, []]);
    });

    test("[APPR5] an app is found with its settings as stated and without secrets", async () => {
      await records.create(app);
      const found = await records.find(id);
      expect(found).toMatchObject({
        id,
        settings: { clientEvents: true },
        keys: [{ key: "first-key", lastUsedMs: undefined, retiredMs: undefined }],
      });
      expect(JSON.stringify(found)).not.toContain("secret");
      expect(await records.find("1002" as AppId)).toBeUndefined();
    });

    test("[APPR2] a taken id or key is refused, case matters, and a removed app leaves both free", async () => {
      await records.create(app);
      const other = {
        ...app,
        id: "Other" as AppId,
        credential: { key: "FIRST-key" as AppKey, secret: "other-secret" },
      };
      expect(await records.create(app)).toBe("id-taken");
      expect(await records.create({ ...other, credential })).toBe("key-taken");
      expect(await records.create(other)).toBe("created");
      expect(await records.create({ ...other, id: "other" as AppId, credential: second })).toBe("created");
      expect(await records.addKey(id, other.credential)).toBe("key-taken");
      await records.remove(id);
      expect(await records.create(app)).toBe("created");
      expect(
        store
          .all()
          .map((row) => row.id)
          .toSorted(),
      ).toEqual(["1001", "Other", "other"]);
    });

    test("[APPR2 APPR4] keys are added and retired; the last live key stays, and a retired key is not used again", async () => {
      await records.create(app);
      expect(await records.retireKey(id, credential.key)).toBe("last");
      expect(await records.addKey(id, second)).toBe("added");
      expect(store.byId(id)?.credentials).toEqual([credential, second]);
      expect(await records.retireKey(id, credential.key)).toBe("retired");
      expect(store.byId(id)?.credentials).toEqual([second]);
      expect(store.byKey(credential.key)).toBeUndefined();
      expect(await records.retireKey(id, credential.key)).toBe("unknown");
      expect(await records.addKey(id, credential)).toBe("key-taken");
      expect(await records.find(id)).toMatchObject({
        keys: [
          { key: "first-key", retiredMs: expect.any(Number) as unknown },
          { key: "second-key", retiredMs: undefined },
        ],
      });
    });

    test("[APPR4] an app has at most 20 live keys", async () => {
      await records.create(app);
      for (let index = 2; index <= 20; index += 1) {
        await records.addKey(id, { key: `key-${index}` as AppKey, secret: "some-secret" });
      }
      expect(await records.addKey(id, second)).toBe("too-many");
    });

    test.each(["changeSettings", "remove", "addKey", "retireKey"] as const)(
      "%s tells that there is no such app",
      async (method) => {
        const answers = {
          changeSettings: () => records.changeSettings(id, (settings) => settings),
          remove: () => records.remove(id),
          addKey: () => records.addKey(id, second),
          retireKey: () => records.retireKey(id, credential.key),
        };
        expect(await answers[method]()).toBe(method === "changeSettings" ? undefined : "unknown");
      },
    );

    test("[APPR3] changes of the same moment all last", async () => {
      await records.create({ ...app, settings: { maxConnections: 0 } });
      const raise = (): Promise<unknown> =>
        records.changeSettings(id, (settings) => ({ maxConnections: Number(settings["maxConnections"]) + 1 }));
      await Promise.all(Array.from({ length: 20 }, raise));
      expect(store.byId(id)?.maxConnections).toBe(20);
    });
  });
}
