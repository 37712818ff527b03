/** Debian's Chromium, driven as a person would: one separate browser for each person. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn(`Skipped: there is no ${CHROMIUM}. Install Debian's package chromium.`);

/** Without these Chromium calls home, or asks for a sandbox that a container does not give. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const opened: Browser[] = [];

export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Goes to a path of their own server. */
  go(path: string): Promise<void>;
  /** Reloads until the page says it, as a person would who waits for something to arrive. */
  sees(text: string, path?: string): Promise<void>;
  /** The same, until the page says it no longer. */
  seesNoMore(text: string, path?: string): Promise<void>;
  /** Sentences about what a blind person could not use here; none when all is well (axe-core, WCAG 2.2 AA). */
  barriers(): Promise<readonly string[]>;
}

/** A new browser profile on the server at `origin`; with `scripts: false`, a browser that runs none. */
export async function person(origin: string, options: { readonly scripts?: boolean } = {}): Promise<Person> {
  const browser = opened[0] ?? (await chromium.launch({ executablePath: CHROMIUM, args: FLAGS }));
  if (opened.length === 0) opened.push(browser);
  const context = await browser.newContext({ baseURL: origin, javaScriptEnabled: options.scripts ?? true });
  const page = await context.newPage();

  async function reloadUntil(isSo: (found: number) => boolean, text: string, path = page.url()) {
    for (;;) {
      await page.goto(path);
      if (isSo(await page.locator("main").getByText(text).count())) return;
      await page.waitForTimeout(LOOK_AGAIN_MS);
    }
  }

  return {
    page,
    context,
    go: async (path) => void (await page.goto(path)),
    sees: (text, path) => reloadUntil((found) => found > 0, text, path),
    seesNoMore: (text, path) => reloadUntil((found) => found === 0, text, path),
    barriers: () => barriersOn(page),
  };
}

/** How soon a person looks again. */
const LOOK_AGAIN_MS = 150;

export async function closeBrowsers(): Promise<void> {
  await Promise.all(opened.splice(0).map((browser) => browser.close()));
}

const axe = () => readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

async function barriersOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe());
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const violations = await page.evaluate(async (runOnly) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window of the page.
    const { violations } = await (globalThis as any).axe.run({ runOnly });
    return violations as { id: string; help: string; nodes: { html: string }[] }[];
  }, tags);
  return violations.map(({ id, help, nodes }) => `${page.url()} ${id}: ${help} ${nodes[0]?.html}`);
}
