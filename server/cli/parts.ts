/** What commands need of the rest of the program, as functions that `program.ts` gives and tests imitate. */
import type { Accounts } from "../accounts/accounts.ts";
import type { Groups } from "../accounts/groups.ts";
import type { Leaving } from "../accounts/leaving.ts";
import type { Log } from "../lib/log.ts";
import type { Domains } from "../moderation/domains.ts";
import type { Tokens } from "../oauth/provider/tokens.ts";
import type { SearchFeed } from "../search/feed.ts";
import type { Config } from "../settings.ts";

export interface Actors {
  readonly groups: Pick<Groups, "list" | "entrust">;
  readonly leaving: Pick<Leaving, "leave">;
}

/** The program with its database open, serving nobody and working on no job. */
export interface OpenedApp {
  readonly accounts: Pick<Accounts, "people" | "create" | "passwords" | "factors" | "claim">;
  readonly domains: Domains;
  createToken: Tokens["create"];
  /** Promises new keys to an actor here. @throws Problem `not-found`. */
  rotateKeys(name: string): Promise<void>;
  /** Keeps pictures of other servers to their quota, or drops all of them; gives what was dropped. */
  prunePictures(isAll: boolean): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Drops files of people here that nothing needs; gives what was dropped. */
  clearFiles(): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Carries people's files into the bucket; gives how many. @throws Problem `invalid` where there is none. */
  moveFiles(): Promise<number>;
  /** Does something in the name of groups and people who live here, which others are told by the server that runs. */
  withActors<T>(use: (does: Actors) => Promise<T>): Promise<T>;
  /** The index of words. */
  readonly search: Pick<SearchFeed, "rebuild" | "drain">;
  stop(): Promise<void>;
}

/** The program at work: it listens, delivers and replicates. */
export interface RunningApp extends OpenedApp {
  /** Gives back memory that is kept only to be quick. */
  releaseMemory(): void;
  /** Finishes the requests under way, leaves jobs for the next start, and closes everything. */
  stop(): Promise<void>;
}

export interface Parts {
  /** Opens the database, migrated to this program's schema. */
  open(config: Config, log: Log): Promise<OpenedApp>;
  /** Opens everything and listens; throws Problem where that cannot be. */
  start(config: Config, log: Log): Promise<RunningApp>;
}
