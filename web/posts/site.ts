/** Forms of posts for later, and of what is offered to everybody. */
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import {
  isPolicyChoice,
  POLICY_ASPECTS,
  type PolicyAspect,
  type PolicyChoice,
} from "../../server/moderation/notice-policy.ts";
import type { TrendKind } from "../../server/queries/trends.ts";
import { permitted, signedIn } from "../face.ts";
import { keepFile } from "../files.ts";
import { localReturn } from "../forms.ts";
import {
  ADMIN_ANNOUNCEMENTS,
  ADMIN_EMOJI,
  ADMIN_TRENDS,
  ANNOUNCEMENTS,
  NOTICE_POLICY,
  SCHEDULED,
} from "../forms-site.ts";
import { announcementList, emojiList, scheduledPosts } from "../loads/site.ts";
import { timeIn } from "../local-time.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

/** As high as it is ever shown, on a screen with many dots. */
const EMOJI_SIDE = 256;

const nothingToDo = (): Problem => new Problem("invalid", "The form does not say what to do.");

export const scheduled: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, actions, path } = SCHEDULED;
  const { later } = visit.context.words;
  const key = parseKey(fields.get(f.post));
  return orAgain(
    visit,
    fields,
    (form) => scheduledPosts(deps, visit, { form, key }),
    async () => {
      if (key === null) throw nothingToDo();
      if (fields.get(f.action) === actions.cancel) {
        await deps.scheduled.cancel(viewer.actorKey, key);
        return goTo(path, { kind: "good", text: later.cancelled });
      }
      const dueMs = timeIn(fields, f.publishAt);
      if (dueMs === null) throw new Problem("invalid", "Choose a day and a time.", { field: f.publishAt });
      await deps.scheduled.move(viewer.actorKey, key, dueMs);
      return goTo(path, { kind: "good", text: later.moved });
    },
  );
};

export const dismiss: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f } = ANNOUNCEMENTS;
  await deps.announcements.dismiss(viewer.actorKey, parseKey(fields.get(f.announcement)) ?? 0);
  return goTo(localReturn(fields.get(f.return), "/"));
};

export const announcements: Post = (deps, visit, fields) => {
  const { account } = permitted(visit, "offer-to-all");
  const { fields: f, actions, path } = ADMIN_ANNOUNCEMENTS;
  const { news, flash } = visit.context.words;
  const key = parseKey(fields.get(f.announcement));
  return orAgain(
    visit,
    fields,
    (form) => announcementList(deps, visit, form),
    async () => {
      if (fields.get(f.action) === actions.remove) {
        await deps.announcements.remove(account.key, key ?? 0);
        return goTo(path, { kind: "good", text: news.removed });
      }
      const before = (await deps.announcements.all()).find((each) => each.key === key);
      await deps.announcements.save(
        account.key,
        {
          text: fields.get(f.text) ?? "",
          startsMs: before?.startsMs ?? null,
          endsMs: timeIn(fields, f.ends),
          isAllDay: before?.isAllDay ?? false,
        },
        ...(key === null ? [] : [key]),
      );
      return goTo(path, { kind: "good", text: key === null ? news.published : flash.saved });
    },
  );
};

export const emoji: Post = (deps, visit, fields, files) => {
  const { account } = permitted(visit, "offer-to-all");
  const { fields: f, actions, path } = ADMIN_EMOJI;
  const { emojis: said, flash } = visit.context.words;
  const key = parseKey(fields.get(f.emoji)) ?? 0;
  return orAgain(
    visit,
    fields,
    (form) => emojiList(deps, visit, form),
    async () => {
      switch (fields.get(f.action)) {
        case actions.add: {
          const shortcode = (fields.get(f.shortcode) ?? "").replaceAll(":", "").trim();
          const picture = files.get(f.picture);
          if (picture === undefined)
            throw new Problem("invalid", "Choose a picture first.", { field: f.picture });
          deps.emoji.check(shortcode);
          const options = { maxSide: EMOJI_SIDE, isLoose: false };
          const file = await keepFile(deps, account.key, f.picture, picture, options);
          if (file.family !== "image")
            throw new Problem("invalid", "This is no picture that browsers show.", { field: f.picture });
          const { url, mediaType } = file;
          const category = fields.get(f.category) ?? "";
          await deps.emoji.add(account.key, { shortcode, category, url, mediaType });
          return goTo(path, { kind: "good", text: said.added(shortcode) });
        }
        case actions.change: {
          const isOffered = fields.get(f.isOffered) === "yes";
          await deps.emoji.change(account.key, key, { category: fields.get(f.category) ?? "", isOffered });
          return goTo(path, { kind: "good", text: flash.saved });
        }
        case actions.remove:
          await deps.emoji.remove(account.key, key);
          return goTo(path, { kind: "good", text: said.removed });
        default:
          throw nothingToDo();
      }
    },
  );
};

const KINDS: readonly TrendKind[] = ["tag", "link", "post"];

export const trends: Post = async (deps, visit, fields) => {
  const { account } = permitted(visit, "offer-to-all");
  const { fields: f, actions, path } = ADMIN_TRENDS;
  const kind = KINDS.find((each) => each === fields.get(f.kind));
  const name = fields.get(f.name) ?? "";
  if (kind === undefined || name === "") throw nothingToDo();
  await deps.queries.hideTrend(account.key, kind, name, fields.get(f.action) === actions.hide);
  return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
};

export const noticePolicy: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, actions, path } = NOTICE_POLICY;
  const { flash } = visit.context.words;
  const action = fields.get(f.action);
  if (action === actions.accept || action === actions.dismiss) {
    const sender = parseKey(fields.get(f.sender)) ?? 0;
    const state = action === actions.accept ? "accepted" : "dismissed";
    const known = await deps.queries.noticeSenders(viewer.actorKey);
    const meant = known.find(({ actor }) => actor.key === sender);
    // Whatever they do after what is there now asks again.
    if (meant) await deps.tastes.decide(viewer.actorKey, [sender], state, meant.newest);
    return goTo(path, { kind: "good", text: flash.saved });
  }
  const policy: Partial<Record<PolicyAspect, PolicyChoice>> = {};
  for (const aspect of POLICY_ASPECTS) {
    const choice = fields.get(f.aspect(aspect));
    if (isPolicyChoice(choice)) policy[aspect] = choice;
  }
  await deps.tastes.setPolicy(viewer.actorKey, policy);
  return goTo(path, { kind: "good", text: flash.saved });
};
