/** What is selected, and what can be done with it. */
import { Name, Notice } from "../parts/basics";
import { TypeIcon } from "../parts/icons";
import { entityHref, href } from "../router";
import { useSay } from "../words";
import type { Drawing } from "./model";
import type { Shown } from "./shown";

interface Props {
  drawing: Drawing;
  shown: Shown;
  chosen: ReadonlySet<string>;
  left: Readonly<Record<string, Record<string, number>>>;
  onExpand: (id: string, kinds?: string[]) => void;
  onChoose: (ids: string[]) => void;
}

export function Chosen({ drawing, shown, chosen, left, onExpand, onChoose }: Props) {
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
  const hidden = Object.entries(left[one.id] ?? {}).filter(([, count]) => count > 0);
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
          <a class="button" href={href("/trace", { who: one.id, direction: "up" })}>
            {say("trace.up")}
          </a>
          <a class="button" href={href("/trace", { who: one.id, direction: "down" })}>
            {say("trace.down")}
          </a>
        </div>
      )}
      {hidden.length > 0 && (
        <>
          <p>{say("graph.left", { n: hidden.reduce((sum, [, count]) => sum + count, 0) })}</p>
          <ul class="chips">
            {hidden.map(([kind, count]) => (
              <li key={kind}>
                <button type="button" class="small" onClick={() => onExpand(one.id, [kind])}>
                  {say("graph.expand")} {say.of("link", kind)} <span class="num">{count}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
