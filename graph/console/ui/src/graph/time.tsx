/** When links happened, as bars, and a stretch of time to which the graph is kept. */
import type { ComponentChildren } from "preact";
import { day } from "../format";
import { useSay } from "../words";
import type { Filter, Histogram } from "./shown";

const DAY = 86_400_000;
const HIGH = 34;

interface Props {
  found: Histogram | null;
  filter: Filter;
  onFilter: (some: Partial<Filter>) => void;
  children: ComponentChildren;
}

export function TimeFilter({ found, filter, onFilter, children }: Props) {
  const say = useSay();
  if (!found)
    return (
      <section class="time-filter" aria-label={say("graph.time")}>
        <div class="time-foot">
          <span class="soft">{say("graph.time.none")}</span>
          {children}
        </div>
      </section>
    );
  const days = Math.max(1, Math.round((found.to - found.from) / DAY));
  const from = filter.time ? Math.round((filter.time.from - found.from) / DAY) : 0;
  const to = filter.time ? Math.round((filter.time.to - found.from) / DAY) : days;
  const set = (first: number, last: number) => {
    const [one, other] = [Math.max(0, Math.min(first, last)), Math.min(days, Math.max(first, last))];
    onFilter({
      time:
        one === 0 && other === days ? null : { from: found.from + one * DAY, to: found.from + other * DAY },
    });
  };
  const top = Math.max(1, ...found.bars);
  const share = 100 / found.bars.length;
  const name = (at: number) => day(new Date(found.from + at * DAY).toISOString());
  return (
    <section class="time-filter" aria-label={say("graph.time")}>
      <div class="time-head">
        <label>
          {say("graph.time.from")} <span class="num">{name(from)}</span>
          <input
            type="range"
            min={0}
            max={days}
            value={from}
            aria-valuetext={name(from)}
            onInput={(event) => set(Number(event.currentTarget.value), to)}
          />
        </label>
        <svg
          class="histogram"
          viewBox={`0 0 100 ${HIGH}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={say("graph.time.hist")}
        >
          <line class="base" x1="0" x2="100" y1={HIGH - 0.5} y2={HIGH - 0.5} />
          {found.bars.map((count, at) => {
            const begins = (at / found.bars.length) * days;
            const out = begins + days / found.bars.length < from || begins > to;
            const high = count === 0 ? 0 : Math.max(3, (count / top) * (HIGH - 3));
            return (
              <rect
                key={at}
                class={out ? "bar-out" : "bar-in"}
                x={at * share + share * 0.1}
                width={share * 0.8}
                y={HIGH - high}
                height={high}
              />
            );
          })}
        </svg>
        <label>
          {say("graph.time.to")} <span class="num">{name(to)}</span>
          <input
            type="range"
            min={0}
            max={days}
            value={to}
            aria-valuetext={name(to)}
            onInput={(event) => set(from, Number(event.currentTarget.value))}
          />
        </label>
      </div>
      <div class="time-foot">
        <label class="check">
          <input
            type="checkbox"
            checked={filter.undated}
            onChange={(event) => onFilter({ undated: event.currentTarget.checked })}
          />
          {say("graph.time.undated", { n: found.undated })}
        </label>
        {filter.time && (
          <button type="button" class="small" onClick={() => onFilter({ time: null })}>
            {say("graph.time.reset")}
          </button>
        )}
        {children}
      </div>
    </section>
  );
}
