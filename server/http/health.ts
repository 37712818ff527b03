/** Addresses at which whoever runs the server asks how it is. */
import { type AnyElysia, Elysia } from "elysia";

/** `/livez` says that the process is there, `/readyz` that it can answer: `isReady` throws where it cannot. */
export function health(isReady: () => Promise<unknown>): AnyElysia {
  return new Elysia({ name: "health" })
    .get("/livez", () => "ok\n")
    .get("/readyz", async () => {
      await isReady();
      return "ok\n";
    }) as unknown as AnyElysia;
}
