// An empty project in a temporary folder, with the packed packages and a tool.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve as resolvePath } from "node:path";
import { root } from "../prepare.mjs";

/** Longest time for one command of a tool; a build on a busy machine takes minutes. */
const longestRunMs = 600_000;

/** Packs every package as it is published. Returns the folder of the tarballs. */
export async function packAll() {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-packed-"));
  for (const name of readdirSync(join(root, "packages"))) {
    await run(join(root, "packages", name), "npm", ["pack", "--silent", "--pack-destination", folder]);
  }
  return folder;
}

/** A project that nothing was installed in yet. */
export class Project {
  /** @param {string} tarballs folder with the packed packages */
  constructor(tarballs) {
    this.tarballs = tarballs;
    this.folder = mkdtempSync(join(tmpdir(), "sealcast-project-"));
    this.output = "";
  }

  /** Writes files; values are texts, or objects for JSON. */
  write(files) {
    for (const [path, content] of Object.entries(files)) {
      const target = join(this.folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    }
    return this;
  }

  /** Installs the packed packages and tools from the registry. */
  async install(...tools) {
    if (!existsSync(join(this.folder, "package.json"))) this.write({ "package.json": { private: true } });
    // What an application installs; the server and its test kit bring tools that rows bring in other versions.
    const libraries = /^sealcast-(protocol|crypto|client|react|server-sdk)-/;
    const packed = readdirSync(this.tarballs)
      .filter((name) => libraries.test(name))
      .map((name) => join(this.tarballs, name));
    const quiet = ["--no-audit", "--no-fund", "--silent", "--legacy-peer-deps", "--prefer-offline"];
    await this.run("npm", ["install", ...quiet, ...packed, ...tools]);
    this.output = "";
  }

  /** Unpacks the packages and links what they depend on from the clone: takes no time and no registry. */
  async unpack() {
    this.write({ "package.json": { private: true } });
    const modules = join(this.folder, "node_modules");
    for (const name of readdirSync(this.tarballs)) {
      const [, short] = /^sealcast-(.+)-\d+\.\d+\.\d+.*\.tgz$/.exec(name) ?? [];
      if (short === undefined) continue;
      const target = join(modules, "@sealcast", short);
      mkdirSync(target, { recursive: true });
      await run(target, "tar", ["xzf", join(this.tarballs, name), "--strip-components=1"]);
    }
    for (const name of ["@noble", "ws", "fastest-levenshtein", "@types"]) {
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
  }

  /** Runs a command in the project. Rejects with its output if it fails. */
  async run(command, args = [], env = {}) {
    const output = await run(this.folder, command, args, env);
    this.output += output;
    return output;
  }

  /** Runs a command of an installed tool. */
  bin(name, args = [], env = {}) {
    return this.run(join(this.folder, "node_modules/.bin", name), args, env);
  }

  /**
   * Starts a command that stays, such as a web server. Returns a function that stops it.
   *
   * @param name a command of an installed tool, or an absolute path
   */
  start(name, args, env = {}) {
    const child = spawn(resolvePath(this.folder, "node_modules/.bin", name), args, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: "ignore",
      detached: true,
    });
    return () => {
      try {
        process.kill(-Number(child.pid));
      } catch {
        // It has ended already.
      }
    };
  }

  /** Version of an installed package. */
  versionOf(name) {
    return JSON.parse(readFileSync(join(this.folder, "node_modules", name, "package.json"), "utf8")).version;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @returns {Promise<string>} what the command printed */
function run(cwd, command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, CI: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), longestRunMs);
    child.stdout.on("data", (part) => (output += part));
    child.stderr.on("data", (part) => (output += part));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output.slice(-2_000)}`));
    });
  });
}
