/** Results of a search, each with why it matched and where to go from it. */
import type { Hit } from "../api/types";
import { useRead } from "../api/use";
import { Empty, EntityLink, Loading, Name, Notice, Problem } from "../parts/basics";
import { go, href, place } from "../router";
import { want } from "../graph/wanted";
import { useStore } from "../state/store";
import { useSay } from "../words";

const FIRST = 30;
const MOST = 100;

export default function Search() {
  const say = useSay();
  const { query } = useStore(place);
  const q = query.get("q")?.trim() ?? "";
  const limit = Math.min(MOST, Number(query.get("limit")) || FIRST);
  const found = useRead<{ hits: Hit[] }>(q ? "/search" : null, { q, limit });
  const hits = found.data?.hits ?? [];
  if (!q) return <Empty page title={say("search.start")} say={say("search.start.say")} />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{say("search.for", { q })}</h1>
        {found.data && (
          <span class="soft num">
            {say(hits.length >= limit ? "search.first" : "count.all", { n: hits.length })}
          </span>
        )}
        <Notice />
      </header>
      <Problem error={found.error} again={found.again} />
      {!found.data && found.loading && <Loading />}
      {found.data && hits.length === 0 && (
        <Empty title={say("search.none", { q })} say={say("search.none.say")} />
      )}
      {hits.length > 0 && (
        <table class="grid hits">
          <thead>
            <tr>
              <th scope="col">{say("search.name")}</th>
              <th scope="col">{say("search.type")}</th>
              <th scope="col">{say("search.why")}</th>
              <th scope="col" class="right">
                {say("search.records")}
              </th>
              <th scope="col">{say("search.do")}</th>
            </tr>
          </thead>
          <tbody>
            {hits.map((hit) => (
              <Row key={hit.node.id} hit={hit} />
            ))}
          </tbody>
        </table>
      )}
      {hits.length >= limit && limit < MOST && (
        <button type="button" onClick={() => go(href("/search", { q, limit: MOST }), true)}>
          {say("do.more")}
        </button>
      )}
    </div>
  );
}

function Row({ hit: { node, why } }: { hit: Hit }) {
  const say = useSay();
  const traceable = !["phone", "account", "case", "place"].includes(node.type);
  return (
    <tr>
      <th scope="row">
        <EntityLink id={node.id} type={node.type} label={node.label} most={40} />
      </th>
      <td class="soft">{say.of("type", node.type)}</td>
      <td>
        <ul class="why">
          {why.slice(0, 4).map((one) => (
            <li key={one.kind + one.value}>
              <span class="tag">{say.of("why", one.kind)}</span> <Name text={one.value} most={32} />
            </li>
          ))}
        </ul>
      </td>
      <td class="right num">{node.records}</td>
      <td>
        <div class="row">
          <button type="button" class="small" onClick={() => (want([node]), go("/graph"))}>
            {say("search.to.graph")}
          </button>
          {traceable && (
            <>
              <a class="button small" href={href("/trace", { who: node.id, direction: "up" })}>
                {say("search.to.up")}
              </a>
              <a class="button small" href={href("/trace", { who: node.id, direction: "down" })}>
                {say("search.to.down")}
              </a>
            </>
          )}
        </div>
      </td>
    </tr>
  );
}
