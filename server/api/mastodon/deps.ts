/** What this face needs of the rest of the server. */
import type { Accounts } from "../../accounts/accounts.ts";
import type { Acquaintances } from "../../accounts/acquaintances.ts";
import type { Groups } from "../../accounts/groups.ts";
import type { ScheduledPosts } from "../../accounts/scheduled.ts";
import type { Addresses } from "../../core/addresses.ts";
import type { Look } from "../../core/behaviour.ts";
import type { Core } from "../../core/process.ts";
import type { Registry } from "../../core/registry.ts";
import type { Moving } from "../../federation/moving.ts";
import type { LocalCounts } from "../../federation/nodeinfo.ts";
import type { Previews } from "../../federation/previews.ts";
import type { LookState } from "../../federation/threads.ts";
import type { Viewers } from "../../http/viewer.ts";
import type { Queue } from "../../jobs/queue.ts";
import type { Now } from "../../lib/clock.ts";
import type { Keys } from "../../lib/id.ts";
import type { Log } from "../../lib/log.ts";
import type { Hub } from "../../live/hub.ts";
import type { PushSubscriptions } from "../../live/push-subscriptions.ts";
import type { Media } from "../../media/upload.ts";
import type { Avoiding } from "../../moderation/avoiding.ts";
import type { Domains } from "../../moderation/domains.ts";
import type { Gate } from "../../moderation/gate.ts";
import type { Reports } from "../../moderation/reports.ts";
import type { Sanctions } from "../../moderation/sanctions.ts";
import type { Tastes } from "../../moderation/tastes.ts";
import type { Oauth } from "../../oauth/provider/oauth.ts";
import type { Pictures } from "../../queries/pictures.ts";
import type { Queries } from "../../queries/queries.ts";
import type { FeedItem, NoticeView } from "../../queries/view.ts";
import type { Announcements } from "../../site/announcements.ts";
import type { CustomEmojis } from "../../site/emoji.ts";
import type { Translator } from "../../site/translate.ts";
import type { Db } from "../../storage/db.ts";

export interface FaceDeps {
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  /** Of this program, such as `0.1.0`. */
  readonly version: string;
  /** People and posts that live here; some minutes old. */
  readonly counts: () => Promise<LocalCounts>;
  /** Path of a picture that stands for this server, 512 pixels wide. */
  readonly iconPath: string;
  readonly db: Db;
  readonly keys: Keys;
  readonly now: Now;
  readonly log: Log;
  readonly queue: Queue;
  readonly addresses: Addresses;
  readonly registry: Registry;
  readonly accounts: Accounts;
  readonly groups: Groups;
  readonly oauth: Oauth;
  readonly core: Core;
  readonly look: Look;
  readonly queries: Queries;
  /** What happens, for those who are streaming. */
  readonly live: Hub<FeedItem, NoticeView>;
  /** Where people's devices are told of notices; the key is what push services know this server by (VAPID). */
  readonly push: { readonly publicKey: string; readonly subscriptions: PushSubscriptions };
  readonly media: Media;
  /** Largest file, in bytes. */
  readonly maxUploadBytes: number;
  readonly viewers: Viewers;
  readonly gate: Gate;
  readonly domains: Domains;
  readonly tastes: Tastes;
  readonly avoiding: Avoiding;
  readonly acquaintances: Acquaintances;
  readonly moving: Moving;
  readonly reports: Reports;
  readonly sanctions: Sanctions;
  readonly scheduled: ScheduledPosts;
  readonly announcements: Announcements;
  readonly emoji: CustomEmojis;
  /** Null where the operator names no service. */
  readonly translator: Translator | null;
  /** The actor behind `bob@there.example` or an address, fetched when it is not known. */
  readonly findActor: (handleOrAddress: string) => Promise<number | null>;
  /** Somebody here reads this thing or profile (its key): what other servers have of it is there the next time. */
  readonly reading: (key: number) => Promise<void>;
  /** What lies behind the addresses in posts. */
  readonly previews: Pick<Previews, "of">;
  /** From where pictures of other servers are shown. */
  readonly pictures: Pictures;
  /** Whether more of the conversation around that thing (its key) is being looked for. */
  readonly lookedFor: (key: number) => Promise<LookState>;
}
