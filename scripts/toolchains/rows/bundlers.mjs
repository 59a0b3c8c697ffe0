import { join } from "node:path";
import { openFolder } from "../browser.mjs";
import { pageProgram, workerProgram } from "../programs.mjs";

const html = (script) => `<!doctype html><title>…</title><div id="app"></div>${script}`;

/** In the page and in a worker, as each bundler's documentation starts a worker. */
const worker = `
new Worker(new URL("./worker.js", import.meta.url), { type: "module" }).onmessage = () => opened("worker");
`;

function vite(major) {
  return {
    tool: "Vite, page and worker",
    packages: [`vite@${major}`],
    version: (project) => project.versionOf("vite"),
    async run(project, world) {
      project.write({
        "index.html": html('<script type="module" src="/app.js"></script>'),
        "app.js": pageProgram(world, { worker: worker.replace(', { type: "module" }', "") }),
        "worker.js": workerProgram(world),
      });
      await project.bin("vite", ["build"]);
      await openFolder(join(project.folder, "dist"));
    },
  };
}

/** Each bundles a page, some a worker, with default settings; the page is opened in Chromium. */
export const bundlers = [
  vite(6),
  vite(7),
  vite(8),
  {
    tool: "webpack, page and worker",
    packages: ["webpack@5", "webpack-cli@6"],
    version: (project) => project.versionOf("webpack"),
    async run(project, world) {
      project.write({
        "src/index.js": pageProgram(world, { worker }),
        "src/worker.js": workerProgram(world),
        "dist/index.html": html('<script defer src="main.js"></script>'),
      });
      await project.bin("webpack", ["--mode", "production"]);
      await openFolder(join(project.folder, "dist"));
    },
  },
  {
    tool: "Rollup",
    packages: ["rollup@4", "@rollup/plugin-node-resolve", "@rollup/plugin-commonjs"],
    version: (project) => project.versionOf("rollup"),
    async run(project, world) {
      project.write({
        "app.js": pageProgram(world),
        "dist/index.html": html('<script type="module" src="app.js"></script>'),
      });
      const plugins = ["-p", "@rollup/plugin-node-resolve={browser:true}", "-p", "@rollup/plugin-commonjs"];
      await project.bin("rollup", ["app.js", ...plugins, "-d", "dist", "-f", "es"]);
      await openFolder(join(project.folder, "dist"));
    },
  },
  ...["esm", "iife"].map((format) => ({
    tool: `esbuild, ${format === "esm" ? "ES modules" : "one script"}`,
    packages: ["esbuild@0.28.2"],
    version: (project) => project.versionOf("esbuild"),
    async run(project, world) {
      project.write({
        "app.js": pageProgram(world),
        "dist/index.html": html(`<script ${format === "esm" ? 'type="module"' : "defer"} src="app.js"></script>`),
      });
      const split = format === "esm" ? ["--splitting"] : [];
      await project.bin("esbuild", ["app.js", "--bundle", `--format=${format}`, ...split, "--outdir=dist"]);
      await openFolder(join(project.folder, "dist"));
    },
  })),
  {
    tool: "esbuild, require of the drop-in",
    packages: ["esbuild@0.28.2"],
    version: (project) => project.versionOf("esbuild"),
    async run(project, world) {
      const program = pageProgram(world).replaceAll(/import (.+) from "(.+)";/g, 'const $1 = require("$2");');
      project.write({ "app.js": program, "dist/index.html": html('<script defer src="app.js"></script>') });
      await project.bin("esbuild", ["app.js", "--bundle", "--outdir=dist"]);
      await openFolder(join(project.folder, "dist"));
    },
  },
  {
    // By default, Parcel 2 does not read the "exports" of packages.
    tool: "Parcel, with packageExports",
    packages: ["parcel@2"],
    version: (project) => project.versionOf("parcel"),
    async run(project, world) {
      project.write({
        "package.json": { private: true, "@parcel/resolver-default": { packageExports: true } },
        "index.html": html('<script type="module" src="app.js"></script>'),
        "app.js": pageProgram(world),
      });
      await project.bin("parcel", ["build", "index.html", "--no-cache"]);
      await openFolder(join(project.folder, "dist"));
    },
  },
];
