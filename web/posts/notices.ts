/** The form on the page of notices: everything up to one of them is read. */
import { parseKey } from "../../server/lib/id.ts";
import { NOTICES } from "../forms.ts";
import { goTo, type Post } from "./answer.ts";

export const markNotices: Post = async ({ queries, live }, { viewer }, fields) => {
  const upTo = parseKey(fields.get(NOTICES.fields.upTo));
  if (viewer && upTo !== null) {
    await queries.markNoticesRead(viewer.actorKey, upTo);
    live.tell(viewer.actorKey, { name: "notices-read", about: null, detail: null });
  }
  return goTo(NOTICES.path);
};
