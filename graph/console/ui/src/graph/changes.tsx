/** What has become known since the person was here last. */
import type { Changes } from "../api/types";
import { useRead } from "../api/use";
import { moment } from "../format";
import { EntityLink, Loading, Problem, RecordLink } from "../parts/basics";
import { lastVisit } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { addNodes, history, marked } from "./work";

export default function ChangesPanel() {
  const say = useSay();
  const since = useStore(lastVisit);
  const { now } = useStore(history);
  const marks = useStore(marked);
  const read = useRead<Changes>(since ? "/changes" : null, { since });
  if (since === null) return <p class="soft">{say("graph.changes.first")}</p>;
  const found = read.data;
  const here = (found?.entities ?? []).filter((node) => now.dots[node.id]);
  return (
    <>
      <p class="soft">{say("graph.changes.since", { at: moment(since) })}</p>
      <Problem error={read.error} again={read.again} />
      {read.loading && !found && <Loading />}
      {found && found.entities.length === 0 && found.records.length === 0 && (
        <p>{say("graph.changes.none")}</p>
      )}
      {found && found.entities.length > 0 && (
        <>
          <h2>{say("graph.changes.entities", { n: found.entities.length })}</h2>
          <label class="check">
            <input
              type="checkbox"
              checked={marks.size > 0}
              disabled={here.length === 0}
              onChange={(event) =>
                marked.set(event.currentTarget.checked ? new Set(here.map((node) => node.id)) : new Set())
              }
            />
            {say("graph.changes.mark")} <span class="num soft">{here.length}</span>
          </label>
          <ul class="plain">
            {found.entities.slice(0, 100).map((node) => (
              <li key={node.id} class="row">
                <EntityLink id={node.id} type={node.type} label={node.label} most={16} />
                {now.dots[node.id] ? (
                  <span class="tag">{say("graph.changes.here")}</span>
                ) : (
                  <button type="button" class="small" onClick={() => void addNodes([node], [])}>
                    {say("graph.changes.add")}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {found && found.records.length > 0 && (
        <>
          <h2>{say("graph.changes.records", { n: found.records.length })}</h2>
          <ul class="plain">
            {found.records.slice(0, 100).map((record) => (
              <li key={record.record}>
                <span class="tag">{say.of("kind", record.kind)}</span>{" "}
                <RecordLink name={record.record} most={26} />{" "}
                <span class="soft small num">{moment(record.received_at)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {found?.more && <p class="soft">{say("graph.changes.more")}</p>}
    </>
  );
}
