import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandFailure } from "../command-failure.ts";
import { printResult } from "../output.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import { projects } from "./projects.ts";

/** Options of `generate`. */
interface GenerateOptions extends TargetOptions {
  readonly json?: boolean;
}

/** Writes the files of a project to a folder. Files that exist are never replaced. */
export async function runGenerate(name: string, folder: string, options: GenerateOptions): Promise<void> {
  const project = projects.find((candidate) => candidate.name === name);
  if (project === undefined) throw new TypeError("Commander accepts known names only");
  const files = Object.entries(project.files(await resolveTarget(options)));
  const written: string[] = [];
  for (const [path, content] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeNew(target, content);
    written.push(target);
  }
  printResult(options.json, { written, next: project.next }, () => {
    const list = written.map((path) => `  ${path}\n`).join("");
    return `Wrote:\n\n${list}\nNext:\n\n${project.next.map((line) => `  ${line}\n`).join("")}`;
  });
}

async function writeNew(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: "wx" });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw new CommandFailure(exists ? `${path} exists already.` : `Cannot write ${path}.`);
  }
}
