import { z } from "zod";

const nameForm = "a name of 1 to 64 characters";
const hashForm = "the output of `sealcast console-password`";

/** Somebody who may use the console, as the configuration states it. */
export const operatorAccount = z.strictObject(
  {
    name: z.string(nameForm).min(1, nameForm).max(64, nameForm).describe("Name with which the operator signs in."),
    passwordHash: z
      .string(hashForm)
      .regex(/^scrypt:\d+:\d+:\d+:[\w-]+:[\w-]+$/, hashForm)
      .describe("Made by `sealcast console-password`. The password itself is nowhere."),
    role: z
      .enum(["admin", "read-only"], '"admin" or "read-only"')
      .default("read-only")
      .describe(
        '"read-only" sees everything that the console shows; "admin" may also send events, close connections, send or remove dead letters of webhooks, and change apps.',
      ),
    apps: z
      .array(z.string("an id of an app"), "a list of ids of apps")
      .optional()
      .describe("Apps that the operator sees. Default: all."),
  },
  "an object with name and passwordHash",
);

/** Somebody who may use the console. */
export type OperatorAccount = z.output<typeof operatorAccount>;

/** An operator, without the hash of the password. */
export type OperatorIdentity = Pick<OperatorAccount, "name" | "role" | "apps">;

/** The operator if the server has the development credentials. It then listens only on loopback addresses. */
export const developer: OperatorIdentity = { name: "developer", role: "admin" };

/** Whether an operator may see an app. */
export function maySee({ apps }: OperatorIdentity, app: string): boolean {
  return apps === undefined || apps.includes(app);
}
