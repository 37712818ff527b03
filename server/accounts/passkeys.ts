/** Passkeys (WebAuthn Level 3): added, shown to sign in, renamed, taken away. */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from "@simplewebauthn/server";
import { holdActor } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { isJsonObject, type JsonObject, parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { newToken, sha256 } from "../lib/secret.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { tellAccessEnded } from "./access-ended.ts";
import type { Account, Origin } from "./account.ts";
import type { Factors } from "./factors.ts";
import { newSheet } from "./paper.ts";
import { type JoinRequest, NOBODY_VOUCHES, type SignUp } from "./sign-up.ts";
import type { StepPurpose, Steps } from "./steps.ts";
import { findAccount } from "./store.ts";
import { countFactors, dropIdleRecoveryCodes } from "./store-factors.ts";
import {
  deletePasskey,
  findPasskey,
  insertPasskey,
  listPasskeys,
  type PasskeyRow,
  renamePasskey,
  usePasskey,
} from "./store-passkeys.ts";
import { deleteSessions } from "./store-sessions.ts";

/** What browsers wait by themselves, at most; the challenge is good for no longer. */
const CEREMONY_MS = 5 * 60 * 1000;
/** Telephones, tablets, a key on the ring, and some that are lost. */
export const MAX_PASSKEYS = 20;
const MAX_NAME_LENGTH = 60;
/** An answer has some kilobytes; those that bring certificates, a few more. */
const MAX_ANSWER_LENGTH = 64 * 1024;
/** WebAuthn §5.8.3: 1023 bytes, in base64url. */
const MAX_ID_LENGTH = 1_364;
/** WebAuthn §5.8.4 knows six ways to a device; what browsers may add is as short. */
const MAX_TRANSPORTS = 10;
const MAX_TRANSPORT_LENGTH = 32;
/** EdDSA, ES256 and RS256: what all authenticators in use speak between them. */
const ALGORITHMS = [-8, -7, -257];

/** A question for the browser, and what it belongs to. */
export interface Ceremony<Options> {
  readonly options: Options;
  /** Sent back with the answer. */
  readonly token: string;
}

export interface NewPasskey {
  /** The sheet of codes on paper, where there was none. */
  readonly recovery: readonly string[] | null;
}

export interface Passkeys {
  /** Oldest first. */
  list(account: number): Promise<readonly PasskeyRow[]>;
  beginNew(account: Account): Promise<Ceremony<PublicKeyCredentialCreationOptionsJSON>>;
  /** `answer` is the credential as JSON. Ends other sessions. Throws Problem `invalid`, `conflict`, `gone`. */
  finishNew(
    account: Account,
    answer: { readonly token: string; readonly credential: string; readonly name: string },
    sessionKey: number,
  ): Promise<NewPasskey>;
  /** To join without a password. Throws Problem `invalid` or `conflict` where the name cannot be had. */
  beginJoin(name: string): Promise<Ceremony<PublicKeyCredentialCreationOptionsJSON>>;
  /** By the rules for joining, with a sheet of codes. Throws as signing up does, and as `finishNew`. */
  finishJoin(
    answer: { readonly token: string; readonly credential: string },
    request: JoinRequest,
    origin: Origin,
  ): Promise<{ readonly account: Account; readonly recovery: readonly string[] }>;
  /** For nobody in particular, so that the device offers all that it has for this server. */
  beginSignIn(): Promise<Ceremony<PublicKeyCredentialRequestOptionsJSON>>;
  /** For somebody who is known: to answer the second question, or to say once more who they are. */
  beginAgain(account: Account): Promise<Ceremony<PublicKeyCredentialRequestOptionsJSON>>;
  /** Whose passkey was shown. Throws Problem `unauthenticated` or `gone`. */
  finishSignIn(answer: { readonly token: string; readonly credential: string }): Promise<Account>;
  /** Throws the same, and where it is not this account's. */
  finishAgain(
    account: Account,
    answer: { readonly token: string; readonly credential: string },
  ): Promise<void>;
  rename(account: Account, key: number, name: string): Promise<void>;
  /** Ends other sessions. Throws Problem `conflict` where it is the only way in. */
  remove(account: Account, key: number, sessionKey: number): Promise<void>;
}

export function createPasskeys(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  steps: Steps;
  factors: Factors;
  /** Scheme, host and port of this server. */
  origin: string;
  siteName: () => string;
  signUp: SignUp;
}): Passkeys {
  const { db, now, keys, steps, factors, origin, siteName, signUp } = deps;
  /** WebAuthn §5.1.2: the domain alone. It never changes, as no address of this server does. */
  const rpID = new URL(origin).hostname;

  /** The challenge is the token, so that one row holds both. */
  async function begin<Options>(
    purpose: StepPurpose,
    account: number | null,
    make: (challenge: Uint8Array<ArrayBuffer>) => Promise<Options>,
    more: JsonObject = {},
  ): Promise<Ceremony<Options>> {
    const challenge = newToken();
    const data = { ...more, challenge };
    const step = await steps.begin(purpose, CEREMONY_MS, { ...(account === null ? {} : { account }), data });
    return { token: step.token, options: await make(Uint8Array.from(Buffer.from(challenge, "base64url"))) };
  }

  async function stepOf(purpose: StepPurpose, token: string, account: number | null): Promise<JsonObject> {
    const step = await steps.take(purpose, token);
    if (step === null || step.account !== account || !isJsonObject(step.data)) throw tooLate();
    return step.data;
  }

  const challengeOf = async (...step: Parameters<typeof stepOf>): Promise<string> =>
    String((await stepOf(...step)).challenge);

  /** WebAuthn §5.4: one that the device keeps, and opens for its owner alone. */
  const creation = (
    purpose: StepPurpose,
    account: number | null,
    name: string,
    known: readonly PasskeyRow[],
    more: JsonObject = {},
  ): Promise<Ceremony<PublicKeyCredentialCreationOptionsJSON>> =>
    begin(
      purpose,
      account,
      async (challenge) =>
        (await webauthn()).generateRegistrationOptions({
          rpName: siteName(),
          rpID,
          challenge,
          userName: name,
          userDisplayName: name,
          userID: Uint8Array.from(Buffer.from(userHandle(name), "base64url")),
          timeout: CEREMONY_MS,
          attestationType: "none",
          supportedAlgorithmIDs: ALGORITHMS,
          excludeCredentials: known.map((row) => ({ id: row.credential, transports: transportsOf(row) })),
          authenticatorSelection: { residentKey: "required", userVerification: "required" },
        }),
      more,
    );

  /** WebAuthn §7.1: what is stored of a new one, but for whose it is. */
  async function created(challenge: string, text: string) {
    const response = readCredential(text);
    const info = await asAnswer(async () => {
      const { registrationInfo } = await (await webauthn()).verifyRegistrationResponse({
        response: response as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      });
      return registrationInfo ?? null;
    });
    const { credential } = info;
    if (credential.id.length > MAX_ID_LENGTH) throw badAnswer();
    const transports = (credential.transports ?? []).filter(
      (way) => typeof way === "string" && way.length <= MAX_TRANSPORT_LENGTH,
    );
    return {
      key: keys.next(),
      credential: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString("base64url"),
      counter: credential.counter,
      transports: JSON.stringify(transports.slice(0, MAX_TRANSPORTS)),
      backup: backupOf(info.credentialDeviceType, info.credentialBackedUp),
      createdMs: now(),
    };
  }

  /** WebAuthn §5.5. Made without the library: pages for signing in ask for it as they open, used or not. */
  const request = (purpose: StepPurpose, account: number | null, known: readonly PasskeyRow[]) =>
    begin(purpose, account, async (challenge) => ({
      rpId: rpID,
      challenge: Buffer.from(challenge).toString("base64url"),
      userVerification: "required" as const,
      timeout: CEREMONY_MS,
      allowCredentials: known.map((row) => ({
        id: row.credential,
        type: "public-key" as const,
        transports: transportsOf(row),
      })),
    }));

  /** WebAuthn §7.2. */
  async function shown(challenge: string, text: string): Promise<PasskeyRow> {
    const response = readCredential(text);
    const passkey = await findPasskey(db, String(response.id));
    if (passkey === null) throw unknownPasskey();
    const handle = isJsonObject(response.response) ? response.response.userHandle : undefined;
    const owner = await findAccount(db, passkey.account);
    if (owner === null) throw unknownPasskey();
    if (handle !== undefined && handle !== null && handle !== userHandle(owner.name)) throw badAnswer();
    const info = await asAnswer(async () => {
      const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
        response: response as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpID,
        credential: credentialOf(passkey),
        requireUserVerification: true,
      });
      return verified ? authenticationInfo : null;
    });
    const backup = backupOf(info.credentialDeviceType, info.credentialBackedUp);
    const used = usePasskey(passkey.key, { counter: info.newCounter, backup, nowMs: now() });
    await db.batch([expecting(1, used, badAnswer)]);
    return passkey;
  }

  return {
    list: (account) => listPasskeys(db, account),
    beginNew: async (account) =>
      creation("passkey-new", account.key, account.name, await listPasskeys(db, account.key)),
    async beginJoin(name) {
      const plain = await signUp.freeName(name);
      return creation("passkey-join", null, plain, [], { name: plain });
    },
    async finishNew(account, answer, sessionKey) {
      const { challenge } = await stepOf("passkey-new", answer.token, account.key);
      const made = await created(String(challenge), answer.credential);
      const sheet = await factors.firstRecovery(account.key);
      const passkey = { ...made, account: account.key, name: parsePasskeyName(answer.name) };
      try {
        await db.batch([
          holdActor(account.key),
          expecting(1, insertPasskey(passkey, MAX_PASSKEYS), tooManyPasskeys),
          ...sheet.statements,
          countFactors(account.key),
          deleteSessions(account.key, sessionKey),
        ]);
      } catch (error) {
        throw error instanceof Problem && error.code === "conflict" ? takenPasskey() : error;
      }
      tellAccessEnded(db, { account: account.key, exceptSession: sessionKey });
      return { recovery: sheet.codes };
    },
    async finishJoin(answer, request, from) {
      const { challenge, name } = await stepOf("passkey-join", answer.token, null);
      const made = await created(String(challenge), answer.credential);
      // The device keeps it under the name that it was made for.
      let recovery: readonly string[] = [];
      const account = await signUp.join({ ...request, name: String(name) }, NOBODY_VOUCHES, from, (key) => {
        const sheet = newSheet(key);
        recovery = sheet.codes;
        const passkey = insertPasskey({ ...made, account: key, name: "" }, MAX_PASSKEYS);
        return [passkey, ...sheet.statements, countFactors(key)];
      });
      return { account, recovery };
    },
    beginSignIn: () => request("passkey-in", null, []),
    beginAgain: async (account) => request("passkey-again", account.key, await listPasskeys(db, account.key)),
    async finishSignIn({ token, credential }) {
      const passkey = await shown(await challengeOf("passkey-in", token, null), credential);
      const account = await findAccount(db, passkey.account);
      if (account === null) throw unknownPasskey();
      return account;
    },
    async finishAgain(account, { token, credential }) {
      const passkey = await shown(await challengeOf("passkey-again", token, account.key), credential);
      if (passkey.account !== account.key) throw badAnswer();
    },
    async rename(account, key, name) {
      await db.batch([expecting(1, renamePasskey(account.key, key, parsePasskeyName(name)), goneAlready)]);
    },
    async remove(account, key, sessionKey) {
      const statements: readonly Sql[] = [
        holdActor(account.key),
        expecting(1, deletePasskey(account.key, key), onlyWayIn),
        countFactors(account.key),
        dropIdleRecoveryCodes(account.key),
        deleteSessions(account.key, sessionKey),
      ];
      await db.batch(statements);
      tellAccessEnded(db, { account: account.key, exceptSession: sessionKey });
    },
  };
}

