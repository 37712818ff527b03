/** What this server is and takes, as an `Instance` of either version. */
import { MAX_DISPLAY_NAME_LENGTH } from "../../../accounts/names.ts";
import type { SettingValues } from "../../../accounts/setting-table.ts";
import type { LocalCounts } from "../../../federation/nodeinfo.ts";
import { MAX_JPEG_PIXELS } from "../../../media/image.ts";
import { TAKEN_TYPES } from "../../../media/probe.ts";
import { MAX_PICTURE_BYTES } from "../../../media/upload.ts";
import { MAX_FEATURED_TAGS, MAX_PINNED } from "../../../vocab/personal/places.ts";
import {
  MAX_CHARACTERS,
  MAX_MEDIA,
  MAX_POLL_CHARACTERS,
  MAX_POLL_OPTIONS,
  MAX_POLL_SECONDS,
  MIN_POLL_SECONDS,
} from "../compose.ts";
import { MAX_DESCRIPTION_CHARACTERS } from "../media.ts";
import type { Account } from "./account.ts";

/**
 * The API that clients may expect: they read a version at the beginning of the text, and the number of the newest part of
 * the API (9: profiles of one's own) where they know numbers.
 */
const API_VERSION = "4.5.0";
const API_NUMBER = 9;
/** An address counts as so many characters for clients; here as many as it has, of which this is the least. */
const CHARACTERS_OF_A_URL = 23;
const MAX_FILM_PIXELS = 8_294_400;
const MAX_FRAMES = 120;
/** As the settings page has them. */
const PROFILE = { name: MAX_DISPLAY_NAME_LENGTH, note: 2_000, fields: 4, fieldName: 255, fieldValue: 255 };

export interface InstanceSources {
  readonly origin: string;
  readonly host: string;
  readonly version: string;
  readonly iconPath: string;
  readonly maxUploadBytes: number;
  readonly vapidKey: string;
  readonly counts: LocalCounts;
  readonly hosts: number;
  readonly contact: Account | null;
  readonly canTranslate: boolean;
  readonly settings: Pick<
    SettingValues,
    | "siteName"
    | "description"
    | "contact"
    | "rules"
    | "sourceUrl"
    | "registration"
    | "languages"
    | "publicLists"
    | "federation"
    | "applicationQuestion"
  >;
}

/** One rule a line, numbered by its place. */
export const rulesOf = (text: string): readonly object[] =>
  text
    .split("\n")
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "")
    .map((rule, i) => ({ id: String(i + 1), text: rule, hint: "", translations: {} }));

const versionOf = ({ version }: InstanceSources): string => `${API_VERSION} (compatible; Commons ${version})`;

const emailOf = ({ settings }: InstanceSources): string =>
  /^[^\s@]+@[^\s@]+$/.test(settings.contact) ? settings.contact : "";

const streamingOf = (origin: string): string => origin.replace(/^http/, "ws");

const registrationOf = ({ settings: { registration } }: InstanceSources) => ({
  // Who needs an invitation or an address of the school comes by our own page.
  isOpen: registration === "open" || registration === "approval",
  needsApproval: registration === "approval",
});

function limitsOf({ maxUploadBytes }: InstanceSources) {
  return {
    statuses: {
      max_characters: MAX_CHARACTERS,
      max_media_attachments: MAX_MEDIA,
      characters_reserved_per_url: CHARACTERS_OF_A_URL,
    },
    media_attachments: {
      supported_mime_types: TAKEN_TYPES,
      description_limit: MAX_DESCRIPTION_CHARACTERS,
      image_size_limit: Math.min(MAX_PICTURE_BYTES, maxUploadBytes),
      image_matrix_limit: MAX_JPEG_PIXELS,
      video_size_limit: maxUploadBytes,
      video_frame_rate_limit: MAX_FRAMES,
      video_matrix_limit: MAX_FILM_PIXELS,
    },
    polls: {
      max_options: MAX_POLL_OPTIONS,
      max_characters_per_option: MAX_POLL_CHARACTERS,
      min_expiration: MIN_POLL_SECONDS,
      max_expiration: MAX_POLL_SECONDS,
    },
    accounts: {
      max_featured_tags: MAX_FEATURED_TAGS,
      max_pinned_statuses: MAX_PINNED,
      max_display_name_length: PROFILE.name,
      max_note_length: PROFILE.note,
      max_profile_fields: PROFILE.fields,
      profile_field_name_limit: PROFILE.fieldName,
      profile_field_value_limit: PROFILE.fieldValue,
    },
  };
}

/** Version 1: Pinafore reads no other, and `urls` and `contact_account` without a check. */
export function instanceV1(sources: InstanceSources): object {
  const { origin, host, settings, counts } = sources;
  const { isOpen, needsApproval } = registrationOf(sources);
  return {
    uri: host,
    title: settings.siteName,
    short_description: settings.description,
    description: settings.description,
    email: emailOf(sources),
    version: versionOf(sources),
    urls: { streaming_api: streamingOf(origin) },
    stats: { user_count: counts.people, status_count: counts.posts, domain_count: sources.hosts },
    thumbnail: origin + sources.iconPath,
    languages: settings.languages,
    registrations: isOpen,
    approval_required: needsApproval,
    invites_enabled: settings.registration === "invitation",
    configuration: limitsOf(sources),
    contact_account: sources.contact,
    rules: rulesOf(settings.rules),
    // Where clients of Pleroma's kind look.
    max_toot_chars: MAX_CHARACTERS,
  };
}

export function instanceV2(sources: InstanceSources): object {
  const { origin, host, settings, counts } = sources;
  const { isOpen, needsApproval } = registrationOf(sources);
  const access = settings.publicLists === "everyone" ? "public" : "authenticated";
  const feeds = { local: access, remote: access };
  const icon = origin + sources.iconPath;
  return {
    domain: host,
    title: settings.siteName,
    version: versionOf(sources),
    source_url: settings.sourceUrl || `${origin}/about`,
    description: settings.description,
    usage: { users: { active_month: counts.activeMonth } },
    thumbnail: { url: icon, blurhash: null, versions: {}, description: settings.siteName },
    icon: [{ src: icon, size: "512x512" }],
    languages: settings.languages,
    configuration: {
      urls: {
        streaming: streamingOf(origin),
        status: null,
        about: `${origin}/about`,
        privacy_policy: `${origin}/privacy`,
        terms_of_service: null,
      },
      vapid: { public_key: sources.vapidKey },
      ...limitsOf(sources),
      translation: { enabled: sources.canTranslate },
      timelines_access: { live_feeds: feeds, hashtag_feeds: feeds, trending_link_feeds: feeds },
      limited_federation: settings.federation !== "open",
    },
    registrations: {
      enabled: isOpen,
      approval_required: needsApproval,
      reason_required: needsApproval && settings.applicationQuestion !== "",
      message: null,
      min_age: null,
      url: isOpen ? null : `${origin}/sign-up`,
    },
    api_versions: { mastodon: API_NUMBER },
    contact: { email: emailOf(sources), account: sources.contact },
    rules: rulesOf(settings.rules),
  };
}
