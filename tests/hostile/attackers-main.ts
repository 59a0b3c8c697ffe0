// Runs in the process that `attackers.ts` starts.
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { sustainedAttacks } from "./sustained-attacks.ts";

const [port, index, seed] = process.argv.slice(2).map(Number);
let isOver = false;
process.on("message", () => {
  isOver = true;
});
process.on("disconnect", () => process.exit());
await sustainedAttacks[index ?? 0]?.run(port ?? 0, () => isOver, new SeededRandom(seed));
process.disconnect();
