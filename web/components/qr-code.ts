/** A picture that a telephone reads (ISO/IEC 18004), drawn as one path. */
import { encode } from "uqr";
import { type Html, html } from "../html.ts";

/** Four light modules around it (ISO/IEC 18004 §5.3.8). */
const BORDER = 4;

/** `label` says what it is to those who do not see it. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { border: BORDER });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return html`<svg class="qr-code" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${label}>
    <path d=${path} />
  </svg>`;
}
