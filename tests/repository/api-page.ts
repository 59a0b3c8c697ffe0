import { exportsOf, lookUp, type Declaration, type Declarations, type Export } from "./declarations.ts";

/** Values with a longer declaration are shown without their properties. */
const maxLines = 80;

/**
 * The reference of one entry of a package, made from the comments of what it exports.
 *
 * @param chosen names to show. Default: all.
 */
export function apiPage(files: Declarations, specifier: string, file: string, chosen?: readonly string[]): string {
  const exported = exportsOf(files, file);
  const unknown = chosen?.filter((name) => exported.every((one) => one.name !== name)) ?? [];
  if (unknown.length > 0) throw new Error(`${specifier} does not export ${unknown.join(", ")}`);
  const all = exported.filter(({ name }) => chosen?.includes(name) ?? true);
  const parts = [
    ["Values", all.filter(({ isType }) => !isType)],
    ["Types", all.filter(({ isType }) => isType)],
  ] as const;
  const filled = parts.filter(([, part]) => part.length > 0);
  const names = new Set(all.map(({ name }) => name));
  const contents = filled.map(([title, part]) => `${title}: ${part.map(({ name }) => linkTo(name)).join(", ")}.`);
  const sections = filled.flatMap(([title, part]) => [
    `## ${title}`,
    ...part.map((one) => sectionAbout(one, files, names)),
  ]);
  const origin = "Made from the comments in the code; `npx vitest run tests/repository -u` updates it.";
  const others =
    chosen === undefined
      ? []
      : [
          `The other names of \`${specifier}\` are for authors of adapters and for our own packages: [\`${file}.ts\`](../../${file}.ts).`,
        ];
  return `${[`# ${specifier}`, origin, ...contents, ...others, ...sections].join("\n\n")}\n`;
}

function sectionAbout(one: Export, files: Declarations, names: ReadonlySet<string>): string {
  const members = membersOf(one, files)
    .filter(({ owner, name }) => (owner === one.name || !names.has(owner)) && !(one.isType && name === "constructor"))
    .filter(isForUsers)
    .map(({ head, doc }) => `- ${inlineCode(head)}\n${prose(doc, names)}`.trimEnd().replaceAll("\n", "\n  "));
  const code = `\`\`\`typescript\n${codeOf(one)}\n\`\`\``;
  return [`### ${one.name}`, prose(one.doc, names), code, members.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

function codeOf({ head, isType }: Export): string {
  const code = head.replaceAll("    ", "  ").replaceAll(/ +$/gm, "");
  return isType || code.split("\n").length <= maxLines ? code : code.replace(/[[{].*$/s, "…;");
}

interface Member extends Declaration {
  /** The class that declares it. */
  readonly owner: string;
}

/** Members of a class or an interface and of those above it. One that says nothing new about itself counts as that of the class above. */
function membersOf(one: Export, files: Declarations): Member[] {
  const above = /^(?:class|interface) .* extends (\w+)/s.exec(one.head)?.[1];
  const base = above === undefined ? undefined : lookUp(files, one.file, above);
  const members = new Map((base ? membersOf(base, files) : []).map((member) => [member.name, member]));
  for (const member of one.members) {
    const isRepeated = member.doc === "" && members.has(member.name);
    if (!isRepeated) members.set(member.name, { ...member, owner: one.name });
  }
  return [...members.values()];
}

function isForUsers({ head, doc }: Member): boolean {
  return (
    !/^(#|protected |private )/.test(head) && !/\bFor (the )?(client|channels?|user object|compiler) only\b/.test(doc)
  );
}

/** A comment in Markdown, its tags as a list. */
function prose(doc: string, names: ReadonlySet<string>): string {
  const [text = "", ...tags] = doc
    .replaceAll(/\{@link ([\w.]+)\}/g, (_, target: string) => mention(target, names))
    .split(/^@/m);
  const items = tags.map((tag) => {
    const [, kind = "", rest = ""] = /^(\w+)\s(.*)$/s.exec(tag.trim()) ?? [];
    if (kind === "example") return `\n\`\`\`typescript\n${rest.replaceAll(/^```\w*$\n?/gm, "").trimEnd()}\n\`\`\``;
    if (kind === "returns") return `- Returns ${rest}`;
    if (kind === "deprecated") return `- Deprecated: ${rest}`;
    if (kind === "throws") return `- Throws ${rest.replace(/^\{(\w+)\}/, (_, name: string) => mention(name, names))}`;
    const [, name = "", about = ""] = /^(\w+) (.*)$/s.exec(rest) ?? [];
    return `- \`${name}\`: ${about}`;
  });
  return [text.trim(), items.join("\n")].filter((part) => part !== "").join("\n");
}

function mention(name: string, names: ReadonlySet<string>): string {
  return names.has(name) ? linkTo(name) : `\`${name}\``;
}

function linkTo(name: string): string {
  return `[\`${name}\`](#${name.toLowerCase()})`;
}

function inlineCode(code: string): string {
  const line = code.replaceAll(/\s+/g, " ").replace(/;$/, "");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}
