/** What the server tells while the page is open. */
import { alertsTold, changedAt, session } from "../state/session";

const AGAIN_MS = 15_000;

let source: EventSource | null = null;
let timer: number | undefined;

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
  source.addEventListener("error", () => {
    // A browser goes on by itself unless the answer was a refusal: an ended session, a stopped server.
    if (source?.readyState !== EventSource.CLOSED) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => session.get() && listen(), AGAIN_MS);
  });
}

/** Listens while somebody is signed in. */
export function startEvents(): void {
  let user: string | undefined;
  const follow = () => {
    const now = session.get();
    if (now?.user === user && (now === undefined || now === null) === (source === null)) return;
    user = now?.user;
    window.clearTimeout(timer);
    if (now && now.role !== "administrator") listen();
    else {
      source?.close();
      source = null;
    }
  };
  session.watch(follow);
  follow();
}
