/** Every page with canned props in a real browser: nobody is kept out, and nothing is wider than its window. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cannedPages } from "../../../web/testing/canned-pages.ts";
import { galleryResponse } from "../../../web/testing/gallery.ts";
import { closeBrowsers, hasChromium, type Person, person } from "./browser.ts";

interface Look {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
  /** Each look of axe-core takes most of a second. */
  readonly isSearched?: boolean;
}

/** Widths of telephones, tablets and desks; 640 is a desk at 200 %. Each language is loaded once and then resized. */
const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  de: [
    { width: 320, colorScheme: "light" },
    { width: 640, colorScheme: "light" },
    { width: 1024, colorScheme: "light" },
  ],
  en: [
    { width: 360, colorScheme: "dark", isSearched: true },
    { width: 768, colorScheme: "dark" },
    { width: 1280, colorScheme: "light", isSearched: true },
  ],
};

describe.skipIf(!hasChromium)("in the gallery", () => {
  let reader: Person;
  let server: ReturnType<typeof Bun.serve>;
  const errors: string[] = [];

  beforeAll(async () => {
    server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: galleryResponse });
    reader = await person(server.url.origin);
    reader.page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
  });

  afterAll(async () => {
    await closeBrowsers();
    await server?.stop(true);
  });

  test.each(Object.keys(cannedPages))("%s keeps nobody out and fits every window", async (name) => {
    const { page } = reader;
    for (const [language, looks] of Object.entries(LOOKS)) {
      await reader.go(`/${name}?lang=${language}`);
      for (const { width, colorScheme, isSearched } of looks) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect({ width, tooWide }).toEqual({ width, tooWide: 0 });
        if (isSearched) expect(await reader.barriers()).toEqual([]);
      }
    }
    expect(errors).toEqual([]);
  });

  test("the keyboard reaches the content first, and opens and closes a menu", async () => {
    const { page } = reader;
    await reader.go("/home");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip-link");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await page.locator("article summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("article .menu-item").first().isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    expect(await page.locator("article .menu-item").first().isVisible()).toBe(false);
  });

  test("what is focused has a ring around it", async () => {
    const { page } = reader;
    await reader.go("/profile");
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      const ring = await page.evaluate(() => {
        const style = document.activeElement && getComputedStyle(document.activeElement);
        return { line: style?.outlineStyle, width: Number.parseFloat(style?.outlineWidth ?? "0") };
      });
      expect(ring).toEqual({ line: "solid", width: 2 });
    }
  });
});
