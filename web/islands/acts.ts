/** Liking, boosting, keeping and reacting change the card where it is: the form is sent, and its card taken from the answer. */

const IN_PLACE = ".action, .reaction, .reaction-choice";

export default function mount(root: HTMLElement): void {
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const button = event.submitter as HTMLButtonElement | null;
    if (!form.matches(".card-actions") || !button?.matches(IN_PLACE)) return;
    event.preventDefault();
    button.disabled = true;
    act(form, button).catch(() => sendPlainly(form, button));
  });
}

async function act(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const body = new FormData(form);
  body.append(button.name, button.value);
  const fields = [...body].map(([name, value]) => [name, String(value)]);
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const card = form.closest("article");
  const fresh = card && answer.getElementById(card.id);
  if (!response.ok || !card || !fresh) throw new Error("The answer has no such card.");
  const kind = button.matches(".action") ? ".action" : ".menu-button";
  const place = [...form.querySelectorAll(kind)].indexOf(button);
  card.replaceWith(fresh);
  fresh.querySelectorAll<HTMLElement>(`.card-actions ${kind}`)[Math.max(place, 0)]?.focus();
}

/** As without scripts: the browser sends the form and shows what comes back. */
function sendPlainly(form: HTMLFormElement, button: HTMLButtonElement): void {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = button.name;
  field.value = button.value;
  form.append(field);
  form.submit();
}
