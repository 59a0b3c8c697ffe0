import { Argument, type Command } from "commander";
import { projects } from "../generate/projects.ts";
import { addTargetOptions } from "../target/target-options.ts";

/** Adds `sealcast generate`. */
export function addGenerate(program: Command): void {
  const list = projects.map(({ name, title }) => `  ${name.padEnd(9)} ${title}`).join("\n");
  const command = program
    .command("generate")
    .description("write a small project: an auth endpoint for a framework, or a page that subscribes")
    .addArgument(new Argument("<project>", "what to write, see below").choices(projects.map(({ name }) => name)))
    .argument("[folder]", "where to write it. Default: this folder.", ".")
    .addHelpText("after", `\nProjects:\n${list}`);
  addTargetOptions(command).action(async (name: string, folder: string, options) =>
    (await import("../generate/run-generate.ts")).runGenerate(name, folder, options),
  );
}
