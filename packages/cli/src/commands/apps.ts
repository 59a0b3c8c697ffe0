import type { Command } from "commander";
import { addServerOptions } from "../target/server-options.ts";

const settingFlag = ["--set <NAME=VALUE...>", "settings, such as maxConnections=500; null: the default"] as const;
const settingsFlag = ["--settings <FILE>", "file with a JSON object of settings; -: standard input"] as const;
const outFlag = ["--out <FILE>", "write the credentials to a new file that only you can read"] as const;

/** Adds `sealcast apps`. */
export function addApps(program: Command): void {
  const apps = program.command("apps").description("manage the apps of a running server; needs its admin token");
  addServerOptions(apps.command("list").description("list the apps of a server")).action(async (options) =>
    (await import("../apps/run-apps.ts")).listApps(options),
  );
  addServerOptions(apps.command("create").description("create an app, and print its key and secret once"))
    .option("--id <ID>", "its id. Default: a new one.")
    .option("--key <KEY>", "its key. Default: a new one.")
    .option("--secret-file <FILE>", "file with its secret; -: standard input. Default: a new one.")
    .option(...settingFlag)
    .option(...settingsFlag)
    .option(...outFlag)
    .action(async (options) => (await import("../apps/run-apps.ts")).createApp(options));
  addServerOptions(
    apps.command("show <app>").description("show the keys and settings of an app, without secrets"),
  ).action(async (app: string, options) => (await import("../apps/run-apps.ts")).showApp(app, options));
  addServerOptions(apps.command("change <app>").description("change settings of an app"))
    .option(...settingFlag)
    .option(...settingsFlag)
    .action(async (app: string, options) => (await import("../apps/run-apps.ts")).changeApp(app, options));
  addServerOptions(apps.command("rotate <app>").description("add a key to an app, and print what to do next"))
    .option(...outFlag)
    .action(async (app: string, options) => (await import("../apps/run-apps.ts")).rotateKey(app, options));
  addServerOptions(apps.command("retire <app> <key>").description("refuse a key of an app from now on")).action(
    async (app: string, key: string, options) => (await import("../apps/run-apps.ts")).retireKey(app, key, options),
  );
  addServerOptions(apps.command("usage <app>").description("show what an app used on each of the last 31 days")).action(
    async (app: string, options) => (await import("../apps/run-apps.ts")).showUsage(app, options),
  );
  addServerOptions(apps.command("disable <app>").description("refuse an app, and close its connections")).action(
    async (app: string, options) => (await import("../apps/run-apps.ts")).enableApp(app, false, options),
  );
  addServerOptions(apps.command("enable <app>").description("accept a disabled app again")).action(
    async (app: string, options) => (await import("../apps/run-apps.ts")).enableApp(app, true, options),
  );
  addServerOptions(
    apps.command("delete <app>").description("delete an app and its keys, and close its connections"),
  ).action(async (app: string, options) => (await import("../apps/run-apps.ts")).deleteApp(app, options));
}
