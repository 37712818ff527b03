/** What a report is: a matter about one actor, the voices in it, and what was said at the time. */
import type { PageRequest } from "../lib/page.ts";

/** Why somebody reports. */
export const CATEGORIES = ["spam", "rule", "illegal", "other"] as const;
export type Category = (typeof CATEGORIES)[number];

export const isCategory = (word: unknown): word is Category => CATEGORIES.some((each) => each === word);

/** `open` waits for somebody; `resolved` led to something, `dismissed` did not. */
export const REPORT_STATES = ["open", "assigned", "resolved", "dismissed"] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** Whose reports, in which states, and which page of them. */
export interface ReportsAsked extends PageRequest {
  readonly states?: readonly ReportState[];
  readonly about?: number;
  readonly notAbout?: number;
  /** Groups whose reports are asked for; all where it is left out. */
  readonly places?: readonly number[];
  /** Somebody who has a voice in them. */
  readonly reporter?: number;
}

export interface ReportLine {
  /** Its time (`timeOfKey`) and the cursor. */
  readonly key: number;
  /** The actor whom it is about. */
  readonly about: number;
  /** The group whose moderators see it, or null. */
  readonly place: number | null;
  readonly category: Category;
  readonly state: ReportState;
  readonly assignee: number | null;
  /** What those who reported it were told. */
  readonly outcome: string | null;
  readonly changedMs: number;
  readonly complaints: number;
}

export interface Complaint {
  /** Key of the Flag; its time. */
  readonly activity: number;
  /** Somebody here, or whoever speaks for another server. */
  readonly reporter: number;
  readonly category: Category;
  readonly rule: string | null;
  /** Plain text. */
  readonly comment: string;
  readonly wasForwarded: boolean;
}

/** A post as it was when it was reported. */
export interface Evidence {
  readonly object: number;
  readonly iri: string;
  readonly takenMs: number;
  readonly isDeleted: boolean;
  /** Out of sight by the staff's will. */
  readonly isHidden: boolean;
  readonly content: EvidenceContent;
}

export interface EvidenceContent {
  readonly name: string | null;
  readonly summary: string | null;
  /** HTML as it was stored: to be cleaned before it is shown. */
  readonly content: string | null;
  readonly media: readonly { readonly url: string; readonly text: string }[];
}

export interface ReportNote {
  readonly key: number;
  readonly author: number;
  readonly text: string;
}

export interface ReportFile extends ReportLine {
  readonly voices: readonly Complaint[];
  readonly evidence: readonly Evidence[];
  readonly notes: readonly ReportNote[];
}
