/** The one spelling under which a hashtag is stored, asked for and told. */

/**
 * Without `#`, in lower case, and composed (Unicode NFC): `é` of one letter and of a letter with an accent look the same,
 * and which of them is sent depends on the device.
 */
export const bareTag = (name: string): string => name.trim().replace(/^#/, "").toLowerCase().normalize("NFC");
