import { join } from "node:path";
import { root } from "../../prepare.mjs";
import { runtimeProgram } from "../programs.mjs";

/** `import` and `require` of client, drop-in, server library and cipher, in each runtime. */
export const runtimes = [
  ...["20.19", "22", "24"].map((release) => ({
    tool: "Node.js",
    fast: false,
    packages: [`node-${process.platform}-${process.arch}@${release}`],
    version: (project) => project.versionOf(`node-${process.platform}-${process.arch}`),
    run: (project, world) =>
      both(project, world, join(project.folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`), []),
  })),
  {
    tool: "Node.js of this machine",
    fast: true,
    version: () => process.versions.node,
    run: (project, world) => both(project, world, process.execPath, []),
  },
  {
    tool: "Bun",
    fast: true,
    version: async (project) => (await project.run(join(root, "node_modules/.bin/bun"), ["--version"])).trim(),
    run: (project, world) => both(project, world, join(root, "node_modules/.bin/bun"), ["run"]),
  },
  {
    tool: "Deno",
    fast: true,
    version: async (project) =>
      /deno (\S+)/.exec(await project.run(join(root, "node_modules/.bin/deno"), ["--version"]))[1],
    run: (project, world) =>
      both(project, world, join(root, "node_modules/.bin/deno"), ["run", "-A", "--node-modules-dir=manual"]),
  },
];

async function both(project, world, command, args) {
  project.write({ "app.mjs": runtimeProgram(world, "import"), "app.cjs": runtimeProgram(world, "require") });
  for (const file of ["app.mjs", "app.cjs"]) {
    const output = await project.run(command, [...args, file]);
    if (!output.includes("OPENED")) throw new Error(`${file} opened nothing:\n${output}`);
  }
}
