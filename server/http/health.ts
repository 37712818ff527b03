/** Addresses at which whoever runs the server asks how it is. */
import { type AnyElysia, Elysia } from "elysia";

/** `/livez` says that the process is there, `/readyz` that it can answer: `isReady` throws where it cannot. */
export function health(deps: {
  readonly isReady: () => Promise<unknown>;
  readonly onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
}): AnyElysia {
  return new Elysia({ name: "health" })
    .onError(({ error, request }) => deps.onError({ error, request }))
    .get("/livez", () => "ok\n")
    .get("/readyz", async () => {
      await deps.isReady();
      return "ok\n";
    }) as unknown as AnyElysia;
}
