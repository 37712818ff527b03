/** The toast goes at once when it is closed, without loading the page again. */

export default function mount(element: HTMLElement): void {
  const close = element.querySelector<HTMLElement>(".toast-close");
  close?.addEventListener("click", (event) => {
    event.preventDefault();
    element.remove();
  });
  element.ownerDocument.addEventListener("keydown", (event) => {
    if (event.key === "Escape") element.remove();
  });
}
