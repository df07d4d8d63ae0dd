/** Who is signed in, on which case they work, and what the page is waiting to ask them. */
import type { Session } from "../api/types";
import { recall, remember } from "./prefs";
import { store } from "./store";

/** `undefined`: not asked yet. `null`: nobody is signed in. */
export const session = store<Session | null | undefined>(undefined);

/** The working case; `null` is work outside a case. */
export const workCase = store<string | null>(null);

/** A question in the way of a request: sign in again, or say the purpose for a case. */
export interface Asking {
  kind: "session" | "purpose";
  case: string | null;
  answer(done: boolean): void;
}

export const asking = store<Asking | null>(null);

/** Whether the person is changing the password by their own wish. */
export const changingPassword = store<boolean>(false);

/** When the store's knowledge last changed, as told by the server; `null` when nothing new is known. */
export const changedAt = store<string | null>(null);

/** Counts alerts told while the page is open; watchers read the alerts again. */
export const alertsTold = store<number>(0);

/** When this person was at work last, before this session; `null` on the first visit. */
export const lastVisit = store<string | null>(null);

const caseKey = (user: string) => `suyuan.case.${user}`;

/** Takes over a session: from the server's answer to signing in, or to the first look. */
export function begin(said: Session): void {
  const before = session.get();
  session.set(said);
  if (before?.user === said.user) return;
  workCase.set(caseToBegin(recall<string>(caseKey(said.user)), said.cases));
  lastVisit.set(said.last_visit ?? null);
}

/** The case chosen last ("" for none); whoever has just one case, and has never chosen, works on that. */
export function caseToBegin(kept: string | null, cases: readonly string[]): string | null {
  if (kept === null) return cases.length === 1 ? (cases[0] ?? null) : null;
  return cases.includes(kept) ? kept : null;
}

export function chooseCase(chosen: string | null): void {
  const now = session.get();
  if (now) remember(caseKey(now.user), chosen ?? "");
  workCase.set(chosen);
}

/** What may be opened by whom; the server decides, this only spares people closed doors. */
export function mayOpen(page: string, said: Session): boolean {
  switch (said.role) {
    case "administrator":
      return page === "users";
    case "inspector":
      return page === "alerts" || page === "audit";
    default:
      return page !== "audit" && page !== "users";
  }
}
