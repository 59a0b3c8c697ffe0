import type { Command } from "commander";
import { addApps } from "./apps.ts";
import { addAuthServer } from "./auth-server.ts";
import { addBench } from "./bench.ts";
import { addChannels } from "./channels.ts";
import { addCheck } from "./check.ts";
import { addCompletion } from "./completion.ts";
import { addConsolePassword } from "./console-password.ts";
import { addDoctor } from "./doctor.ts";
import { addGenerate } from "./generate.ts";
import { addKeys } from "./keys.ts";
import { addProfiles } from "./profiles.ts";
import { addStart } from "./start.ts";
import { addSubscribe } from "./subscribe.ts";
import { addTail } from "./tail.ts";
import { addTrigger } from "./trigger.ts";
import { addUsers } from "./users.ts";
import { addWebhooks } from "./webhooks.ts";

/** Every sub-command, in the order of `--help`. Each function adds one to the program. */
export const commands: readonly ((program: Command) => void)[] = [
  addStart,
  addCheck,
  addDoctor,
  addKeys,
  addConsolePassword,
  addTrigger,
  addSubscribe,
  addChannels,
  addUsers,
  addTail,
  addWebhooks,
  addApps,
  addGenerate,
  addAuthServer,
  addBench,
  addProfiles,
  addCompletion,
];
