import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { freePort } from "./free-port.ts";

/** A database server of a test. */
export interface SqlServer {
  /** URL of an empty database, with user and password. */
  readonly url: string;
  /** Ends the server at once, as `kill -9` does, and keeps its files. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the files that it has. */
  restart(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** Neither server runs as root: as root, they run as "nobody". */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const password = "a-password";

const kinds = {
  PostgreSQL: { command: postgresCommand("postgres"), start: startPostgres },
  MariaDB: { command: "mariadbd", start: startMariaDb },
} as const;

/**
 * Registers a group of tests for each kind of database server. Those of a server that is not installed are skipped, but
 * not in CI.
 */
export function describeWithSqlServers(tests: (name: string, start: () => Promise<SqlServer>) => void): void {
  for (const [name, { command, start }] of Object.entries(kinds)) {
    const isInstalled = process.env["CI"] !== undefined || spawnSync(command, ["--version"]).status === 0;
    // oxlint-disable-next-line vitest/valid-describe-callback -- `tests` is a function
    describe.skipIf(!isInstalled)(`with ${name}`, () => tests(name, start));
  }
}

async function startPostgres(): Promise<SqlServer> {
  const folder = newFolder();
  const port = await freePort();
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  const data = join(folder, "data");
  const options = [
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--username=test",
    "--no-sync",
    "--encoding=UTF8",
  ];
  run(postgresCommand("initdb"), ["-D", data, ...options]);
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: folder, fsync: "off", port };
  const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const url = `postgresql://test:${password}@127.0.0.1:${port}/postgres`;
  return serverOf({
    command: postgresCommand("postgres"),
    args,
    port,
    folder,
    url,
    ready: /ready to accept connections/,
  });
}

async function startMariaDb(): Promise<SqlServer> {
  const folder = newFolder();
  const port = await freePort();
  const data = join(folder, "data");
  const setup = join(folder, "setup.sql");
  const grants = `CREATE USER IF NOT EXISTS 'test'@'127.0.0.1' IDENTIFIED BY '${password}';`;
  writeFileSync(setup, `CREATE DATABASE IF NOT EXISTS apps;\n${grants}\nGRANT ALL ON apps.* TO 'test'@'127.0.0.1';\n`);
  run("mariadb-install-db", [
    "--no-defaults",
    `--datadir=${data}`,
    "--skip-test-db",
    "--auth-root-authentication-method=normal",
  ]);
  const files = [`--datadir=${data}`, `--socket=${folder}/socket`, `--pid-file=${folder}/pid`, `--init-file=${setup}`];
  const args = [
    "--no-defaults",
    ...files,
    ...unsafe,
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    "--skip-name-resolve",
  ];
  const url = `mariadb://test:${password}@127.0.0.1:${port}/apps`;
  return serverOf({ command: "mariadbd", args, port, folder, url, ready: /ready for connections/ });
}

/** Nothing waits for the disk; a killed server keeps what was committed, as the operating system has it. */
const unsafe = ["--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=2", "--skip-innodb-doublewrite"];

interface Setup {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly folder: string;
  readonly url: string;
  /** What the server writes to stderr when it accepts connections. */
  readonly ready: RegExp;
}

async function serverOf({ command, args, port, folder, url, ready }: Setup): Promise<SqlServer> {
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(command, args, { ...user, stdio: ["ignore", "ignore", "pipe"], cwd: folder });
    let output = "";
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", () => reject(new Error(`${command} has ended: ${output.slice(-500)}`)));
      child.stderr.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (ready.test(output)) resolve();
      });
    });
    return child;
  };
  let child = await start();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await ended;
    await portIsFree(port);
  };
  return {
    url,
    kill,
    async restart() {
      await kill();
      child = await start();
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Processes that a killed server started may keep its port for a moment. */
async function portIsFree(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (!isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-sql-"));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { ...user, cwd: tmpdir() });
  if (status !== 0) throw new Error(`${command} failed: ${String(stderr).slice(-500)}`);
}

/** Debian keeps the programs of PostgreSQL in a folder for each version. */
function postgresCommand(name: string): string {
  try {
    const [version] = readdirSync("/usr/lib/postgresql").toSorted((a, b) => Number(b) - Number(a));
    return version === undefined ? name : `/usr/lib/postgresql/${version}/bin/${name}`;
  } catch {
    return name;
  }
}
