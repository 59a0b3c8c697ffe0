import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow, root } from "../fixtures/repository.ts";

/** Something that a file or a class declares, as the compiler prints it for users. */
export interface Declaration {
  readonly name: string;
  /** The comment above, without its stars; empty if there is none. */
  readonly doc: string;
  /** The text up to the members, if there are any. */
  readonly head: string;
  /** What is between the braces of a class or an interface. */
  readonly members: readonly Declaration[];
}

/** A name that an entry exports. */
export interface Export extends Declaration {
  /** Whether it exists only for the compiler. */
  readonly isType: boolean;
  /** The file that declares it. */
  readonly file: string;
}

/** Declaration files by path from the root, without their `.d.ts`. */
export type Declarations = ReadonlyMap<string, string>;

/** Compiles packages into declarations, which have the types and comments of what they export and nothing else. */
export function compileDeclarations(...packages: readonly string[]): Declarations {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "declarations-"));
  try {
    const settings = {
      extends: join(root, "tsconfig.tests.json"),
      compilerOptions: {
        rootDir: root,
        outDir: "out",
        composite: false,
        incremental: false,
        sourceMap: false,
        inlineSources: false,
        tsBuildInfoFile: null,
      },
      files: packages.flatMap((name) => sourcesOf(name)).map((path) => join(root, path)),
      include: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const { stdout, status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(`The packages do not compile:\n${stdout}`);
    return new Map(
      packages
        .flatMap((name) => sourcesOf(name))
        .map((path) => path.replace(/\.tsx?$/, ""))
        .map((path) => [path, readFileSync(join(folder, "out", `${path}.d.ts`), "utf8")]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a file exports, in its order; what it takes from other files is looked up there. */
export function exportsOf(files: Declarations, file: string): Export[] {
  return declarationsIn(files.get(file) ?? "").flatMap((declared) => {
    const list = /^export (type )?\{(.*)\}(?: from "(.*)")?;$/s.exec(declared.head);
    if (list) return listedExports(files, file, list);
    return /^export (?!default)/.test(declared.head) ? [exportOf(declared, file)] : [];
  });
}

/** The declaration that a name means in a file; undefined if it comes from another package. */
export function lookUp(files: Declarations, file: string, name: string): Export | undefined {
  const text = files.get(file) ?? "";
  const imported = new RegExp(`import [^;]*\\b(?:(\\w+) as )?${name}\\b[^;]*from "(\\..*)";`).exec(text);
  if (imported) return find(files, resolve(file, imported[2] ?? ""), imported[1] ?? name);
  const declared = declarationsIn(text).find((one) => one.name === name);
  return declared && exportOf(declared, file);
}

/** Splits a declaration file, or the inside of a class, into what it declares. */
function declarationsIn(text: string): Declaration[] {
  const found: Declaration[] = [];
  let doc = "";
  let lines: string[] = [];
  let depth = 0;
  let isInComment = false;
  for (const line of text.split("\n")) {
    const isCommentLine: boolean = isInComment || /^\s*\/\*\*/.test(line);
    if (isCommentLine) isInComment = !line.includes("*/");
    if (isCommentLine && lines.length === 0) {
      doc += `${line.replace(/^\s*(\/\*\*|\*\/|\*)? ?|\s*\*\/$/g, "")}\n`;
      continue;
    }
    if (line.trim() === "" && lines.length === 0) continue;
    lines.push(line);
    if (!isCommentLine) depth += count(line, /[{([]/g) - count(line, /[})\]]/g);
    // The parts of a union may end in braces.
    const end = /^(export )?(declare )?type /.test(lines[0] ?? "") ? /;$/ : /[;}]$/;
    if (isCommentLine || depth > 0 || !end.test(line)) continue;
    found.push(declarationOf(doc.trim(), lines));
    doc = "";
    lines = [];
  }
  return found;
}

function declarationOf(doc: string, lines: readonly string[]): Declaration {
  const text = lines.join("\n").trim();
  const hasMembers = /^(export )?(declare )?(abstract )?(class|interface) /.test(text);
  const head = hasMembers ? text.slice(0, text.indexOf("{\n")).trim() : text;
  const members = hasMembers ? declarationsIn(lines.slice(1, -1).join("\n")) : [];
  const modifiers =
    /^(export |declare |class |interface |type |function |const |static |readonly |protected |get |set )*/;
  const name = /^[#\w]+|^"[^"]*"|^\[/.exec(head.replace(modifiers, ""))?.[0] ?? "";
  return { name, doc, head, members };
}

function listedExports(files: Declarations, file: string, [, all, list = "", from]: readonly string[]): Export[] {
  return list.split(",").flatMap((entry) => {
    const [, type, name, as = name] = /^\s*(type )?(\w+)(?: as (\w+))?\s*$/.exec(entry) ?? [];
    if (name === undefined || as === undefined) return [];
    const found = from === undefined ? lookUp(files, file, name) : find(files, resolve(file, from), name);
    if (!found) throw new Error(`Cannot find ${name}, which ${file} exports`);
    return [{ ...found, name: as, isType: found.isType || all !== undefined || type !== undefined }];
  });
}

function exportOf({ head, ...declared }: Declaration, file: string): Export {
  const isType = /^export (type|interface)/.test(head);
  return { ...declared, head: head.replace(/^export (declare )?/, ""), isType, file };
}

function find(files: Declarations, file: string, name: string): Export {
  const found = exportsOf(files, file).find((one) => one.name === name);
  if (!found) throw new Error(`Cannot find the declaration of ${name} in ${file}`);
  return found;
}

/** The file of an import: one of our own packages by name, or a path from the importing file. */
function resolve(file: string, specifier: string): string {
  const [, name, entry = ""] = /^@sealcast\/([\w-]+)\/?(\w*)$/.exec(specifier) ?? [];
  if (name !== undefined) return join("packages", name, "src", entry, "index");
  return join(dirname(file), specifier).replace(/\.tsx?$/, "");
}

function sourcesOf(name: string): string[] {
  return filesBelow(`packages/${name}/src`).filter(
    (path) => /\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$|\/testing\//.test(path),
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
