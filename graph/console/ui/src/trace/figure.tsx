/** The chains as a picture: tiers from source to street, every hop a button that opens its evidence. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Traced, TraceLink } from "../api/types";
import { certainty, cut, quantity, span } from "../format";
import { TYPE_PATHS, typeColour } from "../parts/icons";
import { type Say, useSay } from "../words";
import { compose, fitting, HEAD, type Line, ofChain, type Spot } from "./layout";

/** More labels than this are shown only where somebody looks. */
const MOST_LABELS = 14;

interface Props {
  traced: Traced;
  chain: number | null;
  chosen: number | null;
  at: string | null;
  width: number;
  height: number;
  picture: RefObject<SVGSVGElement | null>;
  onLink: (at: number) => void;
  onNode: (id: string) => void;
}

const press = (go: () => void) => (event: KeyboardEvent) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  go();
};

export function Figure({ traced, chain, chosen, at, width, height, picture, onLink, onNode }: Props) {
  const say = useSay();
  const laid = compose(traced, width, height);
  const bright = ofChain(traced, chain);
  const all = traced.links.length <= MOST_LABELS;
  const [looked, setLooked] = useState<number | null>(null);
  const room = (laid.columns[1] ?? Infinity) - (laid.columns[0] ?? 0) - 2 * laid.radius - 14;
  const isLabelled = (line: Line) =>
    all || bright?.links.has(line.at) === true || chosen === line.at || looked === line.at;
  useEffect(() => {
    const frame = picture.current?.parentElement;
    const ys = [...(bright?.nodes ?? [])].flatMap((id) => laid.spots.get(id)?.y ?? []);
    if (!frame || ys.length === 0) return;
    // What was chosen comes into sight; where all fits nothing moves.
    frame.scrollTo({ top: ((Math.min(...ys) + Math.max(...ys)) / 2) * laid.scale - frame.clientHeight / 2 });
  }, [chain, height]);
  return (
    <svg
      ref={picture}
      class="chains"
      width={laid.width * laid.scale}
      height={laid.height * laid.scale}
      viewBox={`0 0 ${laid.width} ${laid.height}`}
      role="group"
      aria-label={say("trace.figure", { n: Object.keys(traced.nodes).length, m: traced.links.length })}
    >
      <defs>
        {["line", "strong", "pale"].map((name) => (
          <marker
            key={name}
            id={`head-${name}`}
            class={`head-${name}`}
            viewBox="0 0 10 10"
            refX="8"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0L10 5L0 10z" />
          </marker>
        ))}
      </defs>
      {laid.columns.map((x, tier) => (
        <g key={tier}>
          <rect class="tier-band" x={x - 52} y="0" width="104" height={laid.height} rx="6" />
          <text class="tier-name" x={x} y={HEAD - 14} text-anchor="middle">
            {tierName(traced, tier, say)}
          </text>
        </g>
      ))}
      {[...laid.lines]
        .sort((one, other) => rank(one, bright, chosen) - rank(other, bright, chosen))
        .map((line) => (
          <Arrow
            key={line.at}
            line={line}
            look={look(line, bright, chosen)}
            label={isLabelled(line)}
            words={hopWords(traced, line.link, say)}
            onOpen={() => onLink(line.at)}
            onLook={(is) => setLooked(is ? line.at : null)}
          />
        ))}
      {[...laid.spots.values()].map((spot) => (
        <Box
          key={spot.id}
          spot={spot}
          radius={laid.radius}
          traced={traced}
          pale={bright !== null && !bright.nodes.has(spot.id)}
          chosen={at === spot.id}
          onOpen={() => onNode(spot.id)}
        />
      ))}
      <g class="hop-labels" aria-hidden="true">
        {laid.lines.filter(isLabelled).map((line) => (
          <Label key={line.at} line={line} room={room} />
        ))}
      </g>
    </svg>
  );
}

type Bright = ReturnType<typeof ofChain>;
type Look = "line" | "strong" | "pale";

function look(line: Line, bright: Bright, chosen: number | null): Look {
  if (chosen === line.at) return "strong";
  if (bright === null) return "line";
  return bright.links.has(line.at) ? "strong" : "pale";
}

const rank = (line: Line, bright: Bright, chosen: number | null): number =>
  ({ pale: 0, line: 1, strong: 2 })[look(line, bright, chosen)];

