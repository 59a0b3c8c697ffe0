import { createServer } from "node:net";
import { join } from "node:path";
import { openFolder, openPage } from "../browser.mjs";
import { pageProgram } from "../programs.mjs";

/** A port that is free now, for a framework's own web server. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The program that opens events in the page, as a module with one function. */
function clientModule(world) {
  const [imports, ...body] = pageProgram(world).split("const done");
  return `${imports}\nexport function start() {\nconst done${body.join("const done")}\n}\n`;
}

function next(bundler) {
  return {
    tool: `Next.js, ${bundler}, server and client components`,
    packages: ["next@16", "react@19", "react-dom@19"],
    version: (project) => project.versionOf("next"),
    async run(project, world) {
      project.write({
        "client.js": clientModule(world),
        "app/layout.js": `export default function Layout({ children }) {
          return <html lang="en"><body>{children}</body></html>;
        }`,
        "app/events.js": `"use client";
          import { useEffect } from "react";
          import { start } from "../client.js";
          export default function Events() {
            useEffect(() => start(), []);
            return <p>events</p>;
          }`,
        "app/page.js": `import { Sealcast } from "@sealcast/server-sdk";
          import Events from "./events.js";
          export const dynamic = "force-dynamic";
          export default async function Page() {
            const sealcast = new Sealcast({ appId: "1001", key: "app-key", secret: "app-secret", port: ${world.port} });
            await sealcast.trigger("public", "rendered", 1);
            return <Events />;
          }`,
      });
      const quiet = { NEXT_TELEMETRY_DISABLED: "1" };
      await project.bin("next", ["build", ...(bundler === "webpack" ? ["--webpack"] : [])], quiet);
      const port = await freePort();
      const stop = project.start("next", ["start", "-p", `${port}`, "-H", "127.0.0.1"], quiet);
      try {
        await openPage(`http://127.0.0.1:${port}/`);
      } finally {
        stop();
      }
    },
  };
}

/** Each builds an app as its documentation shows, and the page is opened in Chromium. */
export const frameworks = [
  next("Turbopack"),
  next("webpack"),
  {
    tool: "SvelteKit",
    packages: ["@sveltejs/kit@2", "@sveltejs/adapter-static@3", "@sveltejs/vite-plugin-svelte", "svelte@5", "vite@7"],
    version: (project) => project.versionOf("@sveltejs/kit"),
    async run(project, world) {
      project.write({
        "package.json": { private: true, type: "module" },
        "vite.config.js": `import { sveltekit } from "@sveltejs/kit/vite";
          export default { plugins: [sveltekit()] };`,
        "svelte.config.js": `import adapter from "@sveltejs/adapter-static";
          export default { kit: { adapter: adapter() } };`,
        "src/app.html": `<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>`,
        "src/lib/client.js": clientModule(world),
        "src/routes/+layout.js": "export const prerender = true;\n",
        "src/routes/+page.svelte": `<script>
          import { onMount } from "svelte";
          import { start } from "$lib/client.js";
          onMount(() => start());
          </script>
          <p>events</p>`,
      });
      await project.bin("vite", ["build"]);
      await openFolder(join(project.folder, "build"));
    },
  },
  {
    tool: "Nuxt",
    // About a plugin of Nuxt itself.
    ownWarning: /nuxt:module-preload-polyfill/,
    packages: ["nuxt@4", "vue@3"],
    version: (project) => project.versionOf("nuxt"),
    async run(project, world) {
      project.write({
        "package.json": { private: true, type: "module" },
        // Nuxt warns about its own source maps.
        "nuxt.config.js": 'export default { telemetry: false, compatibilityDate: "2025-07-15", sourcemap: false };\n',
        "app/client.js": clientModule(world),
        "app/app.vue": `<script setup>
          import { onMounted } from "vue";
          import { start } from "./client.js";
          onMounted(() => start());
          </script>
          <template><p>events</p></template>`,
      });
      await project.bin("nuxt", ["build"]);
      const port = await freePort();
      const listens = { PORT: `${port}`, HOST: "127.0.0.1" };
      const stop = project.start(process.execPath, [".output/server/index.mjs"], listens);
      try {
        await openPage(`http://127.0.0.1:${port}/`);
      } finally {
        stop();
      }
    },
  },
  {
    tool: "Astro, a component with a script",
    packages: ["astro@5"],
    version: (project) => project.versionOf("astro"),
    async run(project, world) {
      project.write({
        "package.json": { private: true, type: "module" },
        "src/client.js": clientModule(world),
        "src/components/Events.astro": `<p>events</p>
<script>
  import { start } from "../client.js";
  start();
</script>`,
        "src/pages/index.astro": `---
import Events from "../components/Events.astro";
---
<html lang="en"><head><title>events</title></head><body><Events /></body></html>`,
      });
      await project.bin("astro", ["build"], { ASTRO_TELEMETRY_DISABLED: "1" });
      await openFolder(join(project.folder, "dist"));
    },
  },
];
