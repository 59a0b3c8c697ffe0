import type { Lab } from "../lab.ts";
import { followCurves } from "./fanout/curves.ts";
import { compareModes } from "./fanout/modes.ts";
import { profileFanout } from "./fanout/profile.ts";
import { compareShapes } from "./fanout/shapes.ts";

/** How fast events reach many subscribers, what a delivery costs, and how both change as work grows. */
export async function fanout(lab: Lab): Promise<void> {
  await compareModes(lab);
  await compareShapes(lab);
  await profileFanout(lab);
  await followCurves(lab);
}
