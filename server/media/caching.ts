/** How long others may keep what we give out: what is put out of sight is out of theirs soon. */

/** A browser a day, whatever many share an hour; then they ask whether it is still there. */
export const FOR_A_DAY = "public, max-age=86400, s-maxage=3600";
/** What the staff alone may see. */
export const NOT_AT_ALL = "private, no-store";
