/** Lists of people. */
import type { ListView } from "../../../queries/view.ts";
import { idOf } from "../ids.ts";

export const listOf = (view: ListView): object => ({
  id: idOf(view.key),
  title: view.title,
  replies_policy: view.replies,
  exclusive: view.isExclusive,
});
