import { dirname, join } from "node:path";
import { textOf } from "../fixtures/repository.ts";

/** Returns every module that a file imports, types included. */
export function importsOf(path: string): string[] {
  return importsIn(textOf(path));
}

/** Returns every module that code imports, types included. */
export function importsIn(code: string): string[] {
  const imports = /^(?:import|export)\b[^"';]*\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;
  return [...code.matchAll(imports)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? "");
}

/** Returns the files that a file imports by a relative path, types included. */
export function relativeImportsOf(path: string): string[] {
  return importsOf(path).flatMap((specifier) => (specifier.startsWith(".") ? [join(dirname(path), specifier)] : []));
}
