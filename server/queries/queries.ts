/** All reads that faces ask for, in one place: what `createQueries` composes from the files of this folder. */

import type { Entity } from "../core/entity.ts";
import type { LiveReads } from "../core/happened.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Arrivals } from "./arrivals.ts";
import type { CircleReads } from "./circles.ts";
import type { CollectionItems } from "./collection.ts";
import type { GroupReads } from "./groups.ts";
import type { ListReads } from "./lists.ts";
import type { MarkReads } from "./marks.ts";
import type { PeopleList } from "./people.ts";
import type { PersonalReads } from "./personal.ts";
import type { QuotingReads } from "./quoting.ts";
import type { SearchQueries } from "./searching.ts";
import type { TagReads } from "./tags.ts";
import type { ThreadRequest } from "./thread.ts";
import type { Narrowing, ProfileOptions } from "./timeline.ts";
import type { TrendReads } from "./trends.ts";
import type { VersionsView } from "./versions.ts";
import type { ActorView, FeedItem, NoticeView, ObjectView, Relationship, ReplyNode } from "./view.ts";

export interface ThreadView {
  /** The beginning of the conversation first. */
  readonly ancestors: readonly ObjectView[];
  readonly replies: readonly ReplyNode[];
  /** The reply after which more follow; null where these are all. */
  readonly more: number | null;
}

/** Every read is for a viewer (an actor's key), or for a stranger (null). */
export interface Queries
  extends MarkReads,
    Arrivals,
    CircleReads,
    GroupReads,
    ListReads,
    QuotingReads,
    TagReads,
    PersonalReads,
    TrendReads,
    SearchQueries {
  /** Gives back what it keeps only to be quick, and with it what the faces have made of it. */
  releaseMemory(): void;
  /** What those who are streaming are told. */
  readonly live: LiveReads<FeedItem, NoticeView>;
  /** The same reads with the words of vocabularies in this language, and of texts in several the one that is in it. */
  speaking(language: string): Queries;
  actor(key: number): Promise<ActorView | null>;
  actors(keys: readonly number[]): Promise<ReadonlyMap<number, ActorView>>;
  /** The same with those who are out of everybody else's sight; their counts may be old. */
  actorsForStaff(keys: readonly number[]): Promise<ReadonlyMap<number, ActorView>>;
  /** `alice`, `bob@there.example`, with or without an @ in front; null where nobody is known by that name. */
  actorByHandle(handle: string): Promise<ActorView | null>;
  object(key: number, viewer: number | null): Promise<ObjectView | null>;
  /** The same for many; what the viewer may not see is left out. */
  objects(keys: readonly number[], viewer: number | null): Promise<ReadonlyMap<number, ObjectView>>;
  home(viewer: number, page: PageRequest): Promise<Page<FeedItem>>;
  /** Posts and shares of the people in a list of the viewer's (`list` says whether it is). */
  ofList(list: number, viewer: number, page: PageRequest): Promise<Page<FeedItem>>;
  profile(
    actor: number,
    viewer: number | null,
    page: PageRequest,
    options: ProfileOptions,
  ): Promise<Page<FeedItem>>;
  localPublic(viewer: number | null, page: PageRequest, narrowing?: Narrowing): Promise<Page<FeedItem>>;
  /** What is for everybody and has come here from anywhere. */
  everywhere(viewer: number | null, page: PageRequest, narrowing?: Narrowing): Promise<Page<FeedItem>>;
  /** What carries the tag, or one of several. */
  hashtag(
    name: string | readonly string[],
    viewer: number | null,
    page: PageRequest,
    narrowing?: Narrowing,
  ): Promise<Page<FeedItem>>;
  /** What the viewer likes, the last first; the cursor is the activity. */
  liked(viewer: number, page: PageRequest): Promise<Page<FeedItem>>;
  /** What an actor keeps at the top of its page. */
  featured(actor: number, viewer: number | null, page: PageRequest): Promise<Page<FeedItem>>;
  bookmarks(viewer: number, page: PageRequest): Promise<Page<FeedItem>>;
  /** Where conversations begin of which the viewer wants to hear nothing more. */
  mutedThreads(viewer: number, page: PageRequest): Promise<Page<FeedItem>>;
  thread(key: number, viewer: number | null, request?: ThreadRequest): Promise<ThreadView>;
  /** What a thing said before it was edited; null where the viewer may not see it. */
  versions(key: number, viewer: number | null): Promise<VersionsView | null>;
  relationships(viewer: number, others: readonly number[]): Promise<ReadonlyMap<number, Relationship>>;
  /** Of `followers`, `following`, `requests`, `blocked`, `muted`: newest first. */
  people(
    owner: number,
    list: PeopleList,
    page: PageRequest,
    viewer?: number | null,
  ): Promise<Page<ActorView>>;
  notices(viewer: number, page: PageRequest): Promise<Page<NoticeView>>;
  unreadNotices(viewer: number): Promise<number>;
  markNoticesRead(viewer: number, upTo: number): Promise<void>;
  countRequests(viewer: number): Promise<number>;
  /** A page of a collection as documents list it; null where there is no such collection for this viewer. */
  collectionPage(
    owner: Entity,
    name: string,
    viewer: number | null,
    page: Partial<PageRequest> | null,
  ): Promise<CollectionItems | null>;
}
