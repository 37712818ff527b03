/** The form on the page of notices: everything up to one of them is read. */
import { NOTICES } from "../forms.ts";
import { goTo, type Post } from "./answer.ts";

export const markNotices: Post = async ({ queries, live }, { viewer }, fields) => {
  if (viewer) {
    await queries.markNoticesRead(viewer.actorKey, Number(fields.get(NOTICES.fields.upTo)));
    live.tell(viewer.actorKey, { name: "notices-read", about: null, detail: null });
  }
  return goTo(NOTICES.path);
};
