/** The Litestream that travels inside the compiled program: `scripts/build.ts` puts it in the place of null. */

export interface PackedLitestream {
  /** Zstandard-compressed; readable with `Bun.file`. */
  readonly path: string;
  /** Of the unpacked program, in hexadecimal. */
  readonly sha256: string;
  /** `0.3.13` */
  readonly version: string;
}

/** Null in development, and in a build for a platform that has no Litestream. */
export const packedLitestream: PackedLitestream | null = null;
