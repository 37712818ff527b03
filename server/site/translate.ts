/** Translating through a service that speaks LibreTranslate's API, where the operator names one. */
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { Fetch } from "../lib/fetch.ts";
import { isJsonObject, type Json, parseJson } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { Problem } from "../lib/problem.ts";
import { sha256 } from "../lib/secret.ts";

/** A text and its parts; what is longer is no post. */
const MAX_CHARACTERS = 50_000;
/** Translating takes longer than fetching. */
const TOTAL_MS = 30_000;
/** What several readers ask for is asked once: some 5 MB. */
const MAX_REMEMBERED = 500;
/** The service's languages change when its operator installs some. */
const LANGUAGES_LAST_MS = HOUR_MS;

export interface Translated {
  readonly texts: readonly string[];
  /** As the service found it, or as was said. */
  readonly from: string;
  readonly provider: string;
}

export interface Translator {
  /** From each language into which: empty where the service does not answer. */
  languages(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Pieces of HTML, in one request. @throws Problem `invalid` where there is too much, `upstream`. */
  translate(texts: readonly string[], from: string | null, to: string): Promise<Translated>;
}

export interface TranslationService {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string | null;
}

/**
 * Reads `https://translate.example/?api_key=…`.
 * @throws Problem `invalid` with a sentence for the operator that begins after the setting's name.
 */
export function translationServiceOf(text: string): TranslationService {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Problem("invalid", "must be an address like https://translate.example.");
  const key = url.searchParams.get("api_key");
  url.searchParams.delete("api_key");
  if (url.search || url.hash || url.username || url.password)
    throw new Problem("invalid", "must have nothing after its path but ?api_key=….");
  return { url: url.origin + url.pathname.replace(/\/+$/, ""), key };
}

/** `fetch` may reach what is private: the service is the operator's. */
export function createTranslator(deps: {
  readonly fetch: Fetch;
  readonly now: Now;
  readonly service: TranslationService;
}): Translator {
  const { fetch } = deps;
  const now = steady(deps.now);
  const { url, key } = deps.service;
  const provider = "LibreTranslate";
  const remembered = createLru<Translated>(MAX_REMEMBERED);
  let known: { readonly languages: ReadonlyMap<string, readonly string[]>; readonly atMs: number } | null =
    null;

  async function ask(path: string, body?: Json): Promise<Json | null> {
    const { status, bytes } = await fetch(url + path, {
      totalMs: TOTAL_MS,
      ...(body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
    });
    if (status !== 200) throw new Problem("upstream", "The translation service did not answer. Try later.");
    return parseJson(new TextDecoder().decode(bytes));
  }

  return {
    async languages() {
      if (known !== null && now() - known.atMs < LANGUAGES_LAST_MS) return known.languages;
      const answer = await ask("/languages").catch(() => null);
      const languages = new Map<string, readonly string[]>();
      for (const each of Array.isArray(answer) ? answer : []) {
        if (!isJsonObject(each) || typeof each.code !== "string") continue;
        const targets = Array.isArray(each.targets) ? each.targets : [];
        languages.set(
          each.code,
          targets.filter((target): target is string => typeof target === "string" && target !== each.code),
        );
      }
      if (languages.size > 0) known = { languages, atMs: now() };
      return languages;
    },
    async translate(texts, from, to) {
      if (texts.reduce((sum, text) => sum + text.length, 0) > MAX_CHARACTERS)
        throw new Problem("invalid", "This is too long to be translated.");
      const name = sha256(JSON.stringify([texts, from, to]));
      const before = remembered.get(name);
      if (before) return before;
      const answer = await ask("/translate", {
        q: texts,
        source: from ?? "auto",
        target: to,
        format: "html",
        ...(key === null ? {} : { api_key: key }),
      });
      const translated = isJsonObject(answer) ? answer.translatedText : undefined;
      if (!Array.isArray(translated) || translated.length !== texts.length)
        throw new Problem("upstream", "The translation service gave no translation. Try later.");
      const detected = isJsonObject(answer) ? [answer.detectedLanguage].flat()[0] : undefined;
      const found =
        isJsonObject(detected) && typeof detected.language === "string" ? detected.language : null;
      const result = { texts: translated.map(String), from: from ?? found ?? "und", provider };
      remembered.set(name, result);
      return result;
    },
  };
}
