/** Switches on and off whether this device is told of notices while no page is open. */

export default function mount(element: HTMLElement): void {
  const { worker = "", key = "", on = "", off = "", denied = "" } = element.dataset;
  const form = element.querySelector("form");
  const button = element.querySelector("button");
  const status = element.querySelector("[role=status]");
  if (!form || !button || !status || !("serviceWorker" in navigator) || !("PushManager" in window)) return;

  async function subscription(): Promise<PushSubscription | null> {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    return (await registration?.pushManager.getSubscription()) ?? null;
  }

  async function show(): Promise<void> {
    const isOn = (await subscription()) !== null;
    if (button) button.textContent = isOn ? off : on;
    element.hidden = false;
  }

  async function change(): Promise<void> {
    const before = await subscription();
    if (before !== null) {
      await before.unsubscribe();
      return send({});
    }
    await navigator.serviceWorker.register(worker);
    const { pushManager } = await navigator.serviceWorker.ready;
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint = "", keys = {} } = made.toJSON();
    try {
      await send({ endpoint, ...keys });
    } catch (error) {
      // A subscription that the server does not know would be a switch that lies.
      await made.unsubscribe();
      throw error;
    }
  }

  async function send(fields: Readonly<Record<string, string>>): Promise<void> {
    const body = new URLSearchParams(fields);
    for (const [name, value] of new FormData(form ?? undefined)) body.append(name, String(value));
    const response = await fetch(form?.action ?? "", { method: "POST", body });
    if (!response.ok) throw new Error("The server did not take it.");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = "";
    change()
      .then(show)
      .catch(() => {
        status.textContent = denied;
      })
      .finally(() => {
        button.disabled = false;
      });
  });
  void show();
}
