import { join } from "node:path";
import { openFolder } from "../browser.mjs";
import { pageProgram, reactNativeHost, reactNativeProgram, workerProgram } from "../programs.mjs";

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
        // Vite 6 and 7 cannot split the code of workers.
        "worker.js": workerProgram(world, "@sealcast/client/pusher-js/worker"),
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
  // By default, Parcel 2 does not read the "exports" of packages.
  ...[false, true].map((packageExports) => ({
    tool: packageExports ? "Parcel, with packageExports" : "Parcel",
    packages: ["parcel@2"],
    version: (project) => project.versionOf("parcel"),
    async run(project, world) {
      project.write({
        "package.json": { private: true, ...(packageExports && { "@parcel/resolver-default": { packageExports } }) },
        "index.html": html('<script type="module" src="app.js"></script>'),
        "app.js": pageProgram(world),
      });
      await project.bin("parcel", ["build", "index.html", "--no-cache"]);
      await openFolder(join(project.folder, "dist"));
    },
  })),
  {
    tool: "Metro for React Native 0.86",
    packages: [
      "metro@0.84",
      "@react-native/metro-config@0.86",
      "@react-native/babel-preset@0.86",
      "@babel/core@7",
      "react-native@0.86",
      "react@19",
    ],
    version: (project) => project.versionOf("metro"),
    async run(project, world) {
      project.write({
        "babel.config.js": 'module.exports = { presets: ["module:@react-native/babel-preset"] };',
        "metro.config.js": 'module.exports = require("@react-native/metro-config").getDefaultConfig(__dirname);',
        "index.js": reactNativeProgram(world),
        "host.cjs": reactNativeHost,
      });
      await project.bin("metro", ["build", "index.js", "--platform", "ios", "--dev", "false", "--out", "out.js"]);
      const output = await project.run(process.execPath, ["host.cjs"]);
      if (!output.includes("OPENED")) throw new Error(`It opened nothing:\n${output}`);
    },
  },
];
