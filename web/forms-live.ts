/** The contract between the page that switches notices on this device on and off, and what does it. */

/** Without an endpoint: no more. The other fields are those of a push subscription (Push API §9). */
export const PUSH = {
  path: "/push",
  fields: { endpoint: "endpoint", publicKey: "p256dh", auth: "auth" },
} as const;

/** At the root, as a service worker sees what lies below its own address. */
export const PUSH_WORKER_PATH = "/push-worker.js";
