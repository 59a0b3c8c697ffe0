// Tests run real shells, real proxies and a real Redis. Plain Node.js without dependencies.
import { spawnSync } from "node:child_process";

/** Programs that tests use, by their Debian package, with arguments that do nothing. */
const programs = {
  nginx: ["nginx", "-v"],
  haproxy: ["haproxy", "-v"],
  "redis-server": ["redis-server", "--version"],
  "mariadb-server": ["mariadbd", "--version"],
  // Its server is on no path; the program that lists clusters comes with it.
  postgresql: ["pg_lsclusters"],
  prometheus: ["prometheus", "--version"],
  zsh: ["zsh", "-c", "true"],
  fish: ["fish", "-c", "true"],
  ruby: ["ruby", "--version"],
};

/** Libraries of Python that tests use, by their Debian package, with the module to import. */
const pythonModules = { "python3-django": "django" };

/** Installs missing programs with apt if this user may; otherwise prints which are missing. In CI they must be there. */
export function installDebianPackages() {
  if (missing().length === 0) return;
  console.log(`${missing().join(", ")} missing: installing with apt …`);
  if (process.getuid?.() === 0 && runs("apt-get", ["--version"])) {
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...missing()]]) {
      spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env: environment });
    }
  }
  if (missing().length === 0) return;
  console.error(`${missing().join(", ").toUpperCase()} MISSING and could not be installed: their tests are SKIPPED.`);
  if (process.env.CI) process.exit(1);
}

function missing() {
  return [
    ...Object.entries(programs).flatMap(([name, [command, ...args]]) => (runs(command, args) ? [] : [name])),
    ...Object.entries(pythonModules).flatMap(([name, module]) =>
      runs("/usr/bin/python3", ["-c", `import ${module}`]) ? [] : [name],
    ),
  ];
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
