/** Cards that are made once for each view, and put into every page that shows it again. */
import type { ActorView, ObjectView } from "../../server/queries/view.ts";
import type { Html } from "../html.ts";
import { fill, type Kept, keep } from "../kept.ts";
import type { PageContext } from "../page.ts";
import { type ObjectCardProps, objectCard } from "./object-card.ts";
import { nearTime } from "./time.ts";

/** A signed-in reader and a visitor, a feed and a thread: more forms of one card are not worth keeping. */
const MAX_FORMS = 4;

interface Form {
  readonly name: string;
  readonly sharedBy: ActorView | null;
  readonly card: Kept;
}

/** `queries/same-views.ts` gives the same view as long as nothing in it changes. */
const kept = new WeakMap<ObjectView, readonly Form[]>();

/** As `objectCard`. */
export function keptCard(context: PageContext, props: ObjectCardProps): Html {
  const { view } = props;
  // What polls and events show hangs on the time in more than one place.
  if (view.poll !== null || view.event !== null || view.isDeleted) return objectCard(context, props);
  return fill(formOf(context, props), context);
}

function formOf(context: PageContext, props: ObjectCardProps): Kept {
  const { view, as = "feed", showsParent = true, isInItsGroup = false, sharedBy = null } = props;
  const reader = context.viewer === null ? "visitor" : "reader";
  const name = `${context.language} ${reader} ${as} ${showsParent} ${isInItsGroup} ${nearTime(context, view.publishedMs)}`;
  const forms = kept.get(view) ?? [];
  const known = forms.find((form) => form.name === name && form.sharedBy === sharedBy);
  if (known) return known.card;
  const card = keep(context, (anyContext) => objectCard(anyContext, props));
  kept.set(view, [{ name, sharedBy, card }, ...forms.slice(0, MAX_FORMS - 1)]);
  return card;
}
