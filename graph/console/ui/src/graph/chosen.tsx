/** What is selected, and what can be done with it. */
import { Name, Notice } from "../parts/basics";
import { TypeIcon } from "../parts/icons";
import { entityHref, href } from "../router";
import { useSay } from "../words";
import type { Drawing } from "./model";
import { LeftByLink, RestPanel } from "./rest";
import type { Shown } from "./shown";

interface Props {
  drawing: Drawing;
  shown: Shown;
  chosen: ReadonlySet<string>;
  onExpand: (id: string, kinds?: string[]) => void;
  onChoose: (ids: string[]) => void;
}

export function Chosen({ drawing, shown, chosen, onExpand, onChoose }: Props) {
  const say = useSay();
  const nodes = shown.nodes.filter((node) => chosen.has(node.id));
  const [one] = nodes;
  if (!one) return <p class="soft">{say("graph.chosen.none")}</p>;
  if (nodes.length > 1)
    return (
      <>
        <p>
          <strong>{say("graph.chosen.many", { n: nodes.length })}</strong>
        </p>
        <ul class="plain">
          {nodes.slice(0, 60).map((node) => (
            <li key={node.id}>
              <button type="button" class="quiet entity" onClick={() => onChoose([node.id])}>
                <TypeIcon type={node.type} size={18} /> <Name text={node.label} most={22} />
              </button>
            </li>
          ))}
        </ul>
      </>
    );
  if (one.more > 0)
    return <RestPanel drawing={drawing} rest={one} onExpand={onExpand} onChoose={onChoose} />;
  const members = Object.values(drawing.dots).filter((dot) => dot.group === one.id);
  return (
    <>
      <h2 class="chosen-name">
        <TypeIcon type={one.type} size={26} /> <Name text={one.label} most={40} />
      </h2>
      <p class="soft">
        {say.of("type", one.type)}
        {one.records > 0 && ` · ${say("count.records", { n: one.records })}`}
      </p>
      <Notice />
      {one.holds > 0 ? (
        <ul class="plain">
          {members.map((dot) => (
            <li key={dot.id}>
              <TypeIcon type={dot.type} size={18} /> <Name text={dot.label} most={22} />
            </li>
          ))}
        </ul>
      ) : (
        <div class="row wrap">
          <a class="button" href={entityHref(one.id)}>
            {say("search.to.dossier")}
          </a>
          <a class="button" href={href("/trace", { who: one.id, direction: "up", as_of: drawing.asOf })}>
            {say("trace.up")}
          </a>
          <a class="button" href={href("/trace", { who: one.id, direction: "down", as_of: drawing.asOf })}>
            {say("trace.down")}
          </a>
        </div>
      )}
      <LeftByLink drawing={drawing} id={one.id} onExpand={onExpand} />
    </>
  );
}
