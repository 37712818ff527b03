/** A form with files tells how far it is; what is wrong is said beside the files, which stay chosen. */

export default function mount(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const foot = form.querySelector(".composer-foot");
  if (foot === null) return;
  const { sending = "", sent = "", notSent = "" } = form.dataset;
  const chosen = () =>
    [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].some(({ files }) => files?.length);

  form.addEventListener("submit", (event) => {
    if (!chosen()) return;
    event.preventDefault();
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    const told = document.createElement("output");
    told.className = "small quiet";
    const row = document.createElement("div");
    row.className = "upload-progress";
    row.append(bar, told);
    foot.before(row);
    const button = event.submitter as HTMLButtonElement | null;
    if (button) button.disabled = true;

    const stop = (why: string) => {
      row.remove();
      if (button) button.disabled = false;
      complain(form, why);
    };
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = Math.floor((loaded / total) * 100);
      told.value = loaded < total ? sending.replace("0", String(bar.value)) : sent;
    });
    request.addEventListener("load", () => {
      const goTo = request.status === 200 ? goal(request.responseText) : null;
      if (goTo !== null) {
        // To the very page that is shown already a fragment alone would lead nowhere.
        if (goTo === location.pathname + location.search) location.reload();
        else location.assign(goTo);
      } else {
        takeToken(form, request.responseText);
        stop(problemIn(request.responseText) ?? notSent);
      }
    });
    request.addEventListener("error", () => stop(notSent));
    request.addEventListener("abort", () => stop(notSent));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
  });
}

function goal(answer: string): string | null {
  try {
    const { goTo } = JSON.parse(answer);
    return typeof goTo === "string" ? goTo : null;
  } catch {
    return null;
  }
}

/** Whoever signed in anew has another token, which the page that came back knows. */
function takeToken(form: HTMLFormElement, answer: string): void {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const fresh = page.querySelector<HTMLInputElement>(".composer input[name=csrf]");
  const own = form.querySelector<HTMLInputElement>("input[name=csrf]");
  if (fresh && own) own.value = fresh.value;
}

/** The sentence in the page that a browser without scripts would show. */
function problemIn(answer: string): string | null {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const said = page.querySelector(".form-problem a, .form-problem p, .problem p, main p");
  return said?.textContent?.trim() || null;
}

function complain(form: HTMLFormElement, why: string): void {
  const box = form.querySelector(".form-problem") ?? document.createElement("div");
  box.className = "form-problem";
  box.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = why;
  box.replaceChildren(sentence);
  form.prepend(box);
  box.scrollIntoView({ block: "nearest" });
}
