/** A form that is sent with the answer of a passkey; without scripts it stays out of sight. */

/** Somewhat less than what a question is good for, so that one left open is asked anew. */
const ASK_AGAIN_MS = 4.5 * 60_000;

interface Question {
  readonly options: Record<string, unknown>;
  readonly token: string;
  /** Why the device is not even asked. */
  readonly problem?: string;
}

interface Descriptor {
  id: string;
  readonly type: string;
}

export default function mount(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  if (!("credentials" in navigator) || !("PublicKeyCredential" in window)) return;
  const isNew = form.dataset.kind === "create";
  const status = form.querySelector<HTMLElement>("[role=status]");
  let waiting: AbortController | null = null;
  form.hidden = false;
  for (const other of document.querySelectorAll<HTMLElement>("[data-without-passkeys]")) other.hidden = true;

  form.addEventListener("submit", (event) => {
    if (input("credential").value !== "") return;
    event.preventDefault();
    void ask(false);
  });
  if (form.dataset.conditional !== undefined) void offer();

  /** Offered where names are filled in, without a window that nobody asked for. */
  async function offer(): Promise<void> {
    const isKnown = await PublicKeyCredential.isConditionalMediationAvailable?.();
    if (isKnown) await ask(true);
  }

  async function ask(isQuiet: boolean): Promise<void> {
    waiting?.abort();
    const stop = new AbortController();
    waiting = stop;
    const again = isQuiet ? setTimeout(() => void ask(true), ASK_AGAIN_MS) : undefined;
    try {
      if (status !== null && !isQuiet) status.textContent = "";
      const { options, token, problem } = await question();
      if (problem !== undefined) {
        if (status !== null) status.textContent = problem;
        return;
      }
      const publicKey = decoded(options);
      const credential = isNew
        ? await navigator.credentials.create({ publicKey, signal: stop.signal } as CredentialCreationOptions)
        : await navigator.credentials.get({
            publicKey,
            signal: stop.signal,
            ...(isQuiet ? { mediation: "conditional" } : {}),
          } as CredentialRequestOptions);
      if (credential === null) return;
      input("token").value = token;
      input("credential").value = JSON.stringify(encoded(credential as PublicKeyCredential));
      form.submit();
    } catch {
      // @NOTE Stopped for a newer question, or said no to: a window that was closed is no failure of the page.
      if (!stop.signal.aborted && !isQuiet && status !== null) status.textContent = form.dataset.failed ?? "";
    } finally {
      clearTimeout(again);
    }
  }

  async function question(): Promise<Question> {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    const response = await fetch(form.dataset.options ?? "", { method: "POST", body: fields });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  function input(name: string): HTMLInputElement {
    return form.elements.namedItem(name) as HTMLInputElement;
  }
}

/** WebAuthn §5.1.8 and §5.1.9, for browsers that lack them. */
function decoded(options: Record<string, unknown>): object {
  const bytes = (text: unknown): Uint8Array =>
    Uint8Array.from(atob(String(text).replace(/-/g, "+").replace(/_/g, "/")), (letter) =>
      letter.charCodeAt(0),
    );
  const list = (value: unknown): object[] =>
    ((value ?? []) as Descriptor[]).map((one) => ({ ...one, id: bytes(one.id) }));
  const user = options.user as Descriptor | undefined;
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(user === undefined ? {} : { user: { ...user, id: bytes(user.id) } }),
    ...(options.excludeCredentials === undefined
      ? {}
      : { excludeCredentials: list(options.excludeCredentials) }),
    ...(options.allowCredentials === undefined ? {} : { allowCredentials: list(options.allowCredentials) }),
  };
}

/** WebAuthn §5.1.7 (`toJSON`), for browsers that lack it. */
function encoded(credential: PublicKeyCredential): object {
  const text = (buffer: ArrayBuffer): string =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const response = credential.response as Partial<AuthenticatorAttestationResponse> &
    Partial<AuthenticatorAssertionResponse> &
    AuthenticatorResponse;
  const { attestationObject, authenticatorData, signature, userHandle } = response;
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(response.clientDataJSON),
      ...(attestationObject
        ? { attestationObject: text(attestationObject), transports: response.getTransports?.() ?? [] }
        : {}),
      ...(authenticatorData ? { authenticatorData: text(authenticatorData) } : {}),
      ...(signature ? { signature: text(signature) } : {}),
      ...(userHandle ? { userHandle: text(userHandle) } : {}),
    },
  };
}
