/** Alerts: what the case teams were told, why, what speaks against it, and who answered. */
import "../styles/work.css";
import { useEffect, useState } from "preact/hooks";
import { ApiError, call, part, read } from "../api/client";
import type { Alert, AlertPage, Session } from "../api/types";
import { useRead } from "../api/use";
import { moment } from "../format";
import { Empty, EntityLink, Field, Loading, Notice, Problem, RecordLink, Severity } from "../parts/basics";
import { tell } from "../parts/tell";
import { go, href, place } from "../router";
import { useFollowing } from "../state/following";
import { alertsTold, workCase } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { extended, type Known, renewed } from "./alert-list";

const STATES = [
  "open",
  "acknowledged",
  "in_work",
  "escalated",
  "confirmed",
  "rejected",
] as const;
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  investigator: ["acknowledged", "in_work"],
  lead: ["acknowledged", "in_work", "escalated", "confirmed", "rejected"],
};

export default function AlertsPage({ who }: { who: Session }) {
  const say = useSay();
  const { query } = useStore(place);
  const on = useStore(workCase);
  const told = useStore(alertsTold);
  const state = query.get("state") ?? "";
  const only = query.get("only") === "1";
  const id = query.get("id");
  const asked = { state, case: only ? on : null };
  const first = useRead<AlertPage>("/alerts", asked);
  const list = useList(first.data, asked);
  useEffect(() => {
    if (told > 0) first.again();
  }, [told]);
  useFollowing(first.again);
  const to = (some: Record<string, string | null>) =>
    go(href("/alerts", { state, only: only ? "1" : null, id, ...some }), true);
  const { alerts } = list;
  const shown = alerts.find((alert) => alert.id === id);
  // One that an address names may stand far down in the list, or be of another state.
  const named = useRead<Alert>(id && first.data && !shown ? `/alerts/${part(id)}` : null);
  const picked = shown ?? named.data;
  return (
    <div class="two">
      <section class="two-list" aria-label={say("alerts.title")}>
        <header class="page-head">
          <h1>{say("alerts.title")}</h1>
          {first.data && (
            <span class="soft num" role="status">
              {say("alerts.unanswered", { n: first.data.unanswered })}
            </span>
          )}
          <Notice />
          <span class="grow" />
          <select
            aria-label={say("alerts.state")}
            value={state}
            onChange={(event) => to({ state: event.currentTarget.value })}
          >
            <option value="">{say("alerts.state.all")}</option>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {say(`state.${each}`)}
              </option>
            ))}
          </select>
          {on !== null && (
            <label class="check">
              <input
                type="checkbox"
                checked={only}
                onChange={(event) => to({ only: event.currentTarget.checked ? "1" : null })}
              />
              {say("alerts.only")}
            </label>
          )}
        </header>
        <Problem error={first.error} again={first.again} />
        {first.loading && !first.data && <Loading />}
        {first.data && first.data.alerts.length === 0 && (
          <Empty title={say("alerts.none")} say={say("alerts.none.say")} />
        )}
        <ul class="cards">
          {alerts.map((alert) => (
            <li key={alert.id}>
              <button
                type="button"
                class="list-card"
                aria-pressed={alert.id === id}
                onClick={() => to({ id: alert.id })}
              >
                <span class="row">
                  <Severity of={alert.severity} />
                  <strong>{say.of("rule", alert.rule)}</strong>
                  <span class="grow" />
                  <span class={`state state-${alert.state}`}>{say.of("state", alert.state)}</span>
                </span>
                <bdi class="clip">
                  {alert.entities.map((entity) => entity.label.slice(0, 40)).join("、") ||
                    (say.lang === "zh" ? alert.reasons : alert.reasons_en)[0]}
                </bdi>
                <span class="soft small num">
                  {moment(alert.raised_at)} {alert.cases.join(" ")}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <Problem error={list.error} again={list.more} />
        {list.next !== null && (
          <button type="button" class="more" disabled={list.loading} onClick={list.more}>
            {say("do.more")}
          </button>
        )}
      </section>
      <section class="two-detail" aria-label={say("alerts.about")}>
        {picked ? (
          <Detail key={picked.id} alert={picked} who={who} onChanged={() => (first.again(), named.again())} />
        ) : named.error ? (
          <Problem error={named.error} again={named.again} />
        ) : (
          <Empty title={say("alerts.title")} say={say("alerts.pick")} />
        )}
      </section>
    </div>
  );
}

interface List {
  alerts: Alert[];
  next: string | null;
  loading: boolean;
  error: unknown;
  more(): void;
}

const NOTHING: Known = { alerts: [], next: null };

/** The first page, as it is renewed, and those behind it that somebody asked for. */
function useList(page: AlertPage | null, asked: Record<string, string | null>): List {
  const of = JSON.stringify(asked);
  const [known, setKnown] = useState<Known & { of: string }>({ of, ...NOTHING });
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!page) return;
    setKnown((now) => ({ of, ...renewed(now.of === of ? now : NOTHING, page) }));
  }, [page]);
  const fresh = known.of === of && page !== null;
  const more = () => {
    setLoading(true);
    setError(null);
    read<AlertPage>("/alerts", { ...asked, before: known.next })
      .then((late) =>
        setKnown((now) => (now.of === of ? { of, ...extended(now, known.next, late) } : now)),
      )
      .catch(setError)
      .finally(() => setLoading(false));
  };
  return {
    alerts: fresh ? known.alerts : [],
    next: fresh ? known.next : null,
    loading,
    error: fresh ? error : null,
    more,
  };
}

