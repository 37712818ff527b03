/** WebSockets that stream: each listens to what its client asks for, and keeps as little as it can, as there are thousands. */
import type { OpenSocket, SocketHandlers } from "../../http/connection.ts";
import type { Viewer } from "../../http/viewer.ts";
import { createBuckets, type Rate } from "../../lib/buckets.ts";
import { isJsonObject, parseJson, wordOf } from "../../lib/json.ts";
import { isProblem } from "../../lib/problem.ts";
import type { Listening } from "../../live/hub.ts";
import type { Face } from "./face.ts";
import { earOf, type Streamer, streamerOf, streamFor, subscribe, type Tell, watch } from "./streamers.ts";
import { type Asked, frameOf, type Heard, isRefusal, type Label, type Told } from "./streams.ts";

/** RFC 6455 §7.4.1 and the IANA registry. */
const POLICY_VIOLATION = 1008;
const TRY_LATER = 1013;
/** What a client says at once when it comes back with all its columns, and then one a second; more is no client. */
const SAYING: Rate = { burst: 200, everyMs: 1_000 };

/** What is kept of one socket. Nothing of its request: that would stay as long as the socket does. */
interface State {
  readonly who: Streamer;
  socket: OpenSocket | null;
  listening: Listening | null;
  stopWatching: (() => void) | null;
  /** Until it is open: what it asks for first, and the token to ask about again. */
  beginning: { readonly token: string; readonly endsMs: number | null; readonly first: Asked | null } | null;
}

/** Gives what a socket does that was opened with this token. */
export function createStreamSockets(face: Face, tell: Tell) {
  const saying = createBuckets({ now: face.now, rate: SAYING });
  const say = ({ socket }: State, value: object): void => socket?.send(JSON.stringify(value));

  function open(state: State, socket: OpenSocket): void {
    const { who, beginning } = state;
    state.socket = socket;
    state.beginning = null;
    // Some programs do not come back to where their token was refused.
    const end = (why?: "missed"): void => socket.close(why === "missed" ? TRY_LATER : POLICY_VIOLATION);
    try {
      state.listening = face.live.listen(
        earOf(who, end, (label, event) =>
          tell(who.actor, event, (told) => socket.send(frameFor(event, label, told))),
        ),
      );
    } catch (error) {
      if (!isProblem(error)) throw error;
      socket.close(TRY_LATER, error.message);
      return;
    }
    if (beginning === null) return;
    state.stopWatching = watch(face, beginning.token, beginning.endsMs, end);
    if (beginning.first !== null) attempt(state, begin(state, beginning.first));
  }

  async function begin(state: State, asked: Asked): Promise<void> {
    const stream = await streamFor(face, state.who, asked);
    if (state.listening === null) return;
    if (isRefusal(stream)) say(state, stream);
    else subscribe(state.listening, stream);
  }

  async function end(state: State, asked: Asked): Promise<void> {
    const stream = await streamFor(face, state.who, asked);
    if (isRefusal(stream)) return;
    const label = JSON.stringify(stream.label);
    for (const channel of stream.channels) state.listening?.remove(channel, label);
  }

  /** What the client may get wrong is told to it; anything else is a bug. */
  function attempt(state: State, work: Promise<void>): void {
    work.catch((error) => {
      if (isProblem(error)) return say(state, { error: error.message, status: 429 });
      face.log.error("A stream could not be opened", error);
      state.socket?.close(TRY_LATER);
    });
  }

  function said(state: State, data: string | Uint8Array): void {
    if (!saying.take(String(state.who.access.account)).allowed) {
      state.socket?.close(POLICY_VIOLATION);
      return;
    }
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const message = parseJson(text);
    if (!isJsonObject(message)) {
      say(state, { error: "Could not parse message", status: 400 });
      return;
    }
    const word = (name: string) => wordOf(message[name]);
    const asked = { stream: word("stream") ?? "", tag: word("tag"), list: word("list") };
    if (message.type === "subscribe") attempt(state, begin(state, asked));
    else if (message.type === "unsubscribe") attempt(state, end(state, asked));
  }

  function close(state: State): void {
    state.stopWatching?.();
    state.listening?.close();
    state.stopWatching = null;
    state.listening = null;
    state.socket = null;
  }

  return (token: string, viewer: Viewer, first: Asked | null): SocketHandlers => {
    const beginning = { token, endsMs: viewer.endsMs ?? null, first };
    return handlersOf({
      who: streamerOf(viewer),
      socket: null,
      listening: null,
      stopWatching: null,
      beginning,
    });
  };

  function handlersOf(state: State): SocketHandlers {
    return {
      open: (socket) => open(state, socket),
      message: (_, data) => said(state, data),
      close: () => close(state),
    };
  }
}

/** Frames by event and stream, so that two thousand who hear the same share one text. */
const frames = new WeakMap<Heard, Map<Label, string>>();

function frameFor(event: Heard, label: Label, told: Told): string {
  const known = frames.get(event) ?? new Map<Label, string>();
  frames.set(event, known);
  const frame = known.get(label) ?? frameOf(label, told);
  known.set(label, frame);
  return frame;
}
