/**
 * What the server tells while the page is open. A browser holds few connections to one server, so of all tabs
 * one listens and tells the others; when it closes, the next one takes over.
 */
import { alertsTold, begin, changedAt, session } from "../state/session";
import { call } from "./client";
import type { Session } from "./types";

const AGAIN_MS = 15_000;
const NAME = "suyuan.events";

type Told = { kind: "changed"; at: string } | { kind: "alert" } | { kind: "session" };

function heard(told: Told): void {
  if (told.kind === "changed") changedAt.set(told.at);
  else if (told.kind === "alert") alertsTold.change((count) => count + 1);
  // It has ended: whoever sits here is asked at once, not in the middle of the next deed.
  else if (!document.hidden) call<Session>("GET", "/session").then(begin, () => undefined);
}

/** Listens until stopped, and again after a while when the server is gone or the session has ended. */
function listen(tell: (told: Told) => void, stop: AbortSignal): void {
  if (stop.aborted || !session.get()) return;
  const source = new EventSource("/api/events");
  stop.addEventListener("abort", () => source.close(), { once: true });
  const later = () => {
    source.close();
    window.setTimeout(() => listen(tell, stop), AGAIN_MS);
  };
  source.addEventListener("changed", (event) => {
    try {
      const said = JSON.parse((event as MessageEvent<string>).data) as { at?: unknown };
      if (typeof said.at === "string") tell({ kind: "changed", at: said.at });
    } catch {
      // A message cut short; the next one says the same.
    }
  });
  source.addEventListener("alert", () => tell({ kind: "alert" }));
  source.addEventListener("session", () => {
    tell({ kind: "session" });
    later();
  });
  source.addEventListener("error", () => {
    // A browser goes on by itself unless the answer was a refusal: an ended session, a stopped server.
    if (source.readyState === EventSource.CLOSED) later();
  });
}

/** Takes part until the signal: as the tab that listens, or as one that is told. */
function take(stop: AbortSignal): void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = (event: MessageEvent<Told>) => heard(event.data);
  stop.addEventListener("abort", () => channel.close(), { once: true });
  const tell = (told: Told) => {
    heard(told);
    channel.postMessage(told);
  };
  const hold = () =>
    new Promise<void>((done) => {
      listen(tell, stop);
      stop.addEventListener("abort", () => done(), { once: true });
    });
  // Without locks (a page that came unencrypted from elsewhere) every tab listens for itself.
  if (!("locks" in navigator)) return listen(heard, stop);
  navigator.locks.request(NAME, { signal: stop }, hold).catch(() => undefined);
}

/** Listens while somebody is signed in who has something to hear of. */
export function startEvents(): void {
  let user: string | undefined;
  let stop = new AbortController();
  const follow = () => {
    const now = session.get();
    const wanted = now && now.role !== "administrator" && !now.must_change ? now.user : undefined;
    if (wanted === user) return;
    user = wanted;
    stop.abort();
    stop = new AbortController();
    if (wanted !== undefined) take(stop.signal);
  };
  session.watch(follow);
  follow();
}
