/** Which program this is: the version of package.json, and the commit that it was built from. */
import manifest from "../package.json" with { type: "json" };

/** Put in by scripts/build.ts; not there in development. */
declare const COMMONS_COMMIT: string | undefined;

/** `0.1.0` */
export const version: string = manifest.version;

/** `0.1.0+1a2b3c4`, or the bare version where the commit is not known. */
export const fullVersion: string =
  typeof COMMONS_COMMIT === "string" && COMMONS_COMMIT !== "" ? `${version}+${COMMONS_COMMIT}` : version;
