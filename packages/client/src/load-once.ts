import { SealcastError } from "./sealcast-error.ts";
import { fieldsOf, textOf } from "./untrusted.ts";

/**
 * Returns a function that loads a part of the client at its first call, and again if that failed.
 *
 * @param name what error messages call the part.
 * @throws {SealcastError} `unreachable`, from the returned function, if the part cannot be loaded.
 */
export function loadOnce<Part>(name: string, load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      const reason = textOf(fieldsOf(cause)["message"]);
      throw new SealcastError("unreachable", `Cannot load the ${name}: ${reason}`, undefined, cause);
    }));
}
