/** The licences of what the compiled program carries: `scripts/build.ts` puts their file in the place of null. */

/** Text, readable with `Bun.file`; null in development, where each package has its own beside it. */
export const packedNotices: string | null = null;
