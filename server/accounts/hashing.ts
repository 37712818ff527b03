/** Passwords: argon2id with OWASP's parameters, never more than two at once, and what a new one must be. */
import { Problem } from "../lib/problem.ts";

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
/** Each takes 19 MiB and a core for some 30 ms: two leave room for everything else on a small machine. */
const MAX_AT_ONCE = 2;
/** About three seconds of work; whoever comes after that is asked to come back. */
const MAX_WAITING = 100;
/** NIST SP 800-63B asks for eight; ten keeps out most lists. */
export const MIN_PASSWORD_LENGTH = 10;
/** A long sentence; hashing a megabyte helps nobody. */
export const MAX_PASSWORD_LENGTH = 256;
/** What must be left of it when the name is taken out. */
const MIN_BESIDE_NAME = 6;
/** Fewer different characters than that is one key held down. */
const MIN_DIFFERENT = 4;

export interface PasswordHasher {
  /** A PHC string. Throws Problem `too-many` when too many wait. */
  hash(password: string): Promise<string>;
  /** Whether it is the password; takes as long when `hash` is null. Throws Problem `too-many`. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export function createPasswordHasher(): PasswordHasher {
  const inTurn = createTurns(MAX_AT_ONCE, MAX_WAITING);
  // Verified against when there is no such account, so that the answer takes the same time.
  let decoy: Promise<string> | null = null;
  return {
    hash: (password) => inTurn(() => Bun.password.hash(folded(password), ARGON2)),
    async verify(password, hash) {
      if (password.length > MAX_PASSWORD_LENGTH) return false;
      decoy ??= inTurn(() => Bun.password.hash(crypto.randomUUID(), ARGON2));
      const known = hash ?? (await decoy);
      const isRight = await inTurn(() => Bun.password.verify(folded(password), known));
      return isRight && hash !== null;
    },
  };
}

/** Throws Problem `invalid` at `field` unless this may become somebody's password. */
export function checkNewPassword(password: string, name: string, field = "password"): void {
  const refuse = (sentence: string, reason: string): never => {
    throw new Problem("invalid", sentence, { field, reason });
  };
  if ([...password].length < MIN_PASSWORD_LENGTH) {
    refuse(
      `A password has at least ${MIN_PASSWORD_LENGTH} characters. Four words do well.`,
      "password-short",
    );
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    refuse(`A password has at most ${MAX_PASSWORD_LENGTH} characters.`, "password-long");
  }
  const plain = password.toLowerCase();
  if (name !== "" && plain.replaceAll(name, "").length < MIN_BESIDE_NAME) {
    refuse("The password is too close to your name. Choose another.", "password-like-name");
  }
  if (new Set(plain).size < MIN_DIFFERENT) {
    refuse("This password is easy to guess. Use more different characters.", "password-easy");
  }
}

/** The same password from any keyboard (NIST SP 800-63B §5.1.1.2). */
const folded = (password: string): string => password.normalize("NFKC");

/** Runs `work` when fewer than `atOnce` are running. */
function createTurns(atOnce: number, maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) {
        throw new Problem("too-many", "Too many people are signing in right now. Try again in a moment.", {
          retryAfterSeconds: 5,
          reason: "busy",
        });
      }
      // Whoever leaves hands the place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
