import { expect, test, vi } from "vitest";
import { resolveTarget } from "./resolve-target.ts";

test("a URL in place of a profile's name is refused without repeating its secret", async () => {
  vi.stubEnv("XDG_CONFIG_HOME", "/nonexistent");
  const refused = resolveTarget({ app: "https://app-key:hidden@rt.example.com/apps/1001" });
  await expect(refused).rejects.toThrow("--app takes the name of a profile, not a URL: put the URL into SEALCAST_URL");
  await expect(refused).rejects.not.toThrow("hidden");
  vi.unstubAllEnvs();
});
