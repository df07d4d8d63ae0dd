/** Which types are there; a click takes one out of the picture and back. */
import { TypeIcon } from "../parts/icons";
import { isDark } from "../state/prefs";
import { useSay } from "../words";
import { linkLook } from "./look";
import type { Drawing } from "./model";
import { counted, type Filter } from "./shown";

interface Props {
  drawing: Drawing;
  filter: Filter;
  onFilter: (some: Partial<Filter>) => void;
}

const toggled = (set: ReadonlySet<string>, one: string): Set<string> => {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
};

const DASHES = { solid: undefined, dashed: "6 3", dotted: "2 3" } as const;

export function Legend({ drawing, filter, onFilter }: Props) {
  const say = useSay();
  const types = counted(Object.values(drawing.dots).flatMap((dot) => (dot.absent ? [] : dot.type)));
  const links = counted(Object.values(drawing.links).map((link) => link.type));
  const dark = isDark();
  if (types.length === 0) return null;
  return (
    <section class="legend" aria-label={say("graph.legend")}>
      <div role="group" aria-label={say("graph.legend.nodes")}>
        {types.map(([type, count]) => (
          <button
            key={type}
            type="button"
            aria-pressed={!filter.types.has(type)}
            onClick={() => onFilter({ types: toggled(filter.types, type) })}
          >
            <TypeIcon type={type} size={18} />
            <span>{say.of("type", type)}</span>
            <span class="num soft">{count}</span>
          </button>
        ))}
      </div>
      <div role="group" aria-label={say("graph.legend.links")}>
        {links.map(([type, count]) => {
          const look = linkLook(type);
          return (
            <button
              key={type}
              type="button"
              aria-pressed={!filter.links.has(type)}
              onClick={() => onFilter({ links: toggled(filter.links, type) })}
            >
              <svg width="18" height="10" aria-hidden="true" focusable="false">
                <line
                  x1="0"
                  x2="18"
                  y1="5"
                  y2="5"
                  stroke={dark ? look.dark : look.light}
                  stroke-width="2.5"
                  stroke-dasharray={DASHES[look.line]}
                />
              </svg>
              <span>{say.of("link", type)}</span>
              <span class="num soft">{count}</span>
            </button>
          );
        })}
      </div>
      <p class="soft small">{say("graph.width")}</p>
    </section>
  );
}