function Detail({ alert, who, onChanged }: { alert: Alert; who: Session; onChanged: () => void }) {
  const say = useSay();
  return (
    <article>
      <header class="page-head">
        <Severity of={alert.severity} />
        <h2>{say.of("rule", alert.rule)}</h2>
        <span class={`state state-${alert.state}`}>{say.of("state", alert.state)}</span>
        <Notice text={alert.notice} />
      </header>
      <p class="soft num">
        {say("alerts.raised")} {moment(alert.raised_at)} · {say("alerts.cases")}{" "}
        {alert.cases.join(" ") || say("dossier.none")}
      </p>
      <h3>{say("alerts.about")}</h3>
      <ul class="chips">
        {alert.entities.map((entity) => (
          <li key={entity.id}>
            <EntityLink id={entity.id} type={entity.type} label={entity.label} />
          </li>
        ))}
      </ul>
      <div class="for-against">
        <section>
          <h3>{say("alerts.reasons")}</h3>
          <ul>
            {(say.lang === "zh" ? alert.reasons : alert.reasons_en).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </section>
        <section class="against">
          <h3>{say("alerts.against")}</h3>
          {alert.against.length === 0 && <p class="soft">{say("evidence.against.none")}</p>}
          <ul>
            {(say.lang === "zh" ? alert.against : alert.against_en).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </section>
      </div>
      <h3>
        {say("alerts.records")} <span class="count num">{alert.records.length}</span>
      </h3>
      <ul class="chips">
        {alert.records.slice(0, 60).map((name) => (
          <li key={name}>
            <RecordLink name={name} />
          </li>
        ))}
      </ul>
      <h3>{say("alerts.answers")}</h3>
      {alert.answers.length === 0 && <p class="soft">{say("alerts.answers.none")}</p>}
      <ol class="answers">
        {alert.answers.map((answer) => (
          <li key={answer.at + answer.state}>
            <span class={`state state-${answer.state}`}>{say.of("state", answer.state)}</span>{" "}
            <bdi>{answer.because}</bdi>{" "}
            <span class="soft small num">
              {answer.by} · {moment(answer.at)}
            </span>
          </li>
        ))}
      </ol>
      {who.role === "inspector" ? (
        <p class="soft">{say("alerts.readonly")}</p>
      ) : (
        <AnswerForm alert={alert} role={who.role} onChanged={onChanged} />
      )}
    </article>
  );
}

function AnswerForm({ alert, role, onChanged }: { alert: Alert; role: string; onChanged: () => void }) {
  const say = useSay();
  const may = ANSWERS[role] ?? [];
  const [state, setState] = useState(may[0] ?? "");
  const [because, setBecause] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await call<Alert>("POST", `/alerts/${part(alert.id)}/answers`, {
        body: { state, because: because.trim(), version: alert.version },
      });
      setBecause("");
      tell(say("alerts.sent"));
      onChanged();
    } catch (failed) {
      setError(failed);
      if (failed instanceof ApiError && failed.code === "changed") onChanged();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack answer" onSubmit={submit} aria-label={say("alerts.answer")}>
      <h3>{say("alerts.answer")}</h3>
      <Field label={say("alerts.answer.state")}>
        <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
          {may.map((each) => (
            <option key={each} value={each}>
              {say.of("state", each)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={say("alerts.because")}>
        <textarea
          rows={2}
          required
          maxLength={2000}
          value={because}
          onInput={(event) => setBecause(event.currentTarget.value)}
        />
      </Field>
      <Problem error={error} />
      {error instanceof ApiError && error.code === "changed" && <Now now={error.body.now} />}
      <div class="row end">
        <button type="submit" class="primary" disabled={busy || !because.trim()}>
          {say("alerts.send")}
        </button>
      </div>
    </form>
  );
}

function Now({ now }: { now: unknown }) {
  const say = useSay();
  if (now === null || typeof now !== "object") return null;
  const { state, answers } = now as Partial<Alert>;
  const last = answers?.at(-1);
  return (
    <p class="remark">
      {say("alerts.now", {
        state: say.of("state", state),
        by: last?.by ?? "",
        at: last ? moment(last.at) : "",
      })}
    </p>
  );
}
