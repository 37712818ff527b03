/** The client APIs that this server speaks. */
import { type AnyElysia, Elysia } from "elysia";

export function api(_deps: object): AnyElysia {
  return new Elysia({ name: "api" }) as unknown as AnyElysia;
}
