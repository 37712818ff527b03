/** What a check of `commons doctor` found, and how to say it. */
import { refusalOf } from "./refused.ts";

export interface Finding {
  readonly state: "good" | "warning" | "bad";
  /** How it is. */
  readonly says: string;
  /** What to do, where it is not well. */
  readonly todo?: string;
}

export interface Check {
  readonly name: string;
  look(): Promise<Finding>;
}

export const good = (says: string): Finding => ({ state: "good", says });
export const warning = (says: string, todo: string): Finding => ({ state: "warning", says, todo });
export const bad = (says: string, todo: string): Finding => ({ state: "bad", says, todo });

export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** What was thrown as a finding: a refusal says what is wrong in its first sentence, and what to do in the rest. */
export function thrown(error: unknown): Finding {
  const refusal = refusalOf(error);
  if (refusal === null) return bad(`The check itself failed: ${sentenceOf(error)}`, "Report this.");
  const [says, todo] = refusal.message.split(/(?<=\.) (.*)/s);
  return { state: "bad", says: says ?? refusal.message, ...(todo ? { todo } : {}) };
}
