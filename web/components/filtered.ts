/** What the viewer's filters do with a thing. */
import type { FilterMatch, ObjectView } from "../../server/queries/view.ts";

/** The filters behind whose names it stands; those that only cover its pictures have done so already. */
export const standingBehind = ({ filtered = [] }: ObjectView): readonly FilterMatch[] =>
  filtered.filter(({ action }) => action !== "blur");
