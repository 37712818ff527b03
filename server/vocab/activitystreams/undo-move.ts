/** Undo of a Move: ours stand, because how often somebody may move is counted by them. */
import type { Behaviour } from "../../core/behaviour.ts";
import { undo } from "./create-update-delete.ts";

export const undoMove: Behaviour = {
  ...undo,
  object: "Move",
  refuse: (scene) =>
    scene.isOurs ? "a move is taken back by an Update without movedTo" : (undo.refuse?.(scene) ?? null),
};
