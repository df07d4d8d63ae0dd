/** How much went where: bands as wide as the quantity, from the source at the left to the street. */
import { sankey, sankeyLinkHorizontal } from "d3-sankey";
import type { Traced } from "../api/types";
import { cut, quantity } from "../format";
import { Empty } from "../parts/basics";
import { typeColour } from "../parts/icons";
import { useSay } from "../words";
import { type Flow, flowsOf, readable } from "./flows";

interface Props {
  traced: Traced;
  dim: ReadonlySet<number> | null;
  width: number;
  height: number;
  onLinks: (links: number[]) => void;
}

export default function Sankey({ traced, dim, width, height, onLinks }: Props) {
  const say = useSay();
  const found = flowsOf(traced.links);
  if (found.flows.length === 0) return <Empty title={say("trace.sankey.none")} />;
  const ids = [...new Set(found.flows.flatMap((flow) => [flow.from, flow.to]))];
  // What has no quantity is a thread: without it the chain would fall apart.
  const thin = Math.max(...found.flows.map((flow) => flow.value)) / 60;
  const knownOf = new Map(found.flows.map((flow) => [`${flow.from}\n${flow.to}`, flow.value > 0]));
  // A few bands do not become walls, many do not become threads.
  const rows = Math.max(...traced.tiers.map((tier) => tier.length));
  const tall = Math.max(rows * 30, Math.min(height - 44, ids.length * 46));
  const laid = sankey<{ id: string }, Flow>()
    .nodeId((node) => node.id)
    .nodeWidth(12)
    .nodePadding(18)
    .extent([
      [10, 10],
      [Math.max(480, width) - 150, tall - 10],
    ])({
    nodes: ids.map((id) => ({ id })),
    links: found.flows.map((flow) => ({
      ...flow,
      source: flow.from,
      target: flow.to,
      value: flow.value || thin,
    })),
  });
  const remarks = [
    found.without > 0 ? say("trace.sankey.some", { n: found.without }) : "",
    found.loops > 0 ? say("trace.sankey.loop", { n: found.loops }) : "",
  ].filter(Boolean);
  const path = sankeyLinkHorizontal();
  const sums = new Map<string, number>();
  for (const id of ids) {
    const sum = (end: "from" | "to") =>
      found.flows.filter((flow) => flow[end] === id).reduce((total, flow) => total + flow.value, 0);
    sums.set(id, Math.max(sum("from"), sum("to")));
  }
  const amount = (value: number) => {
    const [shown, unit] = readable(value, found.unit);
    return quantity(shown, unit, say);
  };
  return (
    <div class="sankey">
      <p class="soft small">{remarks.join(" ")}</p>
      <svg width={Math.max(480, width)} height={tall} role="group" aria-label={say("trace.view.sankey")}>
        {laid.links.map((link) => {
          const from = traced.nodes[link.from]?.label ?? link.from;
          const to = traced.nodes[link.to]?.label ?? link.to;
          const known = knownOf.get(`${link.from}\n${link.to}`);
          const words = `${from} → ${to} ${known ? amount(link.value) : say("trace.sankey.unknown")}`;
          const pale = dim !== null && !link.links.some((at) => dim.has(at));
          const open = () => onLinks(link.links);
          return (
            <path
              key={link.from + link.to}
              class={`flow${pale ? " pale" : ""}${known ? "" : " thread"}`}
              d={path(link) ?? ""}
              stroke-width={known ? Math.max(1.5, link.width ?? 1) : 1.5}
              role="button"
              tabindex={0}
              aria-label={words}
              onClick={open}
              onKeyDown={(event) =>
                (event.key === "Enter" || event.key === " ") && (event.preventDefault(), open())
              }
            >
              <title>{words}</title>
            </path>
          );
        })}
        {laid.nodes.map((node) => {
          const [x0, x1, y0, y1] = [node.x0 ?? 0, node.x1 ?? 0, node.y0 ?? 0, node.y1 ?? 0];
          const known = traced.nodes[node.id];
          return (
            <g key={node.id}>
              <rect
                x={x0}
                y={y0}
                width={x1 - x0}
                height={Math.max(2, y1 - y0)}
                fill={typeColour(known?.type ?? "")}
              />
              <text class="flow-name" x={x1 + 6} y={(y0 + y1) / 2 + 4}>
                <title>{known?.label ?? node.id}</title>
                {cut(known?.label ?? node.id, 10)}{" "}
                <tspan class="soft-text">{sums.get(node.id) ? amount(sums.get(node.id) ?? 0) : ""}</tspan>
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
