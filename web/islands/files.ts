/** Files are measured before they are sent, and a place for the next appears when it is needed. */

export default function mount(element: HTMLElement): void {
  const inputs = [...element.querySelectorAll<HTMLInputElement>("input[type=file]")];
  const text = element.closest("form")?.querySelector<HTMLTextAreaElement>("textarea[required]");
  const { maxBytes, tooLarge = "" } = element.dataset;
  const sizeOf = ({ files }: HTMLInputElement) => files?.[0]?.size ?? 0;

  const look = () => {
    const isTooMuch = inputs.reduce((sum, input) => sum + sizeOf(input), 0) > Number(maxBytes);
    for (const input of inputs) {
      input.setCustomValidity(isTooMuch && sizeOf(input) > 0 ? tooLarge : "");
    }
    const free = inputs.findIndex((input) => sizeOf(input) === 0);
    inputs.forEach((input, i) => {
      input.closest(".file-slot")?.toggleAttribute("hidden", free >= 0 && i > free);
    });
    // A picture says enough.
    if (text) text.required = inputs.every((input) => sizeOf(input) === 0);
  };
  element.addEventListener("change", look);
  look();
}
