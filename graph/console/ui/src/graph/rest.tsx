/** What is not drawn of a hub's neighbours: what it is called, and the panel where it is opened or listed. */
import { useEffect, useState } from "preact/hooks";
import type { Neighbours, Node } from "../api/types";
import { number } from "../format";
import { Loading, Name, Notice, Problem } from "../parts/basics";
import { TypeIcon } from "../parts/icons";
import { fill, type Say, useSay } from "../words";
import { leftByLink, type Rest, restOf } from "./hubs";
import { type Drawing, MOST, room } from "./model";
import type { ShownNode } from "./shown";
import { addNodes, allowed, MORE, undrawn } from "./work";

const LISTED = 100;

/** “另有 47,210 部电话”, with “至少” where not all could be counted. */
export const restCalled =
  (say: Say) =>
  ({ type, count, whole }: Pick<Rest, "type" | "count" | "whole">): string => {
    const n = fill(say.of("more", type), { n: number(count, say.lang) });
    return whole ? n : say("graph.rest.least", { n });
  };

interface Props {
  drawing: Drawing;
  rest: ShownNode;
  onExpand: (id: string, kinds?: string[]) => void;
  onChoose: (ids: string[]) => void;
}

export function RestPanel({ drawing, rest, onExpand, onChoose }: Props) {
  const say = useSay();
  const [listed, setListed] = useState(false);
  useEffect(() => setListed(false), [rest.id]);
  const hub = drawing.dots[rest.hub ?? ""];
  const at = restOf(rest.id);
  if (!hub || !at) return null;
  const fit = Math.min(rest.more, MORE, room(drawing, allowed.get()));
  return (
    <>
      <h2 class="chosen-name">
        <TypeIcon type={rest.type} size={26} /> {rest.label}
      </h2>
      <p class="soft">{say("graph.rest.say")}</p>
      {drawing.hubs[at.hub]?.around.whole === false && <p class="soft small">{say("graph.rest.cut")}</p>}
      <p>
        {say("graph.rest.at")}{" "}
        <button type="button" class="quiet entity" onClick={() => onChoose([hub.id])}>
          <TypeIcon type={hub.type} size={18} /> <Name text={hub.label} most={22} />
        </button>
      </p>
      <Notice />
      <div class="row wrap">
        {room(drawing, MOST) > 0 && (
          <button type="button" class="primary" onClick={() => onExpand(rest.id)}>
            {fit > 0
              ? say("graph.rest.draw", { n: number(fit, say.lang) })
              : say("graph.rest.room", { most: MOST })}
          </button>
        )}
        <button type="button" aria-expanded={listed} onClick={() => setListed(!listed)}>
          {say("graph.rest.list")}
        </button>
      </div>
      {room(drawing, MOST) === 0 && <p class="soft">{say("graph.full", { most: MOST })}</p>}
      {listed && <RestList drawing={drawing} hub={at.hub} type={at.type} />}
    </>
  );
}

/** The best documented of them by name, to be put into the drawing one by one. */
function RestList({ drawing, hub, type }: { drawing: Drawing; hub: string; type: string }) {
  const say = useSay();
  const [found, setFound] = useState<Neighbours | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [most, setMost] = useState(LISTED);
  useEffect(() => {
    let here = true;
    setError(null);
    undrawn(hub, type, most).then(
      (told) => here && told && setFound(told),
      (failed: unknown) => here && setError(failed),
    );
    return () => {
      here = false;
    };
  }, [hub, type, most, drawing.asOf]);
  const add = (node: Node) => {
    if (!found) return;
    const own = found.links.filter((link) => link.from === node.id || link.to === node.id);
    addNodes([node], own, { centre: hub, around: { [hub]: found.around } }).catch(setError);
  };
  const nodes = (found?.nodes ?? []).filter((node) => !drawing.dots[node.id]);
  return (
    <>
      <Problem error={error} />
      {!found && !error && <Loading />}
      <ul class="plain" aria-label={say("graph.rest.list")}>
        {nodes.map((node) => (
          <li key={node.id} class="list-node">
            <Name text={node.label} most={18} />
            <span class="soft small num">{say("count.records", { n: node.records })}</span>
            <button
              type="button"
              class="small"
              aria-label={`${say("graph.changes.add")} ${node.label.slice(0, 60)}`}
              onClick={() => add(node)}
            >
              {say("graph.changes.add")}
            </button>
          </li>
        ))}
      </ul>
      {found && found.nodes.length >= most && (
        <button type="button" onClick={() => setMost(most + LISTED)}>
          {say("do.more")}
        </button>
      )}
    </>
  );
}

/** Of a hub some of whose neighbours are not drawn: how many, by kind of link, to be expanded by it. */
export function LeftByLink({ drawing, id, onExpand }: Omit<Props, "rest" | "onChoose"> & { id: string }) {
  const say = useSay();
  const hub = drawing.hubs[id];
  const left = hub ? Object.entries(leftByLink(drawing, id)) : [];
  if (!hub || left.length === 0) return null;
  return (
    <>
      <p>{say(hub.around.whole ? "graph.left" : "graph.left.least")}</p>
      <ul class="chips">
        {left.map(([kind, count]) => (
          <li key={kind}>
            <button type="button" class="small" onClick={() => onExpand(id, [kind])}>
              {say("graph.expand")} {say.of("link", kind)} <span class="num">{number(count, say.lang)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
