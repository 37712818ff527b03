/** Notices as the server writes them, where nobody listens and no device is told. */
import { createListeners } from "../core/listeners.ts";
import { createNotify, type Notify } from "../core/notify.ts";
import type { Keys } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";

export const quietNotify = (keys: Keys, log: Log): Notify =>
  createNotify({ newKey: keys.next, listeners: createListeners(log), noticed: () => [] });
