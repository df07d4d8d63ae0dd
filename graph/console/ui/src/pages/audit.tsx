/** The audit, for the inspector: who read or did what, on which case, for which purpose. */
import "../styles/work.css";
import { useState } from "preact/hooks";
import type { AuditPage as Answer } from "../api/types";
import { useRead } from "../api/use";
import { moment } from "../format";
import { Empty, Loading, Name, Problem } from "../parts/basics";
import { go, href, place } from "../router";
import { useStore } from "../state/store";
import { useSay } from "../words";

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
        {found && (
          <span class={found.intact ? "verdict good" : "verdict bad"} role="status">
            {found.intact ? `✓ ${say("audit.intact")}` : `✗ ${say("audit.broken")}`}
          </span>
        )}
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
