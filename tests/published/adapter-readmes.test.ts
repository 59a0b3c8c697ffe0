import { compile } from "svelte/compiler";
import { expect, test } from "vitest";
import { compileScript, parse } from "vue/compiler-sfc";
import { textOf } from "../fixtures/repository.ts";

/** Returns the imports of a compiled component: from which package, and which names. */
function importsOf(code: string): [string, string[]][] {
  const found = code.matchAll(/import \{([^}]+)\} from ['"](@sealcast\/[\w/]+)['"]/g);
  return [...found].map(([, names = "", from = ""]) => [from, names.split(",").map((name) => name.trim())]);
}

function exampleIn(page: string, language: string): string {
  const [, example = ""] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "m").exec(textOf(page)) ?? [];
  return example;
}

function compiledVue(): string {
  const { descriptor, errors } = parse(exampleIn("packages/vue/README.md", "vue"));
  expect(errors).toEqual([]);
  return compileScript(descriptor, { id: "example", inlineTemplate: true }).content;
}

function compiledSvelte(): string {
  const { js, warnings } = compile(exampleIn("packages/svelte/README.md", "svelte"), { runes: false });
  expect(warnings).toEqual([]);
  return js.code;
}

test.each([
  ["Vue", compiledVue],
  ["Svelte", compiledSvelte],
])("the component in the README for %s compiles, and every name that it imports exists", async (_, compiled) => {
  const imports = importsOf(compiled());
  expect(imports.length).toBeGreaterThan(0);
  for (const [from, names] of imports) {
    const exported = Object.keys((await import(from)) as object);
    expect([from, names.filter((name) => !exported.includes(name))]).toEqual([from, []]);
  }
});
