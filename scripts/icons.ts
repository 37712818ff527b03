/** Makes the icons in `web/assets`: the sprite with only those in use, from the lucide-static package, and the mark as favicon and as pictures for home screens (a tool, run by hand where there is a Chromium). */
import { chromium } from "playwright-core";
import { ICON_NAMES } from "../web/assets/icon-names.ts";

const folder = new URL("../node_modules/lucide-static/icons/", import.meta.url);
const symbols = await Promise.all(
  ICON_NAMES.map(async (name) => {
    const svg = await Bun.file(new URL(`${name}.svg`, folder)).text();
    const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
    if (inner === undefined) throw new Error(`${name}.svg has no drawing in it`);
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "").trim()}</symbol>`;
  }),
);
/** The sign-board: a post with an arm, and a board with two lines hanging from it. */
const MARK =
  "M3 2h3v1.5h23v3H6V30H3zM13 6.5h2v3h-2zM23 6.5h2v3h-2zM12 9.5h14a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H12a3 3 0 0 1-3-3v-10a3 3 0 0 1 3-3zM13 13.5v2h12v-2zM13 18.5v2h8v-2z";
const mark = `<symbol id="mark" viewBox="0 0 32 32"><path fill-rule="evenodd" d="${MARK}" /></symbol>`;
const credit =
  "<!-- Icons: Lucide (lucide.dev), ISC License, Copyright (c) Lucide Icons and Contributors -->";
const sprite = `<svg xmlns="http://www.w3.org/2000/svg"><title>Icons</title>\n${credit}\n${[mark, ...symbols].join("\n")}\n</svg>\n`;
const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><title>Sign-board</title><style>path{fill:#0b5a61}@media (prefers-color-scheme:dark){path{fill:#7fd0d4}}</style><path fill-rule="evenodd" d="${MARK}" /></svg>\n`;
await Bun.write(new URL("../web/assets/icons.svg", import.meta.url), sprite);
await Bun.write(new URL("../web/assets/favicon.svg", import.meta.url), favicon);

/** Home screens cut the corners and lay nothing under it: the mark stands well inside, on paper. */
const SIZES = [180, 192, 512];
const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 52 52"><path fill="#f6f4ef" d="M-10-10h52v52h-52z" /><path fill="#0b5a61" fill-rule="evenodd" d="${MARK}" /></svg>`;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const size of SIZES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${picture}`);
  const shot = await page.screenshot();
  // Few colours: a palette is a third of the size.
  const small = await new Bun.Image(shot).png({ palette: true, colors: 32 }).bytes();
  await Bun.write(new URL(`../web/assets/icon-${size}.png`, import.meta.url), small);
}
await browser.close();
