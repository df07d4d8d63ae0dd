/** One's own cases, and for their leads who is in the team. */
import "../styles/work.css";
import { useState } from "preact/hooks";
import { call, part } from "../api/client";
import type { CaseInfo, Session } from "../api/types";
import { useRead } from "../api/use";
import { Empty, Field, Loading, Problem } from "../parts/basics";
import { Confirm, Dialog } from "../parts/dialog";
import { href } from "../router";
import { chooseCase, workCase } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";

type Doing = { kind: "add"; case: string } | { kind: "remove"; case: string; user: string };

export default function CasesPage({ who }: { who: Session }) {
  const say = useSay();
  const on = useStore(workCase);
  const read = useRead<{ cases: CaseInfo[] }>("/cases");
  const [doing, setDoing] = useState<Doing | null>(null);
  const [error, setError] = useState<unknown>(null);
  const cases = read.data?.cases ?? [];
  const send = async (method: "PUT" | "DELETE", to: string, user: string) => {
    setDoing(null);
    setError(null);
    try {
      await call(method, `/cases/${part(to)}/members/${part(user)}`);
      read.again();
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>{say("cases.title")}</h1>
      </header>
      <Problem error={error ?? read.error} again={read.again} />
      {read.loading && !read.data && <Loading />}
      {read.data && cases.length === 0 && <Empty title={say("cases.none")} say={say("cases.none.say")} />}
      {cases.length > 0 && (
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{say("cases.case")}</th>
              <th scope="col" class="right">
                {say("cases.records")}
              </th>
              <th scope="col">{say("cases.leads")}</th>
              <th scope="col">{say("cases.members")}</th>
              <th scope="col">{say("search.do")}</th>
            </tr>
          </thead>
          <tbody>
            {cases.map((one) => {
              const leads = who.role === "lead" && one.leads.includes(who.user);
              return (
                <tr key={one.case}>
                  <th scope="row" class="num">
                    {one.case}
                  </th>
                  <td class="right num">{one.records}</td>
                  <td>{one.leads.join("、")}</td>
                  <td>
                    <ul class="chips">
                      {one.members.map((user) => (
                        <li key={user} class="tag">
                          <bdi>{user}</bdi>
                          {leads && !one.leads.includes(user) && (
                            <button
                              type="button"
                              class="quiet tiny"
                              aria-label={say("cases.remove", { user })}
                              onClick={() => setDoing({ kind: "remove", case: one.case, user })}
                            >
                              ×
                            </button>
                          )}
                        </li>
                      ))}
                    </ul>
                  </td>
                  <td>
                    <div class="row">
                      {on === one.case ? (
                        <span class="tag">{say("cases.working")}</span>
                      ) : (
                        <button
                          type="button"
                          class="small"
                          disabled={!who.cases.includes(one.case)}
                          onClick={() => chooseCase(one.case)}
                        >
                          {say("cases.work")}
                        </button>
                      )}
                      <a class="button small" href={href("/search", { q: one.case })}>
                        {say("cases.open")}
                      </a>
                      {leads && (
                        <button
                          type="button"
                          class="small"
                          onClick={() => setDoing({ kind: "add", case: one.case })}
                        >
                          {say("cases.add")}
                        </button>
                      )}
                    </div>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {doing?.kind === "remove" && (
        <Confirm
          title={say("cases.remove", { user: doing.user })}
          text={say("cases.remove.ask", { user: doing.user, case: doing.case })}
          go={say("cases.remove", { user: doing.user })}
          onGo={() => void send("DELETE", doing.case, doing.user)}
          onClose={() => setDoing(null)}
        />
      )}
      {doing?.kind === "add" && (
        <AddMember
          to={doing.case}
          onAdd={(user) => void send("PUT", doing.case, user)}
          onClose={() => setDoing(null)}
        />
      )}
    </div>
  );
}

function AddMember({
  to,
  onAdd,
  onClose,
}: {
  to: string;
  onAdd: (user: string) => void;
  onClose: () => void;
}) {
  const say = useSay();
  const [user, setUser] = useState("");
  return (
    <Dialog title={`${say("cases.add")} · ${to}`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => (event.preventDefault(), user.trim() && onAdd(user.trim()))}>
        <Field label={say("cases.user")}>
          <input
            required
            maxLength={80}
            value={user}
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        </Field>
        <div class="row end">
          <button type="button" onClick={onClose}>
            {say("do.cancel")}
          </button>
          <button type="submit" class="primary">
            {say("do.add")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
