/** Pictures for people and films without one: clients take no null, and know these by their name. */
import { standIn } from "../../media/stand-in.ts";

/** A grey head and shoulders, 96 pixels wide. */
const AVATAR =
  "iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAMAAADVRocKAAAABlBMVEXV3d99j5Nh8psNAAAAmUlEQVR42u3YsRHCUAwFQW//" +
  "TZMSEDAMZ7DnXQHaTNb3cay11lrrYnkqHh8QXlTP/6ZAK9AKxEINEAs1QCzUALEwYMCAO6yKG6zrG3wy+6uiv4v6y66/Tfvr" +
  "+oT3wVrrbj8Svr8sfvVMPuGo+PsnlLeq538u0Aq0Aq1AK9AKtAKxUAO0ArFQA8TC5QFioQaIhQE/B4iFAecDDyJ6CkkEJluI" +
  "AAAAAElFTkSuQmCC";

/** One pixel of nothing. */
const HEADER =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAMAAAAoyzS7AAAAA1BMVEUAAACnej3aAAAAAXRSTlMAQObYZgAAAApJREFUeNpj" +
  "YAAAAAIAAeUn3vwAAAAASUVORK5CYII=";

const answer = (base64: string) => (): Response =>
  new Response(Buffer.from(base64, "base64"), {
    headers: { "content-type": "image/png", "cache-control": "public, max-age=31536000, immutable" },
  });

export const missingAvatar = answer(AVATAR);
export const missingHeader = answer(HEADER);
export const missingStill = (): Response => standIn();
