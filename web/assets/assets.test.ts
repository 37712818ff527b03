/** The embedded files: addressed by content, complete, and readable in every colour. */
import { describe, expect, test } from "bun:test";
import { ACCENTS } from "../page.ts";
import { PAPER } from "../site-files.ts";
import dark from "./css/dark.css" with { type: "text" };
import tokens from "./css/tokens.css" with { type: "text" };
import { ICON_NAMES } from "./icon-names.ts";
import icons from "./icons.svg" with { type: "text" };
import { assetPath, assetResponse } from "./index.ts";

describe("assets", () => {
  test("are kept for ever under an address with their hash, and compressed where that is wanted", async () => {
    const path = assetPath("style.css");
    expect(path).toMatch(/^\/assets\/style-[0-9a-z]+\.css$/);
    const response = assetResponse(path, "gzip, br");
    expect(response?.headers.get("cache-control")).toContain("immutable");
    const unzipped = Bun.gunzipSync(new Uint8Array((await response?.arrayBuffer()) ?? new ArrayBuffer()));
    expect(new TextDecoder().decode(unzipped)).toBe((await assetResponse(path, null)?.text()) ?? "");
  });

  test("of another hash are not there", () => {
    expect(assetResponse("/assets/style-0.css", null)).toBeNull();
    expect(assetResponse("/assets/../index.ts", null)).toBeNull();
  });

  test("hold every icon that has a name, and no other", () => {
    const drawn = [...icons.matchAll(/<symbol id="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(drawn.toSorted()).toEqual(["mark", ...ICON_NAMES].toSorted());
  });

  test("fit a first visit: style and icons together under 20 KB", async () => {
    const sizes = await Promise.all(
      (["style.css", "icons.svg"] as const).map(
        async (name) => (await assetResponse(assetPath(name), "gzip")?.bytes())?.length ?? 0,
      ),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(20_000);
  });

  test("hold the mark as pictures of the sizes that they say", async () => {
    for (const size of [180, 192, 512] as const) {
      const file = assetResponse(assetPath(`icon-${size}.png`), "gzip");
      expect(file?.headers.get("content-encoding")).toBeNull();
      expect(file?.headers.get("content-type")).toBe("image/png");
      const { width, height, format } = await new Bun.Image(
        (await file?.bytes()) ?? new Uint8Array(),
      ).metadata();
      expect([width, height, format]).toEqual([size, size, "png"]);
    }
  });

  test("load nothing from elsewhere", async () => {
    expect(await assetResponse(assetPath("style.css"), null)?.text()).not.toMatch(/url\(|@import|https?:/);
  });
});

const THEMES = { light: tokens, dark: tokens + dark } as const;
/** Foreground, background, and the least contrast (WCAG 2.2 §1.4.3, §1.4.11; `web/README.md` asks 7 for text). */
const PAIRS: readonly [string, string, number][] = [
  ["text", "paper", 7],
  ["text", "surface", 7],
  ["text", "raised", 7],
  ["text", "well", 7],
  ["text", "accent-wash", 7],
  ["text-quiet", "paper", 4.5],
  ["text-quiet", "surface", 4.5],
  ["text-quiet", "raised", 4.5],
  ["text-quiet", "well", 4.5],
  ["accent", "paper", 4.5],
  ["accent", "surface", 4.5],
  ["accent", "well", 4.5],
  ["accent", "raised", 4.5],
  ["accent-strong", "accent-wash", 4.5],
  ["accent-text", "accent", 4.5],
  ["accent-text", "accent-strong", 4.5],
  ["good", "good-wash", 4.5],
  ["warn", "warn-wash", 4.5],
  ["bad", "bad-wash", 4.5],
  ["bad", "surface", 4.5],
  ["line", "paper", 3],
  ["line", "surface", 3],
  ["line", "raised", 3],
  ["focus", "paper", 3],
  ["focus", "surface", 3],
];

test.each(["light", "dark"] as const)(
  "browsers paint their frame in %s with the paper of the pages",
  (theme) => {
    expect(hex(oklch(variable(THEMES[theme], "teal", "--paper"), theme, "teal"))).toBe(PAPER[theme]);
  },
);

describe.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("in %s colours", (theme) => {
  describe.each([...ACCENTS])("with %s", (accent) => {
    test.each([...PAIRS])("%s on %s has a contrast of at least %d", (front, back, least) => {
      const value = (name: string) =>
        luminance(oklch(variable(THEMES[theme], accent, `--${name}`), theme, accent));
      const [a, b] = [value(front), value(back)];
      expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThanOrEqual(least);
    });
  });
});

/** The last value of the variable, that of the accent before that of the root. */
function variable(css: string, accent: string, name: string): string {
  const own = new RegExp(`\\[data-accent="${accent}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  const find = (text: string) => [...text.matchAll(new RegExp(`^\\s*${name}: ([^;]+);`, "gm"))].at(-1)?.[1];
  const found = find(own) ?? find(css.replace(/\[data-accent[^}]*\}/g, ""));
  if (found === undefined) throw new Error(`${name} has no value.`);
  return found;
}

/** `oklch(0.4 calc(var(--chroma) * 1.1) var(--hue))` → lightness, chroma and hue as numbers. */
function oklch(text: string, theme: keyof typeof THEMES, accent: string): readonly [number, number, number] {
  const known = text.replace(/var\((--[a-z]+)\)/g, (_, name: string) =>
    variable(THEMES[theme], accent, name),
  );
  const counted = known.replace(/calc\(([\d.]+) \* ([\d.]+)\)/g, (_, a: string, b: string) =>
    String(Number(a) * Number(b)),
  );
  const numbers = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(counted)?.slice(1).map(Number);
  if (numbers === undefined) throw new Error(`${text} is no plain OKLCH colour.`);
  return numbers as unknown as readonly [number, number, number];
}

/** Relative luminance (WCAG 2.2) of an OKLCH colour. */
function luminance(color: readonly [number, number, number]): number {
  const [red, green, blue] = linear(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `#rrggbb` (CSS Color 4 §10.2). */
const hex = (color: readonly [number, number, number]): string =>
  `#${linear(color)
    .map((channel) => (channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055))
    .map((channel) =>
      Math.round(channel * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;

/** Linear red, green and blue of an OKLCH colour, clipped to sRGB (CSS Color 4 §9.3). */
function linear([lightness, chroma, hue]: readonly [number, number, number]): readonly [
  number,
  number,
  number,
] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (channel: number) => Math.min(1, Math.max(0, channel));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return [red, green, blue];
}