function tierName(traced: Traced, tier: number, say: Say): string {
  const roles = new Map<string, number>();
  for (const id of traced.tiers[tier] ?? []) {
    const role = traced.nodes[id]?.role;
    if (role) roles.set(role, (roles.get(role) ?? 0) + 1);
  }
  const most = [...roles].sort((one, other) => other[1] - one[1])[0];
  if (most) return say.of("stand", most[0]);
  if (tier === 0) return say("trace.tier.source");
  return tier === traced.tiers.length - 1 ? say("trace.tier.street") : say("trace.tier.n", { n: tier + 1 });
}

/** The two lines at a hop; what has no room between its nodes is left to its name. */
function hopLines(link: TraceLink, say: Say, room = Infinity): [string, string] {
  const amount = quantity(link.quantity, link.unit, say);
  const time = span(link.earliest, link.latest, say);
  const [goods, sure] = [say.substance(link.substance), certainty(link.confidence)];
  const records = say("count.records", { n: link.records.length });
  return [
    fitting([[time, amount], [time]], room, 11.5),
    fitting([[goods, records, sure], [records, sure], [sure]], room, 10.5),
  ];
}

function hopWords(traced: Traced, link: TraceLink, say: Say): string {
  const name = (id: string) => cut(traced.nodes[id]?.label ?? id, 60);
  return `${name(link.from)} → ${name(link.to)} ${hopLines(link, say).join(" ")} ${say.of("basis", link.kind)}`;
}

interface ArrowProps {
  line: Line;
  look: Look;
  label: boolean;
  words: string;
  onOpen: () => void;
  onLook: (is: boolean) => void;
}

function Arrow({ line: { link, path, x, y }, look, label, words, onOpen, onLook }: ArrowProps) {
  return (
    <g
      class={`hop hop-${look}`}
      role="button"
      tabindex={look === "pale" ? -1 : 0}
      aria-label={words}
      onClick={onOpen}
      onKeyDown={press(onOpen)}
      onMouseEnter={() => onLook(true)}
      onMouseLeave={() => onLook(false)}
      onFocus={() => onLook(true)}
      onBlur={() => onLook(false)}
    >
      <title>{words}</title>
      <path class="hop-hit" d={path} />
      {label && <rect class="hop-words" x={x - 56} y={y - 18} width="112" height="36" />}
      <path
        class="hop-line"
        d={path}
        stroke-width={Math.min(5, 1.3 + Math.log2(1 + link.records.length) * 0.75)}
        stroke-dasharray={link.confidence < 0.5 ? "6 4" : undefined}
        marker-end={`url(#head-${look})`}
      />
    </g>
  );
}

/** Above all lines, so that none runs through it. */
function Label({ line: { link, x, y }, room }: { line: Line; room: number }) {
  const say = useSay();
  const [first, second] = hopLines(link, say, room);
  return (
    <g class="hop-label">
      <text x={x} y={y - 7} text-anchor="middle">
        {first}
      </text>
      <text class="hop-more" x={x} y={y + 16} text-anchor="middle">
        {second}
      </text>
    </g>
  );
}

interface BoxProps {
  spot: Spot;
  radius: number;
  traced: Traced;
  pale: boolean;
  chosen: boolean;
  onOpen: () => void;
}

function Box({ spot, radius, traced, pale, chosen, onOpen }: BoxProps) {
  const say = useSay();
  const node = traced.nodes[spot.id];
  if (!node) return null;
  const origin = spot.id === traced.trace.origin.id;
  const words = `${say.of("type", node.type)} ${cut(node.label, 9)}`;
  return (
    <g
      class={`who${pale ? " who-pale" : ""}${origin ? " who-origin" : ""}${chosen ? " who-chosen" : ""}`}
      transform={`translate(${spot.x} ${spot.y})`}
      role="button"
      tabindex={0}
      aria-label={words}
      onClick={onOpen}
      onKeyDown={press(onOpen)}
    >
      <title>{`${say.of("type", node.type)} ${cut(node.label, 400)}`}</title>
      <circle class="who-ring" r={radius + 4} />
      <circle r={radius} fill={typeColour(node.type)} />
      <path
        transform={`scale(${radius / 20}) translate(-12 -12)`}
        fill="#fff"
        fill-rule="evenodd"
        d={TYPE_PATHS[node.type] ?? ""}
      />
      <text class="who-name" y={radius + 17} text-anchor="middle">
        {cut(node.label, 9)}
      </text>
    </g>
  );
}
