import type { Scheme } from "../scheme.ts";
import { naclSecretbox } from "./nacl-secretbox.ts";

/** Every scheme, by id. */
export const schemes = { [naclSecretbox.id]: naclSecretbox } as const satisfies Readonly<Record<string, Scheme>>;

/** Id of a scheme. */
export type SchemeId = keyof typeof schemes;
