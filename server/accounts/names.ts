/** What a person may be called here, and which e-mail addresses look like one. */
import { Problem } from "../lib/problem.ts";

/** Peers cut longer names off, and `@name@host` must fit on a phone's line. */
export const MAX_NAME_LENGTH = 30;
/** RFC 5321 §4.5.3.1.3: a path has 256 characters, two of them brackets. */
const MAX_EMAIL_LENGTH = 254;
/** A line of a card; peers cut at about the same. */
export const MAX_DISPLAY_NAME_LENGTH = 60;

/** Names with which somebody could pass for the server or its staff (RFC 2142 among them). */
const RESERVED: ReadonlySet<string> = new Set(
  `about abuse account accounts activities actor actors admin administrator administrators admins all anonymous
   api assets auth bot bots commons contact everybody everyone feedback followers following guest help here home
   host hostmaster inbox info instance invite invitation login logout mail mailer me media moderation moderator
   moderators news noc nobody noreply no_reply null oauth objects official outbox owner postmaster privacy public
   relay report reports root rules search security self server service settings setup shared_inbox sign_in sign_out
   sign_up signin signout signup staff static status support system sysadmin team test tos undefined unknown user
   users web webmaster www you`.split(/\s+/),
);

/**
 * The name in the form in which it is kept: lower case, no `@` before it.
 * Throws Problem `invalid` at field `name`. Reserved names pass only for the staff (`mayBeReserved`).
 */
export function parseName(text: string, mayBeReserved = false): string {
  const name = text.trim().replace(/^@/, "").toLowerCase();
  const refuse = (sentence: string, reason: string): never => {
    throw new Problem("invalid", sentence, { field: "name", reason });
  };
  if (name === "") refuse("Choose a name.", "name-missing");
  if (name.length > MAX_NAME_LENGTH) {
    refuse(`A name has at most ${MAX_NAME_LENGTH} characters.`, "name-too-long");
  }
  if (!/^[a-z0-9_]+$/.test(name)) {
    refuse("A name has only the letters a to z, digits and the underscore.", "name-characters");
  }
  if (!mayBeReserved && RESERVED.has(name)) {
    refuse("This name is kept for the server itself. Choose another.", "name-reserved");
  }
  return name;
}

/** Lower case, or null for nothing. Throws Problem `invalid` at field `email`. */
export function parseEmail(text: string | null | undefined): string | null {
  const email = (text ?? "").trim().toLowerCase();
  if (email === "") return null;
  if (
    email.length > MAX_EMAIL_LENGTH ||
    !/^[^\s@<>"(),:;\\[\]\p{C}]+@[^\s@<>"(),:;\\[\]\p{C}]+$/u.test(email)
  ) {
    throw new Problem("invalid", "This is not an e-mail address. It looks like name@school.example.", {
      field: "email",
      reason: "email-malformed",
    });
  }
  return email;
}

/** The name shown, possibly empty. Throws Problem `invalid` at field `displayName`. */
export function parseDisplayName(text: string | null | undefined): string {
  const name = (text ?? "").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  if ([...name].length > MAX_DISPLAY_NAME_LENGTH) {
    throw new Problem("invalid", `The name shown has at most ${MAX_DISPLAY_NAME_LENGTH} characters.`, {
      field: "displayName",
      reason: "display-name-too-long",
    });
  }
  return name;
}
