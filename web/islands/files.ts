/** Files are measured before they are sent, each says how large it is, and a place for the next appears when it is needed. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

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
    for (const input of inputs) tellSize(input);
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

function tellSize(input: HTMLInputElement): void {
  const [file] = input.files ?? [];
  const slot = input.closest(".file-slot");
  slot?.querySelector(".file-size")?.remove();
  // Only a picture has a middle.
  slot?.querySelector(".file-focus")?.toggleAttribute("hidden", !file?.type.startsWith("image/"));
  if (file === undefined) return;
  const told = document.createElement("p");
  told.className = "small quiet file-size";
  told.textContent = sizeOf(file);
  input.after(told);
}

function sizeOf({ size }: File): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(size, 1)) / 3));
  const unit = UNITS[step] ?? "byte";
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(document.documentElement.lang, options).format(size / 1000 ** step);
}
