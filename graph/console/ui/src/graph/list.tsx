/** The graph as lists: everything that can be done on the canvas can be done here, by keyboard and by ear. */
import { useState } from "preact/hooks";
import { cut, span } from "../format";
import { Certainty, Name } from "../parts/basics";
import { TypeIcon } from "../parts/icons";
import { useSay } from "../words";
import type { Shown, ShownLink, ShownNode } from "./shown";

const STEP = 150;

interface Props {
  shown: Shown;
  chosen: ReadonlySet<string>;
  link: string | null;
  onChoose: (id: string, add: boolean) => void;
  onExpand: (id: string) => void;
  onLink: (link: ShownLink) => void;
}

const fits = (text: string, wanted: string): boolean => text.toLowerCase().includes(wanted.toLowerCase());

export function GraphList({ shown, chosen, link, onChoose, onExpand, onLink }: Props) {
  const say = useSay();
  const [wanted, setWanted] = useState("");
  const [most, setMost] = useState(STEP);
  const names = new Map(shown.nodes.map((node) => [node.id, node.label]));
  // What stands for many is few, and would be beyond the end.
  const all = [...shown.nodes].sort((one, other) => Number(other.more > 0) - Number(one.more > 0));
  const nodes = all.filter((node) => fits(`${node.label} ${say.of("type", node.type)}`, wanted));
  const links = shown.links.filter(
    (one) =>
      one.edges.length > 0 &&
      fits(`${names.get(one.from)} ${say.of("link", one.type)} ${names.get(one.to)}`, wanted),
  );
  return (
    <div class="graph-list">
      <input
        type="search"
        aria-label={say("graph.filter")}
        placeholder={say("graph.filter")}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <h2>
        {say("graph.nodes")} <span class="count num">{nodes.length}</span>
      </h2>
      <ul class="plain" aria-label={say("graph.nodes")}>
        {nodes.slice(0, most).map((node) => (
          <NodeLine
            key={node.id}
            node={node}
            hub={node.hub === null ? null : (names.get(node.hub) ?? null)}
            chosen={chosen.has(node.id)}
            onChoose={onChoose}
            onExpand={onExpand}
          />
        ))}
      </ul>
      <h2>
        {say("graph.links")} <span class="count num">{links.length}</span>
      </h2>
      <ul class="plain" aria-label={say("graph.links")}>
        {links.slice(0, most).map((one) => (
          <li key={one.id}>
            <button
              type="button"
              class={link === one.id ? "list-link chosen" : "list-link"}
              aria-pressed={link === one.id}
              onClick={() => onLink(one)}
            >
              <span>
                <Name text={names.get(one.from) ?? ""} most={12} />{" "}
                <span class="soft">{say.of("link", one.type)} →</span>{" "}
                <Name text={names.get(one.to) ?? ""} most={12} />
              </span>
              <span class="soft small num">
                {span(one.earliest, one.latest, say)} · {say("count.records", { n: one.records })}{" "}
                <Certainty value={one.confidence} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {Math.max(nodes.length, links.length) > most && (
        <button type="button" onClick={() => setMost(most + STEP)}>
          {say("do.more")}
        </button>
      )}
    </div>
  );
}

interface LineProps {
  node: ShownNode;
  /** Of a rest the name of its hub. */
  hub: string | null;
  chosen: boolean;
  onChoose: (id: string, add: boolean) => void;
  onExpand: (id: string) => void;
}

function NodeLine({ node, hub, chosen, onChoose, onExpand }: LineProps) {
  const say = useSay();
  const way = say(node.more > 0 ? "graph.rest.open" : node.holds > 0 ? "graph.ungroup" : "graph.expand");
  return (
    <li class={chosen ? "list-node chosen" : "list-node"}>
      <label>
        <input type="checkbox" checked={chosen} onChange={() => onChoose(node.id, true)} />
        <TypeIcon type={node.type} size={18} />
        <span class="sr">{say.of("type", node.type)} </span>
        <Name text={node.label} most={18} />
        {hub && <span class="soft small">{say("graph.rest.of", { hub: cut(hub, 12) })}</span>}
        {node.pinned && <span class="tag">{say("graph.pinned")}</span>}
      </label>
      <button
        type="button"
        class="small"
        aria-label={`${way} ${node.label.slice(0, 60)}`}
        onClick={() => onExpand(node.id)}
      >
        {way}
      </button>
    </li>
  );
}
