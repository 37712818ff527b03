/** One-time links that commands print for a person to open. */
import { RESET, SETUP } from "../../web/forms.ts";

/** The page that makes the admin account. */
export const claimLink = (origin: string, token: string): string => linkTo(origin, SETUP, token);

/** The page that sets a new password. */
export const resetLink = (origin: string, token: string): string => linkTo(origin, RESET, token);

type Form = { readonly path: string; readonly fields: { readonly token: string } };

const linkTo = (origin: string, form: Form, token: string): string =>
  `${origin}${form.path}?${new URLSearchParams({ [form.fields.token]: token })}`;
