/** Every migration, in order, inlined as text. */
import objects from "./0001_objects.sql" with { type: "text" };
import accounts from "./0002_accounts.sql" with { type: "text" };
import jobs from "./0003_jobs.sql" with { type: "text" };
import oauth from "./0004_oauth.sql" with { type: "text" };
import media from "./0005_media.sql" with { type: "text" };
import notices from "./0006_notices.sql" with { type: "text" };
import remotes from "./0008_remotes.sql" with { type: "text" };
import moderation from "./0009_moderation.sql" with { type: "text" };
import reports from "./0010_reports.sql" with { type: "text" };
import groups from "./0011_groups.sql" with { type: "text" };
import groupsPeople from "./0012_groups_people.sql" with { type: "text" };
import threads from "./0013_threads.sql" with { type: "text" };
import mediaCache from "./0015_media_cache.sql" with { type: "text" };
import relays from "./0016_relays.sql" with { type: "text" };
import delivery from "./0017_delivery.sql" with { type: "text" };
import programs from "./0018_programs.sql" with { type: "text" };
import ownLists from "./0019_own_lists.sql" with { type: "text" };
import preferences from "./0020_preferences.sql" with { type: "text" };
import personal from "./0021_personal.sql" with { type: "text" };
import site from "./0022_site.sql" with { type: "text" };
import clientDocuments from "./0023_client_documents.sql" with { type: "text" };
import signIn from "./0024_sign_in.sql" with { type: "text" };
import elsewhere from "./0025_elsewhere.sql" with { type: "text" };
import mediaMore from "./0026_media.sql" with { type: "text" };
import push from "./0028_push.sql" with { type: "text" };
import leanIndexes from "./0029_lean_indexes.sql" with { type: "text" };
import whispers from "./0030_whispers.sql" with { type: "text" };
import withheld from "./0031_withheld.sql" with { type: "text" };
import confided from "./0032_confided.sql" with { type: "text" };

export const migrations = [
  { name: "0001_objects", sql: objects },
  { name: "0002_accounts", sql: accounts },
  { name: "0003_jobs", sql: jobs },
  { name: "0004_oauth", sql: oauth },
  { name: "0005_media", sql: media },
  { name: "0006_notices", sql: notices },
  { name: "0008_remotes", sql: remotes },
  { name: "0009_moderation", sql: moderation },
  { name: "0010_reports", sql: reports },
  { name: "0011_groups", sql: groups },
  { name: "0012_groups_people", sql: groupsPeople },
  { name: "0013_threads", sql: threads },
  { name: "0015_media_cache", sql: mediaCache },
  { name: "0016_relays", sql: relays },
  { name: "0017_delivery", sql: delivery },
  { name: "0018_programs", sql: programs },
  { name: "0019_own_lists", sql: ownLists },
  { name: "0020_preferences", sql: preferences },
  { name: "0021_personal", sql: personal },
  { name: "0022_site", sql: site },
  { name: "0023_client_documents", sql: clientDocuments },
  { name: "0024_sign_in", sql: signIn },
  { name: "0025_elsewhere", sql: elsewhere },
  { name: "0026_media", sql: mediaMore },
  { name: "0028_push", sql: push },
  { name: "0029_lean_indexes", sql: { sqlite: leanIndexes, postgres: "" } },
  { name: "0030_whispers", sql: whispers },
  { name: "0031_withheld", sql: withheld },
  { name: "0032_confided", sql: confided },
] as const;
