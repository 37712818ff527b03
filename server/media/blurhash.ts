/** BlurHash (the algorithm of github.com/woltapp/blurhash): what a picture looks like from afar, in some thirty letters. */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const BASE = ALPHABET.length;
/** Waves along the width and the height: what Mastodon makes, and enough for a blur. */
const WAVES = { x: 4, y: 3 } as const;
/** A hash names at most nine waves each way. */
const MAX_WAVES = 9;
const SHAPE = new RegExp(`^[${ALPHABET.replace(/[\]\-^]/g, "\\$&")}]{6,166}$`);

/** Three bytes (sRGB) for each point, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];

/** Meant for some hundred points: the time goes with their number. */
export function blurhashOf(pixels: Pixels): string {
  const factors: Colour[] = [];
  for (let y = 0; y < WAVES.y; y++) for (let x = 0; x < WAVES.x; x++) factors.push(waveIn(pixels, x, y));
  const [average = BLACK, ...others] = factors;
  const strongest = Math.max(...others.flat().map(Math.abs));
  const scale = clamp(Math.floor(strongest * 166 - 0.5), 82);
  const maximum = (scale + 1) / 166;
  return [
    digits(WAVES.x - 1 + (WAVES.y - 1) * 9, 1),
    digits(scale, 1),
    digits(
      average.reduce((sum, value) => sum * 256 + toSrgb(value), 0),
      4,
    ),
    ...others.map((colour) =>
      digits(
        colour.reduce((sum, value) => sum * 19 + clamp(Math.floor(root(value / maximum) * 9 + 9.5), 18), 0),
        2,
      ),
    ),
  ].join("");
}

export const isBlurhash = (text: string): boolean => {
  if (!SHAPE.test(text)) return false;
  const size = numberOf(text.slice(0, 1));
  const down = Math.floor(size / MAX_WAVES) + 1;
  return down <= MAX_WAVES && text.length === 4 + 2 * ((size % MAX_WAVES) + 1) * down;
};

/** The picture that a hash stands for; null for what is no hash. Peers send anything under that name. */
export function pixelsOf(hash: string, width: number, height: number): Pixels | null {
  if (!isBlurhash(hash)) return null;
  const across = (numberOf(hash.slice(0, 1)) % MAX_WAVES) + 1;
  const maximum = (numberOf(hash.slice(1, 2)) + 1) / 166;
  const average = numberOf(hash.slice(2, 6));
  const waves: Colour[] = [
    [toLinear((average >> 16) & 255), toLinear((average >> 8) & 255), toLinear(average & 255)],
  ];
  for (let at = 6; at < hash.length; at += 2) {
    const value = numberOf(hash.slice(at, at + 2));
    const part = (n: number): number => square((n - 9) / 9) * maximum;
    waves.push([part(Math.floor(value / 361)), part(Math.floor(value / 19) % 19), part(value % 19)]);
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (const [i, colour] of waves.entries()) {
        const basis = crest(x, width, i % across) * crest(y, height, Math.floor(i / across));
        red += colour[0] * basis;
        green += colour[1] * basis;
        blue += colour[2] * basis;
      }
      rgb.set([toSrgb(red), toSrgb(green), toSrgb(blue)], (y * width + x) * 3);
    }
  return { width, height, rgb };
}

const BLACK: Colour = [0, 0, 0];

/** How high a wave stands over the middle of a point. */
const crest = (at: number, size: number, wave: number): number =>
  wave === 0 ? 1 : Math.cos((Math.PI * (at + 0.5) * wave) / size);

/** How much of one wave is in the picture, for each colour. */
function waveIn({ width, height, rgb }: Pixels, waveX: number, waveY: number): Colour {
  const sum: [number, number, number] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    const down = Math.cos((Math.PI * waveY * y) / height);
    for (let x = 0; x < width; x++) {
      const basis = down * Math.cos((Math.PI * waveX * x) / width);
      const at = (y * width + x) * 3;
      sum[0] += basis * toLinear(rgb[at] ?? 0);
      sum[1] += basis * toLinear(rgb[at + 1] ?? 0);
      sum[2] += basis * toLinear(rgb[at + 2] ?? 0);
    }
  }
  const share = (waveX === 0 && waveY === 0 ? 1 : 2) / (width * height);
  return [sum[0] * share, sum[1] * share, sum[2] * share];
}

const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
});

/** IEC 61966-2-1. */
const toLinear = (value: number): number => LINEAR[value] ?? 0;

function toSrgb(linear: number): number {
  const part = Math.min(Math.max(linear, 0), 1);
  return Math.floor((part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055) * 255 + 0.5);
}

const root = (value: number): number => Math.sign(value) * Math.sqrt(Math.abs(value));
const square = (value: number): number => Math.sign(value) * value * value;
const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

const digits = (value: number, length: number): string =>
  Array.from({ length }, (_, i) => ALPHABET[Math.floor(value / BASE ** (length - 1 - i)) % BASE]).join("");

const numberOf = (text: string): number =>
  [...text].reduce((sum, digit) => sum * BASE + ALPHABET.indexOf(digit), 0);
