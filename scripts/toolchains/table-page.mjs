/** The page docs/toolchains.md: what was tried, with which version, and whether it worked. */
export function tablePage(results) {
  const rows = results.map(
    ({ group, tool, version, problem }) =>
      `| ${group} | ${tool} | ${version} | ${problem === undefined ? "works" : "**fails**"} |`,
  );
  return `# Toolchains

\`npm run toolchains\` writes this page: it packs all packages, installs the tarballs in an empty project with each tool, and has
the tool's program open one encrypted event from a real server. It ends with 1 if one fails or prints a warning.

| | Tool | Version | Result |
|---|---|---|---|
${rows.join("\n")}

- Runtimes load client, drop-in, server library and cipher with \`import\` and with \`require\`.
- Pages are opened in Chromium. Bundlers and frameworks run with their default settings.
- TypeScript checks one program, without \`skipLibCheck\`, under \`bundler\`, \`nodenext\` and \`node16\` (ES modules and CommonJS), and
  under \`node10\` up to TypeScript 6.
`;
}
