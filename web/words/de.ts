/** Every sentence that a person reads, in German. */
import type { PartialWords } from "./en.ts";

export const de: PartialWords = {};
