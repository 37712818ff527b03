/** Multibase text: base58btc (`z…`) and base64url (`u…`), the two that keys and proofs are written in. */

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const DIGITS: ReadonlyMap<string, number> = new Map([...ALPHABET].map((letter, i) => [letter, i]));

/** An RSA key of 8192 bits takes about 1 430 letters; base58 is quadratic, so nothing longer is read. */
const MAX_MULTIBASE_LENGTH = 1600;

/** `z` and the bytes in base58btc. */
export const encodeMultibase = (bytes: Uint8Array): string => `z${encodeBase58(bytes)}`;

/** The bytes of multibase text in base58btc or unpadded base64url, or null where it is neither. */
export function decodeMultibase(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length < 2 || text.length > MAX_MULTIBASE_LENGTH) return null;
  if (text[0] === "z") return decodeBase58(text.slice(1));
  if (text[0] === "u" && /^[A-Za-z0-9_-]+$/.test(text.slice(1))) {
    const bytes = new Uint8Array(Buffer.from(text.slice(1), "base64url"));
    return encodeBase64Url(bytes) === text.slice(1) ? bytes : null;
  }
  return null;
}

const encodeBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

function encodeBase58(bytes: Uint8Array): string {
  const zeros = countLeading(bytes, 0);
  const digits: number[] = []; // Base 58, least significant first.
  for (const byte of bytes.subarray(zeros)) {
    let carry = byte;
    for (let i = 0; i < digits.length; i++) {
      carry += (digits[i] ?? 0) * 256;
      digits[i] = carry % 58;
      carry = Math.floor(carry / 58);
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) digits.push(carry % 58);
  }
  return (
    "1".repeat(zeros) +
    digits
      .reverse()
      .map((digit) => ALPHABET[digit])
      .join("")
  );
}

function decodeBase58(text: string): Uint8Array<ArrayBuffer> | null {
  const values = Array.from(text, (letter) => DIGITS.get(letter) ?? -1);
  if (values.includes(-1)) return null;
  const zeros = countLeading(values, 0);
  const bytes: number[] = []; // Base 256, least significant first.
  for (const value of values.slice(zeros)) {
    let carry = value;
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] ?? 0) * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
  }
  return new Uint8Array([...new Array<number>(zeros).fill(0), ...bytes.reverse()]);
}

function countLeading(numbers: ArrayLike<number>, wanted: number): number {
  let count = 0;
  while (count < numbers.length && numbers[count] === wanted) count++;
  return count;
}
