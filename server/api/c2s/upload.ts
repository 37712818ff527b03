/** `uploadMedia`: a file, and what to make of it (SocialCG ActivityPub Media Upload). */
import type { AsObject } from "../../core/object.ts";
import type { Registry } from "../../core/registry.ts";
import type { JsonObject } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import { describeFile } from "../../media/describe.ts";
import type { Media } from "../../media/upload.ts";
import { parseDocument } from "./documents.ts";
import type { Outbox, Poster } from "./outbox.ts";

export interface Upload {
  /**
   * `form` has `file`, and may have `object`: a shell that becomes an object with the file as its `url`, wrapped in a
   * Create like any other. Without it the file is kept, and described for use as an `attachment`.
   * `mayPost` throws where the viewer may not post. Throws Problem as `Media.take` and `Outbox.post` do.
   */
  take(uploader: Uploader, form: FormData, mayPost: () => Promise<unknown>): Promise<Uploaded>;
}

export interface Uploader extends Poster {
  readonly accountKey: number;
}

export interface Uploaded {
  /** Address of the object, or of the file where no object was asked for. */
  readonly location: string;
  readonly document: AsObject;
}

export function createUpload(deps: {
  readonly media: Media;
  readonly outbox: Outbox;
  readonly registry: Registry;
  readonly normalise: (document: AsObject) => Promise<JsonObject>;
}): Upload {
  const { media, outbox, registry } = deps;

  async function take(
    uploader: Uploader,
    form: FormData,
    mayPost: () => Promise<unknown>,
  ): Promise<Uploaded> {
    const file = form.get("file");
    if (!(file instanceof Blob)) {
      throw new Problem("invalid", "Send the file in a field called file, as multipart/form-data.", {
        field: "file",
      });
    }
    const shell = await shellOf(form);
    if (shell !== null) await mayPost();
    const fileName = "name" in file && typeof file.name === "string" ? file.name : null;
    // What is to be an object goes where that is refused; a file alone is what the client asked to keep.
    const given = { content: file, fileName, isLoose: shell !== null };
    const described = describeFile(await media.take(uploader.accountKey, given));
    if (shell === null) return { location: String(described.url), document: described };
    const { activity, object } = await outbox.post(uploader, {
      ...shell,
      ...described,
      type: shell.type ?? described.type,
    });
    return { location: object?.iri ?? "", document: activity.object as AsObject };
  }

  /** What the client wants to make of the file, or null. */
  async function shellOf(form: FormData): Promise<AsObject | null> {
    const given = form.get("object");
    if (given === null) return null;
    const bytes =
      given instanceof Blob ? new Uint8Array(await given.arrayBuffer()) : new TextEncoder().encode(given);
    const shell = (await deps.normalise(parseDocument(bytes))) as AsObject;
    if (registry.kindOf(shell) === "object") return shell;
    throw new Problem(
      "invalid",
      "The field object must hold an object like an Image, not an activity or actor.",
      {
        field: "object",
        reason: "unsupported-type",
      },
    );
  }

  return { take };
}
