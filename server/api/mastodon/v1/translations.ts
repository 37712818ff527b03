/** `/api/v1/statuses/:id/translate`, `/api/v1/instance/translation_languages`: a post in the viewer's language, where the operator names a service for it. */
import { type AnyElysia, Elysia } from "elysia";
import { cleanHtml, escapeHtml, toPlainText } from "../../../lib/html-clean.ts";
import { Problem } from "../../../lib/problem.ts";
import { attachmentIdOf } from "../../../media/attachment-id.ts";
import { isMedium } from "../entities/attachment.ts";
import type { Face } from "../face.ts";
import { idOf, notHere } from "../ids.ts";
import { viewByKey } from "../statuses.ts";

/** What every reader gets who does not say. */
const DEFAULT_LANGUAGE = "en";

export const translationsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon translations" })
    .post(
      "/api/v1/statuses/:id/translate",
      face.endpoint("read:statuses", async (call) => {
        const { translator } = face;
        if (translator === null) throw notHere();
        const view = await viewByKey(face, call, call.key());
        if (view.visibility !== "public" && view.visibility !== "quiet")
          throw new Problem("forbidden", "Only what everybody may see is sent to be translated.");
        const to = shortOf(call.params.text("lang") ?? call.me.locale ?? DEFAULT_LANGUAGE);
        const from = view.language === null ? null : shortOf(view.language);
        if (from === to) throw new Problem("forbidden", "It is in that language already.");
        const media = view.attachments.filter(isMedium).filter(({ name }) => name !== "");
        const options = view.poll?.options ?? [];
        const plain = [
          view.summary ?? "",
          ...media.map(({ name }) => name),
          ...options.map(({ name }) => name),
        ];
        const {
          texts,
          from: found,
          provider,
        } = await translator.translate([view.contentHtml, ...plain.map(escapeHtml)], from, to);
        const [content = "", summary = "", ...rest] = texts;
        const said = rest.map(toPlainText);
        return {
          content: cleanHtml(content),
          spoiler_text: toPlainText(summary),
          language: to,
          detected_source_language: found,
          provider,
          media_attachments: media.map(({ url }, i) => ({
            id: attachmentIdOf(url.startsWith("/") ? face.origin + url : url),
            description: said[i] ?? "",
          })),
          poll:
            view.poll === null
              ? null
              : {
                  id: idOf(view.key),
                  options: options.map((_, i) => ({ title: said[media.length + i] ?? "" })),
                },
        };
      }),
      { parse: "none" },
    )
    .get(
      "/api/v1/instance/translation_languages",
      face.endpoint(null, async () => Object.fromEntries((await face.translator?.languages()) ?? [])),
    ) as unknown as AnyElysia;

/** `de` of `de-AT`: services know languages, not their kinds. */
const shortOf = (language: string): string => language.toLowerCase().split("-")[0] ?? DEFAULT_LANGUAGE;
