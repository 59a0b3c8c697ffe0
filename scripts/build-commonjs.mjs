// Adds a CommonJS copy of a compiled package in `dist/cjs`, for what cannot load ES modules with `require`: Jest with its
// defaults, older bundlers, TypeScript in CommonJS mode. Node.js loads it with `require`, too.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

/** @param {string} folder of a package that is compiled; does nothing if its manifest names no `require` */
export async function buildCommonJs(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entries = [...new Set(Object.values(manifest.exports ?? {}).flatMap((entry) => entry.require?.default ?? []))];
  if (entries.length === 0) return;
  const dist = join(folder, "dist");
  const finished = join(dist, "cjs");
  const files = readdirSync(dist, { recursive: true }).filter((path) => !/^(cjs|bundles)\b|\.min\.js$/.test(path));
  if (isCurrent(finished, dist, files)) return;
  const target = join(dist, `cjs-${process.pid}`);
  mkdirSync(target);
  for (const path of files.filter((one) => one.endsWith(".d.ts"))) {
    removeStringName(join(dist, path));
    nameCompiledFiles(join(dist, path));
    copyTo(join(target, path.replace(/\.d\.ts$/, ".d.cts")), join(dist, path));
  }
  const dependencies = Object.keys(manifest.dependencies ?? {});
  // Packages that are ES modules only cannot be loaded with `require` either, so they become part of the copy.
  const bundled = dependencies.filter((name) => name.startsWith("@noble/"));
  const modules = files.filter((path) => path.endsWith(".js"));
  for (const path of modules) removeStringName(join(dist, path));
  await build({
    entryPoints: (bundled.length > 0
      ? entries.map((path) => relative("./dist/cjs", path).replace(/\.cjs$/, ".js"))
      : modules
    ).map((path) => join(dist, path)),
    outdir: target,
    outExtension: { ".js": ".cjs" },
    outbase: dist,
    format: "cjs",
    platform: "node",
    target: "es2022",
    supported: { "dynamic-import": false },
    bundle: bundled.length > 0,
    ...(bundled.length > 0 && { external: [...dependencies.filter((name) => !bundled.includes(name)), "node:*"] }),
    legalComments: "inline",
  });
  for (const path of readdirSync(target, { recursive: true })) {
    if (/\.d?\.?c[jt]s$/.test(path)) requireCopies(join(target, path));
  }
  for (const path of entries) exportClassItself(join(target, relative("./dist/cjs", path)));
  replaceFolder(finished, target);
}

/** Another process may pack at the same moment: the first one wins. */
function replaceFolder(finished, target) {
  rmSync(finished, { recursive: true, force: true });
  try {
    renameSync(target, finished);
  } catch (error) {
    if (!existsSync(finished)) throw error;
    rmSync(target, { recursive: true });
  }
}

/** Whether the copy is newer than every compiled file. */
function isCurrent(finished, dist, files) {
  if (!existsSync(finished)) return false;
  const newest = Math.max(
    ...files.map((path) => statSync(join(dist, path))).map((file) => (file.isFile() ? file.mtimeMs : 0)),
  );
  return statSync(finished).mtimeMs >= newest;
}

/** `export { Pusher as "module.exports" }` serves `require` of ES modules; older parsers do not know such names. */
function removeStringName(path) {
  const text = readFileSync(path, "utf8");
  const without = text
    .replace(/^export \{ \w+ as "module\.exports" \};\n/m, "")
    .replace(/, \w+ as "module\.exports" \}/, " }");
  if (without !== text) writeFileSync(path, without);
}

/** The compiler leaves `.ts` in the imports of declarations; tools other than the compiler look for such files. */
function nameCompiledFiles(path) {
  const text = readFileSync(path, "utf8");
  const named = text.replace(/((?:from|import)\s*\(?")(\.{1,2}\/[^"]*)\.tsx?"/g, '$1$2.js"');
  if (named !== text) writeFileSync(path, named);
}

/** Files of the copy load one another. */
function requireCopies(path) {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/((?:require\(|from |import\()")(\.{1,2}\/[^"]*)\.js"/g, '$1$2.cjs"'));
}

/** Makes `require` of an entry with a default export return that class, as drop-ins for official packages must. */
function exportClassItself(path) {
  const text = readFileSync(path, "utf8");
  if (!/^\s+default: \(\) => /m.test(text)) return;
  const footer = `
{
  const names = module.exports;
  module.exports = names.default;
  for (const name of Object.keys(names)) {
    if (!(name in module.exports)) Object.defineProperty(module.exports, name, { get: () => names[name], configurable: true });
  }
}
`;
  writeFileSync(path, text + footer);
  const types = path.replace(/\.cjs$/, ".d.cts");
  const declared = readFileSync(types, "utf8");
  // A class that is the only export is declared as what `require` returns.
  const [, name, from] =
    /^(?:\/\*[^]*?\*\/\s*|\/\/.*\n)*export \{ (\w+) as default \} from "(.*)";\s*(?:\/\/.*\s*)*$/.exec(declared) ?? [];
  if (name !== undefined) writeFileSync(types, `import { ${name} } from "${from}";\nexport = ${name};\n`);
}

function copyTo(target, source) {
  if (!existsSync(dirname(target))) mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target);
}
