/** Every page with canned props in a real browser: nobody is kept out, and nothing is wider than its window. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { CDPSession } from "playwright-core";
import { cannedPages } from "../../../web/testing/canned-pages.ts";
import { galleryResponse } from "../../../web/testing/gallery.ts";
import { closeBrowsers, hasChromium, type Person, person } from "./browser.ts";

interface Look {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
  /** How large the reader has letters, where not as browsers have them. */
  readonly letters?: number;
  /** Each look of axe-core takes most of a second. */
  readonly isSearched?: boolean;
}

/** Of letters, in pixels. */
const USUAL = 16;

/**
 * Widths of telephones, tablets and desks; 640 is a desk at 200 %, and letters of 32 are text alone at 200 %
 * (WCAG 2.2, 1.4.4). Each language is loaded once and then resized.
 */
const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  de: [
    { width: 320, colorScheme: "light" },
    { width: 360, colorScheme: "light", letters: 2 * USUAL },
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
  let devtools: CDPSession;
  const errors: string[] = [];

  beforeAll(async () => {
    server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: galleryResponse });
    reader = await person(server.url.origin);
    devtools = await reader.context.newCDPSession(reader.page);
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
      for (const { width, colorScheme, letters = USUAL, isSearched } of looks) {
        await page.setViewportSize({ width, height: 800 });
        await devtools.send("Page.setFontSizes", { fontSizes: { standard: letters } });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect({ width, letters, tooWide }).toEqual({ width, letters, tooWide: 0 });
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

  test("a like changes its card in place, and a menu closes when one looks elsewhere", async () => {
    const { page } = reader;
    await page.setViewportSize({ width: 1280, height: 800 });
    await reader.go("/home");
    await page.evaluate(() => document.body.setAttribute("data-stayed", "yes"));
    const card = page.locator("article").first();
    const sent = page.waitForResponse((response) => response.request().method() === "POST");
    await card.evaluate((element) => element.setAttribute("data-old", "yes"));
    await card.locator('button[value="Like"]').click();
    await sent;
    await page.locator("article:not([data-old])").first().locator('button[value="Like"]:focus').waitFor();
    expect(await page.locator("article[data-old]").count()).toBe(0);
    expect(await page.locator("body[data-stayed]").count()).toBe(1);

    await card.locator("summary").first().click();
    await page.keyboard.press("Escape");
    expect(await card.locator(".menu-item").first().isVisible()).toBe(false);
    await card.locator("summary").first().click();
    await page.locator("main").click({ position: { x: 5, y: 5 } });
    expect(await card.locator(".menu-item").first().isVisible()).toBe(false);
  });

  test("the composer tells when room gets short, and the toast goes with Escape", async () => {
    const { page } = reader;
    await reader.go("/home-forty");
    await page.locator(".toast").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".toast").waitFor({ state: "detached" });
    await reader.go("/home");
    await page.locator(".composer-counter").first().waitFor({ state: "attached" });
    await page.locator("#composer-content").fill("x".repeat(19_990));
    expect(await page.locator(".composer-counter").textContent()).toBe("10 characters left");
  });

  test.each([360, 1280])("at %d px no button of a group lies on the picture above it", async (width) => {
    const { page } = reader;
    await page.setViewportSize({ width, height: 800 });
    await reader.go("/group-kept");
    const [cover, buttons] = await Promise.all(
      [".profile-cover", ".profile .relationship"].map((part) => page.locator(part).first().boundingBox()),
    );
    expect(buttons?.y).toBeGreaterThanOrEqual((cover?.y ?? 0) + (cover?.height ?? Number.NaN));
  });

  test.each(["/home", "/followers"])(
    "on %s a name that is too long is cut where it ends, in whichever direction",
    async (path) => {
      const { page } = reader;
      await page.setViewportSize({ width: 360, height: 800 });
      await reader.go(path);
      const shown = await page.evaluate((name) => {
        const part = document.querySelector<HTMLElement>(".card-by bdi, .actor-row-name bdi");
        if (part === null) return null;
        part.textContent = name;
        const range = document.createRange();
        range.setStart(part.firstChild as Text, 0);
        range.setEnd(part.firstChild as Text, 1);
        const [box, first] = [part.parentElement?.getBoundingClientRect(), range.getBoundingClientRect()];
        return box && { isCut: part.scrollWidth > part.clientWidth, isIn: first.right <= box.right + 1 };
      }, "فاطمة الزهراء بنت محمد ".repeat(6));
      expect(shown).toEqual({ isCut: true, isIn: true });
    },
  );

  test("a long warning has the whole line on a telephone, a short one leaves room for the words beside it", async () => {
    const { page } = reader;
    await page.setViewportSize({ width: 360, height: 800 });
    await reader.go("/quote-warned");
    const lines = await page.evaluate(
      (warnings) => {
        const said = document.querySelector<HTMLElement>(".warning-said");
        const text = said?.querySelector(":scope > span");
        const open = said?.parentElement?.querySelector(".warning-open");
        if (!said || !text || !open) return null;
        return warnings.map((warning) => {
          text.textContent = warning;
          return open.getBoundingClientRect().top >= said.getBoundingClientRect().bottom;
        });
      },
      ["Spiders", "Spiders and other animals with many legs, ".repeat(5)],
    );
    expect(lines).toEqual([false, true]);
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
