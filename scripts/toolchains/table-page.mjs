const start = "| | Tool | Version | Result |\n|---|---|---|---|\n";

/**
 * The page docs/toolchains.md: what was tried, with which version, and whether it worked.
 *
 * @param before the page as it is; rows that did not run this time stay
 */
export function tablePage(results, before = "") {
  const groups = ["Runtimes", "Bundlers", "Frameworks", "Test runners", "TypeScript"];
  const rows = new Map(rowsOf(before).map((row) => [keyOf(row), row]));
  for (const { group, tool, version, problem } of results) {
    const row = [group, tool, version, problem === undefined ? "works" : "**fails**"];
    rows.set(keyOf(row), row);
  }
  const sorted = groups.flatMap((group) => [...rows.values()].filter(([of]) => of === group));
  return `# Toolchains

\`npm run toolchains\` packs all packages, installs the tarballs in an empty project with each tool, and has the tool's program open
one encrypted event from a real server. It ends with 1 if one fails or prints a warning, and writes this page;
\`npm run toolchains -- vite jest\` runs the rows with these names. A part that needs seconds runs in \`npm test\`.

${start}${sorted.map((row) => `| ${row.join(" | ")} |`).join("\n")}

- Runtimes load client, drop-in, server library and cipher with \`import\` and with \`require\`.
- Pages are opened in Chromium. Bundlers and frameworks run with their default settings. By default, Parcel does not read the
  \`exports\` of packages: it takes a bundle of the client that the field \`browser\` names.
- Vite 6 and 7 cannot split the code of workers, so the workers import \`@sealcast/client/pusher-js/worker\`.
- Metro's bundle runs in a context that has only the globals of React Native: no \`TextDecoder\`, no \`crypto\`.
- \`pusher\` on npm contains its tests: they run against our drop-in, the remote ones against our server. One is left out: it
  replaces a function inside of the official library.
- TypeScript checks one program under \`bundler\`, \`nodenext\` and \`node16\` (ES modules and CommonJS), and under \`node10\` up to
  TypeScript 6: without \`skipLibCheck\` from 5.6 on, with it before.
`;
}

/** One row for each tool and each release that a row asks for. */
function keyOf([, tool, version]) {
  const [major, minor] = version.split(".");
  return `${tool} ${tool.startsWith("TypeScript") ? `${major}.${minor}` : major}`;
}

function rowsOf(page) {
  return [...page.matchAll(/^\| (?!Tool)([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, ...row]) => row);
}
