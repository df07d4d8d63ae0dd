/** Small things that every page is made of. */
import type { ComponentChildren } from "preact";
import { ApiError } from "../api/client";
import type { Node } from "../api/types";
import { certainty, cut } from "../format";
import { entityHref, recordHref } from "../router";
import { session } from "../state/session";
import { useStore } from "../state/store";
import { type Key, useSay } from "../words";
import { TypeIcon } from "./icons";

/** A name or other text from records: never markup, its direction kept to itself, cut when long. */
export function Name({ text, most = 40 }: { text: string; most?: number }) {
  const short = cut(text, most);
  return <bdi title={short === text ? undefined : cut(text, 2000)}>{short}</bdi>;
}

/** An inspector reads alerts, not what is behind them: no link leads where nobody may go. */
function useReads(): boolean {
  const role = useStore(session)?.role;
  return role === "investigator" || role === "lead";
}

interface EntityProps {
  id: string;
  type: string;
  label: string;
  most?: number;
}

export function EntityLink({ id, type, label, most = 28 }: EntityProps) {
  const say = useSay();
  const inside = (
    <>
      <TypeIcon type={type} size={18} />
      <span class="sr">{say.of("type", type)} </span>
      <Name text={label} most={most} />
    </>
  );
  if (!useReads()) return <span class="entity">{inside}</span>;
  return (
    <a class="entity" href={entityHref(id)}>
      {inside}
    </a>
  );
}

export function RecordLink({ name, most = 40 }: { name: string; most?: number }) {
  if (!useReads())
    return (
      <span class="record-name">
        <Name text={name} most={most} />
      </span>
    );
  return (
    <a class="record-name" href={recordHref(name)}>
      <Name text={name} most={most} />
    </a>
  );
}

/** Wherever a lead is shown. */
export function Notice({ text }: { text?: string | undefined }) {
  const say = useSay();
  return (
    <p class="notice" title={say("notice.long")}>
      {say.lang === "zh" ? (text ?? say("notice.lead")) : say("notice.lead")}
    </p>
  );
}

export function Loading() {
  const say = useSay();
  return (
    <p class="loading" role="status">
      {say("is.loading")}
    </p>
  );
}

interface EmptyProps {
  title: string;
  say?: string;
  /** Whether this is all there is on the page, so that its title is the page's. */
  page?: boolean;
  children?: ComponentChildren;
}

export function Empty({ title, say, page = false, children }: EmptyProps) {
  return (
    <div class="empty">
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {say && <p>{say}</p>}
      {children}
    </div>
  );
}

const KNOWN = new Set([
  "session",
  "credentials",
  "locked",
  "csrf",
  "role",
  "purpose",
  "case",
  "unknown",
  "ambiguous",
  "changed",
  "invalid",
  "too_large",
  "slow",
  "store",
  "offline",
  "password",
  "method",
  "fault",
]);

const candidates = (error: ApiError): Node[] =>
  Array.isArray(error.body.candidates) ? (error.body.candidates as Node[]) : [];

/** What went wrong, in words, with what to do. */
export function Problem({
  error,
  again,
  choose,
}: {
  error: unknown;
  again?: (() => void) | undefined;
  choose?: ((chosen: Node) => void) | undefined;
}) {
  const say = useSay();
  if (!error) return null;
  const known = error instanceof ApiError ? error : new ApiError("unexpected", 0, "");
  const code = KNOWN.has(known.code) ? known.code : "unexpected";
  const field = typeof known.body.field === "string" ? say.of("field", known.body.field) : known.message;
  const fits = candidates(known);
  return (
    <div class={code === "ambiguous" ? "problem choice" : "problem"} role="alert">
      <strong>{say(`error.${code}` as Key)}</strong>
      <p>{say(`error.${code}.do` as Key, { field })}</p>
      {known.message && code !== "unknown" && code !== "ambiguous" && <p class="soft">{known.message}</p>}
      {fits.length > 0 && (
        <ul class="plain">
          {fits.map((fit) => (
            <li key={fit.id}>
              {choose ? (
                <button type="button" class="quiet entity" onClick={() => choose(fit)}>
                  <TypeIcon type={fit.type} size={18} />
                  <Name text={fit.label} />{" "}
                  <span class="soft">
                    {fit.records === undefined ? fit.id : say("count.records", { n: fit.records })}
                  </span>
                </button>
              ) : (
                <EntityLink id={fit.id} type={fit.type} label={fit.label} />
              )}
            </li>
          ))}
        </ul>
      )}
      {again && code !== "ambiguous" && (
        <button type="button" onClick={again}>
          {say("do.again")}
        </button>
      )}
    </div>
  );
}

/** A certainty as number and bar; low ones are dashed like their lines. */
export function Certainty({ value }: { value: number }) {
  return (
    <span class="certainty">
      <svg width="36" height="6" aria-hidden="true" focusable="false">
        <rect class="certainty-back" width="36" height="6" rx="1" />
        <rect
          class={value < 0.5 ? "certainty-low" : "certainty-bar"}
          width={Math.max(1, 36 * value)}
          height="6"
          rx="1"
        />
      </svg>
      <span class="num">{certainty(value)}</span>
    </span>
  );
}

export function Severity({ of }: { of: string }) {
  const say = useSay();
  return <span class={`severity severity-${of}`}>{say.of("severity", of)}</span>;
}

/** A labelled field of a form. */
export function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: ComponentChildren;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
      {hint && <small class="soft">{hint}</small>}
    </label>
  );
}
