/** Requests to the server. Two answers never reach the page: an ended session and an unsaid purpose are asked about, then the request is made again. */
import { prefs } from "../state/prefs";
import { asking, begin, session, workCase } from "../state/session";
import type { Session } from "./types";

export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Value = string | number | boolean | null | undefined;

export interface Ask {
  query?: Record<string, Value>;
  body?: unknown;
  signal?: AbortSignal;
  /** Signing in and out answer for themselves; nobody is asked to sign in because of them. */
  plain?: boolean;
}

const CHANGING = new Set(["POST", "PUT", "DELETE"]);

function address(path: string, query?: Record<string, Value>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
  }
  const text = parts.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

async function once(method: string, path: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": prefs.get().lang,
  };
  const token = session.get()?.csrf;
  if (CHANGING.has(method) && token) headers["X-CSRF"] = token;
  const on = workCase.get();
  // A header holds ASCII only; a number like 2019-551 stays as it is.
  if (on !== null) headers["X-Case"] = encodeURIComponent(on);
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  const request: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (ask.body !== undefined) request.body = JSON.stringify(ask.body);
  if (ask.signal) request.signal = ask.signal;
  try {
    return await fetch(address(path, ask.query), request);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("offline", 0, "");
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  let said: Record<string, unknown> = {};
  try {
    const parsed: unknown = await answer.json();
    if (parsed !== null && typeof parsed === "object") said = parsed as Record<string, unknown>;
  } catch {
    // A proxy or a crash answered, not our server: the status has to do.
  }
  const code = typeof said.error === "string" ? said.error : "unexpected";
  const message = typeof said.message === "string" ? said.message : "";
  return new ApiError(code, answer.status, message, said);
}

let open: Promise<boolean> | null = null;

/** Puts the question before the person; requests that meet the same question wait for the same answer. */
function put(kind: "session" | "purpose", about: string | null): Promise<boolean> {
  open ??= new Promise<boolean>((resolve) => {
    asking.set({
      kind,
      case: about,
      answer(done) {
        asking.set(null);
        open = null;
        resolve(done);
      },
    });
  });
  return open;
}

/** The token of the session as it is now: another tab may have signed in anew. */
async function renewed(): Promise<boolean> {
  const answer = await once("GET", "/session", {});
  if (!answer.ok) return false;
  const said = (await answer.json()) as Session;
  if (said.user !== session.get()?.user) return false;
  begin(said);
  return true;
}

async function send(method: string, path: string, ask: Ask): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    const answer = await once(method, path, ask);
    if (answer.ok) return answer;
    const why = await refusal(answer);
    if (why.code === "csrf" && tries === 0 && (await renewed())) continue;
    const ours = why.code === "session" || why.code === "purpose";
    if (ask.plain || !ours || tries >= 4) throw why;
    const about = typeof why.body.case === "string" ? why.body.case : workCase.get();
    const done = await put(why.code as "session" | "purpose", about || null);
    if (!done) throw why;
    ask.signal?.throwIfAborted();
  }
}

export async function call<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
  const answer = await send(method, path, ask);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

export const read = <T>(path: string, query?: Record<string, Value>, signal?: AbortSignal): Promise<T> =>
  call<T>("GET", path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) });

/** A file the server makes, with the name it gives it. */
export async function fetchFile(path: string, body: unknown): Promise<{ blob: Blob; name: string | null }> {
  const answer = await send("POST", path, { body });
  const said = answer.headers.get("Content-Disposition") ?? "";
  const name =
    /filename\*=UTF-8''([^;]+)/i.exec(said)?.[1] ?? /filename="?([^";]+)"?/i.exec(said)?.[1] ?? null;
  return { blob: await answer.blob(), name: name === null ? null : decodeURIComponent(name) };
}

/** One part of a path; ids and record names hold anything. */
export const part = (text: string): string => encodeURIComponent(text);

/** `source/source_id`, split at the first `/`, as two parts of a path. */
export function recordPath(name: string): string {
  const at = name.indexOf("/");
  return at < 0
    ? `/records/${part(name)}`
    : `/records/${part(name.slice(0, at))}/${part(name.slice(at + 1))}`;
}
