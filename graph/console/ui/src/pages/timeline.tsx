/** Time in lanes. What is not known exactly is not drawn exactly: a year is a wide pale band, a bound a bracket. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Timeline, TimelineItem } from "../api/types";
import { cut, day, moment, span } from "../format";
import { go, recordHref } from "../router";
import { type Say, useSay } from "../words";
import { lay, type Placed } from "./lanes";

const NAME = 84;
const ROW = 16;

export function Lanes({ lanes, onEdge }: { lanes: Timeline["lanes"]; onEdge: (edge: string) => void }) {
  const say = useSay();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const watch = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(320, Math.floor(entry.contentRect.width))),
    );
    if (frame.current) watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  const laid = lay(lanes, width - NAME - 10);
  if (!laid) return <p class="soft">{say("timeline.none")}</p>;
  let y = 22;
  const rows = laid.lanes.map((lane) => {
    const top = y;
    y += lane.rows * ROW + 8;
    return { lane, top };
  });
  return (
    <div ref={frame}>
      <div class="timeline" role="region" tabIndex={0} aria-label={say("dossier.timeline")}>
        <svg width={width} height={y + 4} role="group" aria-label={say("dossier.timeline")}>
          {laid.ticks.map((tick) => (
            <g key={tick.label}>
              <line class="tick" x1={NAME + tick.x} x2={NAME + tick.x} y1="16" y2={y} />
              <text class="axis" x={NAME + tick.x} y="11" text-anchor="middle">
                {tick.label}
              </text>
            </g>
          ))}
          {rows.map(({ lane, top }) => (
            <g key={lane.type}>
              <text class="lane-name" x="0" y={top + 11}>
                {nameOf(lane.type, say)}
              </text>
              <line
                class="lane-line"
                x1="0"
                x2={width}
                y1={top + lane.rows * ROW + 3}
                y2={top + lane.rows * ROW + 3}
              />
              {lane.placed.map((one, at) => (
                <Item
                  key={at}
                  lane={nameOf(lane.type, say)}
                  one={one}
                  y={top + one.row * ROW}
                  onEdge={onEdge}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
      <p class="soft small">{say("timeline.legend")}</p>
    </div>
  );
}

const nameOf = (type: string, say: Say): string => {
  const kind = say.of("kind", type);
  return kind === type ? say.of("link", type) : kind;
};

export function when(item: TimelineItem, say: Say): string {
  if (item.precision === "minute") return moment(item.to);
  if (item.precision === "bound") return span(null, item.to, say);
  if (item.precision === "year") return day(item.from ?? item.to).slice(0, 4);
  if (item.precision === "month") return day(item.from ?? item.to).slice(0, 7);
  return span(item.from, item.to, say);
}

function Item({
  lane,
  one: { item, x, width },
  y,
  onEdge,
}: {
  lane: string;
  one: Placed;
  y: number;
  onEdge: (edge: string) => void;
}) {
  const say = useSay();
  const words = `${lane} ${when(item, say)}（${say.of("precision", item.precision)}） ${cut(item.label, 120)} · ${item.record}`;
  const open = () => (item.edge ? onEdge(item.edge) : go(recordHref(item.record)));
  const left = NAME + x;
  const right = left + width;
  return (
    <g
      class={`item item-${item.precision}`}
      role="button"
      tabindex={0}
      aria-label={words}
      onClick={open}
      onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), open())}
    >
      <title>{words}</title>
      <rect class="item-hit" x={left - 2} y={y - 1} width={width + 4} height={ROW - 1} />
      {item.precision === "bound" ? (
        <path class="item-bracket" d={`M${left} ${y + 6.5}H${right}M${right - 5} ${y + 1}h5v11h-5`} />
      ) : item.precision === "span" ? (
        <path
          class="item-bracket"
          d={`M${left + 4} ${y + 1}h-4v11h4M${right - 4} ${y + 1}h4v11h-4M${left} ${y + 6.5}H${right}`}
        />
      ) : (
        <rect class="item-band" x={left} y={y + 1} width={width} height={11} rx="2" />
      )}
    </g>
  );
}
