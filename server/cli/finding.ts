/** What a check of `commons doctor` found, and how to say it. */

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
