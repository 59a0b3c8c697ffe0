import { describe, expect, test } from "vitest";
import { operatorOf, singleSignOn } from "./single-sign-on.ts";

const settings = singleSignOn.parse({
  issuer: "https://login.example.com",
  clientId: "sealcast",
  clientSecret: "secret",
  publicUrl: "https://realtime.example.com",
  grants: [
    { value: "admins", role: "admin" },
    { value: "support", apps: ["1001"] },
  ],
});

describe("the operator that a user of the provider is", () => {
  test.each([
    ["a user in a group", { groups: ["staff", "support"] }, { role: "read-only", apps: ["1001"] }],
    ["a user in two groups gets the first row", { groups: ["support", "admins"] }, { role: "admin", apps: undefined }],
    ["a claim of text", { groups: "admins" }, { role: "admin", apps: undefined }],
  ])("%s", (_, claims, expected) => {
    expect(operatorOf(settings, { sub: "u1", ...claims })).toEqual({ name: "u1", ...expected });
  });

  test.each([
    ["no claim", {}],
    ["another group", { groups: ["staff"] }],
    ["a group whose name only begins like one", { groups: ["admins-of-another-product"] }],
    ["another case", { groups: ["ADMINS"] }],
    ["an object", { groups: { admins: true } }],
    ["nested lists", { groups: [["admins"]] }],
  ])("%s: nobody", (_, claims) => {
    expect(operatorOf(settings, { sub: "u1", ...claims })).toBeUndefined();
  });

  test.each([
    ["verified", { email_verified: true }, "admin"],
    ["not verified", { email_verified: false }, undefined],
    ["verified in words only", { email_verified: "true" }, undefined],
    ["not said", {}, undefined],
  ])("a role for an address counts only if the provider has verified it: %s", (_, claims, role) => {
    const grants = [{ value: "ada@example.com", role: "admin" }];
    const byAddress = singleSignOn.parse({ ...settings, claim: "email", grants });
    expect(operatorOf(byAddress, { sub: "u1", email: "ada@example.com", ...claims })?.role).toBe(role);
  });

  test.each([
    ["a verified address", { email: "ada@example.com", email_verified: true }, "ada@example.com"],
    ["an address that anybody may have typed in", { email: "ada@example.com" }, "u1"],
    ["a name that the user has chosen", { preferred_username: "root" }, "u1"],
  ])("the name in the audit: %s", (_, claims, name) => {
    expect(operatorOf(settings, { sub: "u1", groups: "admins", ...claims })?.name).toBe(name);
  });
});

test.each(["http://login.example.com", "ftp://127.0.0.1", "login.example.com"])("%s is no issuer", (issuer) => {
  expect(singleSignOn.safeParse({ ...settings, issuer }).success).toBe(false);
});

test("a provider on loopback needs no TLS", () => {
  expect(singleSignOn.safeParse({ ...settings, issuer: "http://127.0.0.1:9000" }).success).toBe(true);
});
