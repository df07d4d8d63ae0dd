/** The audit, for the inspector: who read or did what, on which case, for which purpose. */
import "../styles/work.css";
import { useState } from "preact/hooks";
import type { AuditPage as Answer, AuditBreach, AuditVerdict } from "../api/types";
import { useRead } from "../api/use";
import { moment } from "../format";
import { Empty, Loading, Name, Problem } from "../parts/basics";
import { go, href, place } from "../router";
import { useStore } from "../state/store";
import { useSay } from "../words";

/** What was looked at of the lines that are shown, and no more. */
function Checked({ page, first }: { page: Answer; first: boolean }) {
  const say = useSay();
  const { how, fault } = page.checked;
  if (fault) return <Broken fault={fault} />;
  const [last, begin] = [page.lines[0]?.n, page.lines.at(-1)?.n];
  if (last === undefined || begin === undefined) return null;
  const words =
    how === "lines" ? "audit.checked.lines" : first ? "audit.checked.end" : "audit.checked.chain";
  return (
    <span class="verdict good" role="status">
      ✓ {say(words, { from: begin, to: last })}
    </span>
  );
}

function Broken({ fault }: { fault: AuditBreach }) {
  const say = useSay();
  return (
    <span class="verdict bad" role="status">
      ✗ {say("audit.broken", { n: fault.n, how: say.of("wrong", fault.how) })}
    </span>
  );
}

/** The whole chain, when somebody asks for it: all of it has to be read. */
function Whole() {
  const say = useSay();
  const [asked, setAsked] = useState(0);
  const read = useRead<AuditVerdict>(asked > 0 ? "/audit/whole" : null, { asked });
  const found = read.data;
  return (
    <>
      {found && !found.fault && (
        <span class="verdict good" role="status">
          ✓ {say("audit.whole.good", { n: found.lines })}
        </span>
      )}
      {found?.fault && <Broken fault={found.fault} />}
      <Problem error={read.error} again={read.again} />
      <button type="button" disabled={asked > 0 && read.loading} onClick={() => setAsked(asked + 1)}>
        {say(asked > 0 && read.loading ? "audit.whole.busy" : "audit.whole")}
      </button>
    </>
  );
}

export default function AuditPage() {
  const say = useSay();
  const { query } = useStore(place);
  const after = query.get("after") ?? "";
  const user = query.get("user") ?? "";
  const [typed, setTyped] = useState(user);
  const read = useRead<Answer>("/audit", { after, user, limit: 200 });
  const found = read.data;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{say("audit.title")}</h1>
        {found && <Checked page={found} first={after === ""} />}
        <Whole />
        <span class="grow" />
        <form
          class="row"
          onSubmit={(event) => (event.preventDefault(), go(href("/audit", { user: typed.trim() })))}
        >
          <label class="row">
            {say("audit.user")}
            <input
              value={typed}
              placeholder={say("audit.user.all")}
              maxLength={80}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
          <button type="submit">{say("audit.go")}</button>
        </form>
      </header>
      <Problem error={read.error} again={read.again} />
      {read.loading && !found && <Loading />}
      {found && found.lines.length === 0 && <Empty title={say("audit.none")} say={say("audit.none.say")} />}
      {found && found.lines.length > 0 && (
        <table class="grid">
          <thead>
            <tr>
              {(["n", "at", "user", "action", "case", "purpose", "about", "address"] as const).map((name) => (
                <th key={name} scope="col" class={name === "n" ? "right" : undefined}>
                  {say(`audit.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.lines.map((line) => (
              <tr key={line.n}>
                <td class="right num">{line.n}</td>
                <td class="num nowrap">{moment(line.at)}</td>
                <td>
                  <bdi>{line.user}</bdi>
                </td>
                <td>{say.of("action", line.action)}</td>
                <td class="num">{line.case}</td>
                <td>
                  <Name text={line.purpose ?? ""} most={40} />
                </td>
                <td class="mono small">
                  <Name text={line.about.join(" ")} most={70} />
                </td>
                <td class="num">{line.address}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="row">
        {after && (
          <a class="button" href={href("/audit", { user })}>
            {say("audit.first")}
          </a>
        )}
        {found && found.next !== null && (
          <a class="button" href={href("/audit", { user, after: found.next })}>
            {say("audit.next")}
          </a>
        )}
      </div>
    </div>
  );
}
