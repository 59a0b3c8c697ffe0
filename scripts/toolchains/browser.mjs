// Opens a built page in Chromium and waits until it has opened its events.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

/** A busy machine takes a while to open a page. Only a page that fails waits this long. */
const longestWaitMs = 180_000;
const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };

/** Opens a page and waits for its title. Rejects with what the page's console says if the title does not come. */
export async function openPage(url) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? findChromium(),
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage();
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await reach(page, url);
    try {
      await page.waitForFunction('document.title === "OPENED"', undefined, { timeout: longestWaitMs });
    } catch {
      throw new Error(`The page says ${JSON.stringify(await page.title())}; its console: ${said.join("\n")}`);
    }
  } finally {
    await browser.close();
  }
}

/** Serves a folder, opens a page of it, and stops serving. */
export async function openFolder(folder, page = "index.html") {
  const answerRequest = async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const path = join(folder, normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    try {
      const body = await readFile(path);
      response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => void answerRequest(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await openPage(`http://127.0.0.1:${server.address().port}/${page}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** A web server that was started just now needs a while. */
async function reach(page, url) {
  for (let left = longestWaitMs; ; left -= 500) {
    try {
      return await page.goto(url, { timeout: longestWaitMs });
    } catch (error) {
      if (left <= 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const found = names.map((name) => spawnSync("which", [name]).stdout.toString().trim()).find((path) => path !== "");
  if (found === undefined) throw new Error("Chromium is missing: npm test installs it");
  return found;
}
