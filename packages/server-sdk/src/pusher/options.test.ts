import OfficialPusher from "pusher";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import DropIn from "../pusher.ts";
import {
  bothClients,
  credentials,
  encryptionMasterKeyBase64,
  libraries,
  resultOf,
  type Library,
  type Pusher,
} from "../testing/both-libraries.ts";

beforeAll(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe("drop-in and official library", () => {
  test.each([
    {},
    { useTLS: true },
    { encrypted: true },
    { useTLS: true, encrypted: false },
    { scheme: "https" },
    { cluster: "eu" },
    { host: "h", cluster: "eu" },
    { port: 8080, timeout: 5 },
    { port: "8080" },
    { encryptionMasterKey: "01234567890123456789012345678901" },
    { encryptionMasterKey: "short" },
    { encryptionMasterKey: 5 },
    { encryptionMasterKeyBase64 },
    { encryptionMasterKeyBase64: "aGkgd(GhlcmUK" },
    { encryptionMasterKeyBase64: "YQ==" },
    { encryptionMasterKeyBase64: "YQ" },
    { encryptionMasterKeyBase64: `${"A".repeat(42)}B=` },
    { encryptionMasterKeyBase64: 5 },
    { encryptionMasterKey: "a", encryptionMasterKeyBase64 },
  ])("read the same from options %j", (options) => {
    const read = (library: Library): unknown => {
      const { scheme, host, port, timeout, encryptionMasterKey, appId } = new library({ ...credentials, ...options })
        .config;
      return {
        scheme,
        host,
        port,
        timeout,
        appId,
        key: encryptionMasterKey && Buffer.from(encryptionMasterKey as Uint8Array),
      };
    };
    expect(resultOf(() => read(libraries.ours))).toEqual(resultOf(() => read(libraries.official)));
  });

  test.each(["https://123abc:def456@example.org/apps/4321", "http://k:s%40%2F@h:999/apps/1"])(
    "read the same from %s",
    (url) => {
      const read = (library: Library): object => {
        const { scheme, host, port, appId, token } = library.forURL(url, { port: 1, timeout: 7 }).config;
        const { key, secret } = token as { key: string; secret: string };
        return { scheme, host, port, appId: String(appId), key, secret };
      };
      expect(read(libraries.ours)).toEqual(read(libraries.official));
    },
  );

  test.each(["forURL", "forCluster"] as const)("create instances with and without `new`: %s", (name) => {
    const first = name === "forURL" ? "https://key:secret@example.org/apps/4321" : "eu";
    for (const library of Object.values(libraries)) {
      const create = library[name] as unknown as {
        new (first: string, options: object): Pusher;
      } & typeof library.forURL;
      for (const client of [new create(first, credentials), create(first, credentials)]) {
        expect(client).toBeInstanceOf(library);
        expect(client.config["host"]).toBe(name === "forURL" ? "example.org" : "api-eu.pusher.com");
        expect(client.config["appId"]).toBe(name === "forURL" ? 4321 : "1001");
      }
    }
  });

  test("read a master key that prints as its text", () => {
    const key = "01234567890123456789012345678901";
    for (const library of Object.values(libraries)) {
      const { encryptionMasterKey } = new library({ ...credentials, encryptionMasterKey: key }).config;
      expect(String(encryptionMasterKey)).toBe(key);
    }
  });

  test("take options without credentials, as tests of applications pass them", () => {
    for (const library of Object.values(libraries)) {
      expect(new library({}).config["host"]).toBe("api.pusherapp.com");
    }
  });

  test("work through a proxy", () => {
    const proxied = new Proxy(bothClients().ours, {});
    expect(proxied.authorizeChannel("1.2", "private-a")).toEqual(
      bothClients().official.authorizeChannel("1.2", "private-a"),
    );
  });

  test("name the same host for a cluster", () => {
    for (const library of Object.values(libraries)) {
      const client = library.forCluster("eu", { ...credentials, host: "other", cluster: "mt1" });
      expect(client.config["host"]).toBe("api-eu.pusher.com");
    }
  });

  test("export the same names", () => {
    for (const name of ["Token", "RequestError", "WebHookError", "forURL", "forCluster"]) {
      expect(typeof Reflect.get(DropIn, name)).toBe(typeof Reflect.get(OfficialPusher, name));
    }
    const pusher = bothClients().ours;
    expect(Reflect.get(pusher, "authenticate")).toBe(Reflect.get(pusher, "authorizeChannel"));
    expect(JSON.stringify(pusher)).not.toContain(credentials.secret);
  });
});