/**
 * Loaded when somebody first uses a passkey: it takes a tenth of a second and some megabytes.
 * @NOTE One of its parts reads the `Reflect` of that other package while it loads, and a bundle does not keep their order.
 */
async function webauthn(): Promise<typeof import("@simplewebauthn/server")> {
  await import("reflect-metadata");
  return import("@simplewebauthn/server");
}

/** What the library throws says what is wrong with the answer; it is no fault of ours. */
async function asAnswer<T>(work: () => Promise<T | null>): Promise<T> {
  let answer: T | null;
  try {
    answer = await work();
  } catch (error) {
    throw new Problem("unauthenticated", BAD_ANSWER, { reason: "passkey-refused" }, { cause: error });
  }
  if (answer === null) throw badAnswer();
  return answer;
}

function readCredential(text: string): JsonObject {
  const credential = text.length > MAX_ANSWER_LENGTH ? null : parseJson(text);
  if (!isJsonObject(credential)) throw badAnswer();
  return credential;
}

const credentialOf = (row: PasskeyRow): WebAuthnCredential => ({
  id: row.credential,
  publicKey: Uint8Array.from(Buffer.from(row.publicKey, "base64url")),
  counter: row.counter,
  transports: transportsOf(row),
});

const transportsOf = ({ transports }: PasskeyRow): string[] => {
  const list = parseJson(transports);
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
};

