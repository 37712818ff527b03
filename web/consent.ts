/** What the pages about apps ask of the OAuth provider, which is a sibling and comes through `app.ts`. */

export type Asked =
  | {
      readonly kind: "ask";
      readonly client: { readonly name: string; readonly website: string | null };
      readonly scopes: readonly string[];
      readonly returnsTo: string;
      readonly formTarget: string | null;
      readonly fields: readonly (readonly [name: string, value: string])[];
    }
  | { readonly kind: "refused"; readonly message: string; readonly to: string | null };

export type Answered =
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "denied" };

export interface Consent {
  describe(params: URLSearchParams, account: ConsentAccount): Promise<Asked>;
  approve(params: URLSearchParams, account: ConsentAccount): Promise<Answered>;
  deny(params: URLSearchParams): Promise<Answered>;
}

interface ConsentAccount {
  readonly key: number;
  readonly role: "admin" | "moderator" | "teacher" | "member";
  readonly state: "pending" | "active" | "disabled";
}

/** The apps that a person let in, and the end of one. */
export interface Apps {
  list(account: number): Promise<
    readonly {
      readonly key: number;
      readonly clientName: string;
      readonly clientWebsite: string | null;
      readonly scopes: readonly string[];
      readonly createdMs: number;
      readonly seenMs: number | null;
    }[]
  >;
  /** Throws Problem `not-found` unless it is theirs. */
  byPerson(account: number, consent: number): Promise<void>;
}
