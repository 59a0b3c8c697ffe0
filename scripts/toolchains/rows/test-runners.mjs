import { testProgram } from "../programs.mjs";

const babel = "module.exports = { presets: [['@babel/preset-env', { targets: { node: 'current' } }]] };\n";

/** The defaults of the runners are too short for a busy machine. */
const longestTestMs = 120_000;

function jest(environment) {
  return {
    tool: `Jest, ${environment}`,
    packages: ["jest@30", "babel-jest@30", "@babel/core", "@babel/preset-env", "jest-environment-jsdom@30"],
    version: (project) => project.versionOf("jest"),
    async run(project, world) {
      project.write({ "babel.config.cjs": babel, "app.test.js": testProgram(world) });
      await project.bin("jest", ["--env", environment, "--testTimeout", `${longestTestMs}`]);
    },
  };
}

function vitest(environment) {
  return {
    tool: `Vitest, ${environment}`,
    packages: ["vitest@4", ...(environment === "node" ? [] : [environment])],
    version: (project) => project.versionOf("vitest"),
    async run(project, world) {
      project.write({ "app.test.js": testProgram(world, { before: 'import { test } from "vitest";' }) });
      await project.bin("vitest", ["run", "--environment", environment, "--testTimeout", `${longestTestMs}`]);
    },
  };
}

/** Each with its default settings, except the time limit. */
export const testRunners = [
  jest("node"),
  jest("jsdom"),
  vitest("node"),
  vitest("jsdom"),
  vitest("happy-dom"),
  ...["import", "require"].map((kind) => ({
    tool: `Mocha, ${kind}`,
    packages: ["mocha@11"],
    version: (project) => project.versionOf("mocha"),
    async run(project, world) {
      const file = kind === "import" ? "app.test.mjs" : "app.test.cjs";
      project.write({ [file]: testProgram(world, { kind, before: "const test = it;" }) });
      await project.bin("mocha", ["--timeout", `${longestTestMs}`, "--exit", file]);
    },
  })),
  {
    tool: "node:test with global-jsdom",
    packages: ["global-jsdom", "jsdom@26"],
    version: (project) => project.versionOf("global-jsdom"),
    async run(project, world) {
      const before = 'import test from "node:test";';
      project.write({ "app.test.mjs": `import "global-jsdom/register";\n${testProgram(world, { before })}` });
      await project.run(process.execPath, ["--test", "app.test.mjs"]);
    },
  },
  {
    tool: "node:test",
    fast: true,
    version: () => process.versions.node,
    async run(project, world) {
      project.write({ "app.test.mjs": testProgram(world, { before: 'import test from "node:test";' }) });
      await project.run(process.execPath, ["--test", "app.test.mjs"]);
    },
  },
  {
    // Without one test, which replaces a function inside of the official library.
    tool: "The test suite of pusher, with the drop-in",
    packages: [
      "pusher@5.3.4",
      "mocha@9",
      "expect.js@0.3.1",
      "sinon@1.10.2",
      "https-proxy-agent@5",
      "nock@13",
      "tweetnacl@1",
      "tweetnacl-util@0.15",
    ],
    version: (project) => project.versionOf("pusher"),
    async run(project, world) {
      const dropIn = 'require("@sealcast/server-sdk/pusher")';
      project.write({
        "lib/pusher.js": `module.exports = ${dropIn};`,
        "lib/token.js": `module.exports = ${dropIn}.Token;`,
        "lib/errors.js": `const { RequestError, WebHookError } = ${dropIn};\nmodule.exports = { RequestError, WebHookError };`,
        "lib/webhook.js":
          'module.exports = require("../node_modules/@sealcast/server-sdk/dist/cjs/pusher/web-hook.cjs").WebHook;',
        "lib/events.js": "module.exports = {};",
      });
      await project.run("cp", ["-r", "node_modules/pusher/tests", "tests"]);
      const without = ["--invert", "--grep", "#sendToUser should trigger an event on"];
      await project.bin("mocha", ["--exit", ...without, "tests/{integration,remote}/**/*.js"], {
        // The suite's old version of sinon makes Node.js warn.
        NODE_NO_WARNINGS: "1",
        PUSHER_URL: `http://app-key:app-secret@127.0.0.1:${world.port}/apps/1001`,
      });
    },
  },
];
