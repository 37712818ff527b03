/** Runs in the browser while no page is open: shows what a push service brings, and opens the page that it is about. */

/** What the server sends (`api/mastodon/push-words.ts`). */
interface Told {
  readonly title: string;
  readonly body: string;
  readonly icon: string;
  readonly url: string;
  readonly notification_id: number;
}

/** What a service worker has that a window has not. */
interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { openWindow(url: string): Promise<unknown> };
  addEventListener(name: "push", heard: (event: Pushed) => void): void;
  addEventListener(name: "notificationclick", heard: (event: Clicked) => void): void;
}

interface Pushed {
  readonly data: { json(): unknown } | null;
  waitUntil(work: Promise<unknown>): void;
}

interface Clicked {
  readonly notification: Notification;
  waitUntil(work: Promise<unknown>): void;
}

/** Called with the service worker's own scope where the file is served. */
export default function start(worker: Worker): void {
  worker.addEventListener("push", (event) => {
    const { title, body, icon, url, notification_id: id } = (event.data?.json() ?? {}) as Told;
    if (!title) return;
    event.waitUntil(
      worker.registration.showNotification(title, { body, icon, data: url, tag: `notice-${id}` }),
    );
  });

  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    // Nothing but our own pages: what came was sealed for this device, and even so.
    const url = new URL(String(event.notification.data), location.origin);
    if (url.origin === location.origin) event.waitUntil(worker.clients.openWindow(url.href));
  });
}
