// The program inside the single executable. It unpacks the bundled command and its native code once, and runs it from there.
const { createHash } = require("node:crypto");
const {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { createRequire } = require("node:module");
const { homedir, tmpdir } = require("node:os");
const path = require("node:path");
const { getAsset, getRawAsset } = require("node:sea");

const { id, files } = JSON.parse(getAsset("files.json", "utf8"));
const program = path.join(unpackedFolder(), "app/sealcast.js");
createRequire(program)(program);

/** Returns the folder of the unpacked files: below $CACHE_DIRECTORY (set by systemd), $XDG_CACHE_HOME or ~/.cache. */
function unpackedFolder() {
  const cache = process.env.CACHE_DIRECTORY || process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
  const folder = path.join(cache, "sealcast", id);
  if (isOwn(folder)) return folder;
  try {
    mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
    const draft = mkdtempSync(`${folder}-`);
    unpackTo(draft);
    try {
      renameSync(draft, folder);
    } catch {
      // Another process was faster, or the folder belongs to someone else.
      if (!isOwn(folder)) return draft;
      rmSync(draft, { recursive: true });
    }
    return folder;
  } catch {
    // There is no place that stays: a folder of this process only.
    const temporary = mkdtempSync(path.join(tmpdir(), "sealcast-"));
    process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
    unpackTo(temporary);
    return temporary;
  }
}

/** Whether a folder is there, and nobody else can write to it. */
function isOwn(folder) {
  if (!existsSync(folder)) return false;
  const { uid, mode } = lstatSync(folder);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o22) === 0);
}

function unpackTo(folder) {
  for (const { path: name, sha256 } of files) {
    const bytes = Buffer.from(getRawAsset(name));
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new Error(`${name} is damaged`);
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, bytes);
  }
  chmodSync(folder, 0o700);
}
