/** A button beside something that one wants to take along. */

export default function mount(element: HTMLElement): void {
  const { copy = "", copied = "" } = element.dataset;
  const text = element.textContent ?? "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-plain";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = copied;
  });
  element.after(button);
}
