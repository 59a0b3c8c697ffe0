// npm run debian [-- FOLDER [COMPRESSION]]: a package for Debian and Ubuntu with the single executable, its service and a
// user. An executable that is in the folder is used, otherwise it is made there. COMPRESSION: gzip (default), xz or none.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./prepare.mjs";

const architectures = { x64: "amd64", arm64: "arm64" };

const output = resolve(process.argv[2] ?? join(root, "build"));
const executable = join(output, "sealcast");
const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"));
const architecture = architectures[process.arch] ?? process.arch;
const tree = join(output, "debian-tree");

if (!existsSync(executable)) {
  execFileSync(process.execPath, [join(root, "scripts/binary.mjs"), executable], { stdio: "inherit" });
}
rmSync(tree, { recursive: true, force: true });
for (const folder of ["DEBIAN", "usr/bin", "lib/systemd/system", "usr/share/doc/sealcast"]) {
  mkdirSync(join(tree, folder), { recursive: true });
}
cpSync(executable, join(tree, "usr/bin/sealcast"));
cpSync(join(root, "LICENSE"), join(tree, "usr/share/doc/sealcast/copyright"));
const unit = readFileSync(join(root, "deploy/systemd/sealcast.service"), "utf8");
writeFileSync(
  join(tree, "lib/systemd/system/sealcast.service"),
  unit.replace("/usr/bin/env sealcast", "/usr/bin/sealcast"),
);
for (const script of ["postinst", "prerm", "postrm"]) {
  cpSync(join(root, "deploy/debian", script), join(tree, "DEBIAN", script));
  chmodSync(join(tree, "DEBIAN", script), 0o755);
}
writeFileSync(
  join(tree, "DEBIAN/control"),
  `Package: sealcast
Version: ${version}
Architecture: ${architecture}
Maintainer: The Sealcast authors <sealcast@example.org>
Section: net
Priority: optional
Depends: adduser, libc6, libstdc++6
Description: Realtime server that speaks the Pusher Channels protocol
 Backends publish, pages subscribe. Events of encrypted channels are end-to-end
 encrypted: this server cannot read them.
`,
);
const file = join(output, `sealcast_${version}_${architecture}.deb`);
const compression = process.argv[3] ?? "gzip";
execFileSync("dpkg-deb", [`-Z${compression}`, "--root-owner-group", "--build", tree, file], { stdio: "inherit" });
rmSync(tree, { recursive: true });
