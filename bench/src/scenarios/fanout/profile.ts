import { Bench, type Lab } from "../../lab.ts";
import { profileShares } from "../../profile-shares.ts";
import { subjects } from "../../subjects/subject.ts";
import { subscribers, usualPlan } from "./run.ts";
import { runtimePart, serverPart } from "./server-parts.ts";

/** Name of the profile among the measurements; its values are shares by part of the server. */
export const profiled = "where the time goes";

/** Where the processor time of a fan-out goes; in a run of its own, because profiling slows the server down. */
export function profileFanout(lab: Lab): Promise<void> {
  const plan = { ...usualPlan, seconds: 4 * lab.pace.runSeconds };
  const use = async (bench: Bench): Promise<void> => {
    const { subject, server, load } = bench;
    await bench.subscribe(subscribers);
    await load.order("publish", plan);
    await server.ask("start-profile");
    await load.order("publish", plan);
    const shares = profileShares(await server.ask("stop-profile"), serverPart);
    const values = Object.fromEntries([...shares].map(([part, share]) => [part === "" ? runtimePart : part, share]));
    lab.record({ scenario: "fanout", what: profiled, subject: subject.name, values });
  };
  return Bench.with(subjects.sealcast, use, { inside: true });
}
