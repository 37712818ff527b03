/** Which media types are ActivityPub documents (AP §3.2). */

/** A document under any other media type may be something that a user uploaded. */
export function isActivityType(contentType: string | null): boolean {
  const [type = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  if (type.trim() === "application/activity+json") return true;
  return (
    type.trim() === "application/ld+json" &&
    parameters.some((parameter) => parameter.includes("https://www.w3.org/ns/activitystreams"))
  );
}
