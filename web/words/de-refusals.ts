/** Was der Server ablehnt, auf Deutsch. */
import { accountRefusals } from "./de-refusals-accounts.ts";
import { postRefusals } from "./de-refusals-posts.ts";
import { reasonRefusals } from "./de-refusals-reasons.ts";
import { staffRefusals } from "./de-refusals-staff.ts";
import { refusalsIn } from "./refusals.ts";

export const deRefusal = refusalsIn(
  { ...staffRefusals, ...accountRefusals, ...postRefusals, ...reasonRefusals },
  "Das geht nicht: {}.",
);
