/** What the server tells while the page is open. */
import { alertsTold, begin, changedAt, session } from "../state/session";
import { call } from "./client";
import type { Session } from "./types";

const AGAIN_MS = 15_000;

let source: EventSource | null = null;
let timer: number | undefined;

function later(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => session.get() && listen(), AGAIN_MS);
}

function listen(): void {
  source?.close();
  source = new EventSource("/api/events");
  source.addEventListener("changed", (event) => {
    try {
      const said = JSON.parse((event as MessageEvent<string>).data) as { at?: unknown };
      if (typeof said.at === "string") changedAt.set(said.at);
    } catch {
      // A message cut short; the next one says the same.
    }
  });
  source.addEventListener("alert", () => alertsTold.change((count) => count + 1));
  source.addEventListener("session", () => {
    // It has ended: whoever sits here is asked at once, not in the middle of the next deed.
    source?.close();
    call<Session>("GET", "/session").then((said) => (begin(said), listen()), later);
  });
  source.addEventListener("error", () => {
    // A browser goes on by itself unless the answer was a refusal: an ended session, a stopped server.
    if (source?.readyState !== EventSource.CLOSED) return;
    later();
  });
}

/** Listens while somebody is signed in who has something to hear of. */
export function startEvents(): void {
  let user: string | undefined;
  const follow = () => {
    const now = session.get();
    const wanted = now && now.role !== "administrator" && !now.must_change ? now.user : undefined;
    if (wanted === user) return;
    user = wanted;
    window.clearTimeout(timer);
    source?.close();
    source = null;
    if (wanted !== undefined) listen();
  };
  session.watch(follow);
  follow();
}
