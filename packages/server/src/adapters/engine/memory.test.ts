import { FakeClock } from "../../testing/index.ts";
import { engineContract } from "../../testing/contracts.ts";
import { MemoryEngine } from "./memory.ts";

engineContract("the memory engine", () =>
  Promise.resolve({ nodes: [new MemoryEngine(new FakeClock())], close: () => Promise.resolve() }),
);