/** WebAuthn §6.1.3: the flags BE and BS. */
const backupOf = (device: "singleDevice" | "multiDevice", isBackedUp: boolean): PasskeyRow["backup"] =>
  device === "singleDevice" ? "never" : isBackedUp ? "done" : "possible";

/** WebAuthn §5.4.3: of the name, which never changes; known before there is an account, and no name itself. */
const userHandle = (name: string): string => sha256(`passkey of ${name}`);

function parsePasskeyName(text: string): string {
  const name = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  if ([...name].length > MAX_NAME_LENGTH) {
    throw new Problem("invalid", `A name has at most ${MAX_NAME_LENGTH} characters.`, {
      field: "name",
      reason: "passkey-name",
    });
  }
  return name;
}

const BAD_ANSWER = "Your device's answer is not right. Try again.";
const badAnswer = (): Problem => new Problem("unauthenticated", BAD_ANSWER, { reason: "passkey-refused" });

const unknownPasskey = (): Problem =>
  new Problem(
    "unauthenticated",
    "This passkey is not known here, or not any more. Sign in in another way, and take it off your device.",
    { reason: "passkey-unknown" },
  );

const tooLate = (): Problem => new Problem("gone", "That took too long. Try again.", { reason: "step-over" });

const tooManyPasskeys = (): Problem =>
  new Problem("invalid", `You have ${MAX_PASSKEYS} passkeys. Take one away first.`, {
    reason: "too-many-passkeys",
  });

const takenPasskey = (): Problem =>
  new Problem("conflict", "This passkey is known here already.", { reason: "passkey-taken" });

const goneAlready = (): Problem =>
  new Problem("not-found", "This passkey is gone already.", { reason: "passkey-unknown" });

const onlyWayIn = (): Problem =>
  new Problem("conflict", "You could not sign in any more. Set a password or add another passkey first.", {
    reason: "only-way-in",
  });
