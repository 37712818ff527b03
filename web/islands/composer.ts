/** The composer tells when room gets short, and posts with Ctrl and Enter. */

/** From here on it is worth knowing how much is left. */
const SHORT_CHARACTERS = 500;

export default function mount(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const text = form.querySelector("textarea");
  const foot = form.querySelector(".composer-foot");
  if (text === null || foot === null) return;

  const counter = document.createElement("output");
  counter.className = "composer-counter";
  foot.prepend(counter);

  const tell = () => {
    const left = text.maxLength - text.value.length;
    counter.value = left < SHORT_CHARACTERS ? (form.dataset.left ?? "").replace("0", String(left)) : "";
  };
  text.addEventListener("input", tell);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  tell();
}
