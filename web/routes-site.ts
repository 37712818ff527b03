/** Addresses of posts for later, and of what those who run the server offer everybody. */
import {
  ADMIN_ANNOUNCEMENTS,
  ADMIN_EMOJI,
  ADMIN_TRENDS,
  ANNOUNCEMENTS,
  EMOJI_LIST,
  NOTICE_POLICY,
  SCHEDULED,
} from "./forms-site.ts";
import type { Load } from "./loads/load.ts";
import * as loads from "./loads/site.ts";
import type { Post } from "./posts/answer.ts";
import * as posts from "./posts/site.ts";

export const SITE_PAGES: Readonly<Record<string, Load>> = {
  [SCHEDULED.path]: loads.scheduled,
  [EMOJI_LIST]: loads.emojiOffered,
  [NOTICE_POLICY.path]: loads.noticePolicy,
  [ADMIN_ANNOUNCEMENTS.path]: loads.announcements,
  [ADMIN_EMOJI.path]: loads.emoji,
  [ADMIN_TRENDS.path]: loads.trends,
};

export const SITE_POSTS: Readonly<Record<string, Post>> = {
  [SCHEDULED.path]: posts.scheduled,
  [ANNOUNCEMENTS.path]: posts.dismiss,
  [NOTICE_POLICY.path]: posts.noticePolicy,
  [ADMIN_ANNOUNCEMENTS.path]: posts.announcements,
  [ADMIN_EMOJI.path]: posts.emoji,
  [ADMIN_TRENDS.path]: posts.trends,
};
