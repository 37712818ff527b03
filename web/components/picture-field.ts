/** A field for a picture of somebody or a group: a place for another, the one that is there, and a way to be rid of it. */

import type { FormState } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { fileField, PICTURES } from "./file-field.ts";

export interface PictureFieldProps {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly form: FormState;
  /** The picture as it is shown; nothing where there is none. */
  readonly now: Html;
}

/** The button belongs to the form of `removalId(name)`, which the page has besides. */
export function pictureField({ words }: PageContext, props: PictureFieldProps): Html {
  const { name, label, now } = props;
  return html`<div>
    ${fileField({ ...props, accept: PICTURES })}
    ${
      now &&
      html`<div class="picture-now">
        ${now}
        <button class="button button-quiet" form=${removalId(name)} aria-label=${words.settings.removePicture(label)}>
          ${words.settings.remove}
        </button>
      </div>`
    }
  </div>`;
}

/** A form of its own, so that Enter in a text field saves the rest and takes no picture away. */
export const removalId = (name: string): string => `remove-${name}`;
