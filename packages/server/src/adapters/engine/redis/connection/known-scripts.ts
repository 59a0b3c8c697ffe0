import { createHash } from "node:crypto";
import type { Script } from "./redis-connection.ts";

/** How a script is run: by its hash if the server knows it, else with its text. */
export type ScriptCommand = readonly ["EVALSHA" | "EVAL", string];

/**
 * The scripts that Redis servers know: those that they have run. Others are sent with their text. If their hash was sent, and
 * the text only after Redis had refused that, later commands would overtake them.
 */
export class KnownScripts {
  readonly #hashes = new Map<Script, string>();
  readonly #known = new Map<Script, Set<string>>();

  /** @param place what tells servers apart. */
  commandFor(script: Script, place: string): ScriptCommand {
    return this.#known.get(script)?.has(place) === true ? ["EVALSHA", this.#hashOf(script)] : ["EVAL", script.lua];
  }

  /** The server at this place has run the script. */
  add(script: Script, place: string): void {
    const places = this.#known.get(script);
    if (places === undefined) this.#known.set(script, new Set([place]));
    else places.add(place);
  }

  /** Other servers may have taken the place of those that were known. */
  forget(): void {
    this.#known.clear();
  }

  #hashOf(script: Script): string {
    let hash = this.#hashes.get(script);
    if (hash === undefined) {
      hash = createHash("sha1").update(script.lua).digest("hex");
      this.#hashes.set(script, hash);
    }
    return hash;
  }
}
