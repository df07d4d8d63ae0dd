/** Sites by line of defence, the routes between them and where seizures were: geometry that ships, no tiles. */
import "../styles/map.css";
import { geoMercator, geoPath, type GeoProjection } from "d3-geo";
import { useMemo, useState } from "preact/hooks";
import type { MapData } from "../api/types";
import { useRead } from "../api/use";
import { Empty, Loading, Name, Notice, Problem, RecordLink } from "../parts/basics";
import { span } from "../format";
import { useSize } from "../parts/size";
import { workCase } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { labelled, wound } from "./geometry";

const SHAPES: Readonly<Record<number, string>> = {
  1: "M0-7L7 6H-7Z",
  2: "M-6-6H6V6H-6Z",
  3: "M0-6.500A6.500 6.500 0 1 1 0 6.500A6.500 6.500 0 1 1 0-6.500Z",
};

export default function MapPage() {
  const say = useSay();
  const on = useStore(workCase);
  const read = useRead<MapData>("/map", { case: on });
  const [at, setAt] = useState<string | null>(null);
  const found = read.data;
  return (
    <div class="map-page">
      <div class="map-main">
        <header class="page-head">
          <h1>{say("map.title")}</h1>
          <Notice />
          <span class="soft small">{say("map.assumed")}</span>
        </header>
        <Problem error={read.error} again={read.again} />
        {read.loading && !found && <Loading />}
        {found && found.sites.length + found.places.length === 0 && (
          <Empty title={say("map.none")} say={say("map.none.say")} />
        )}
        {found && <Picture data={found} at={at} onAt={setAt} />}
      </div>
      <aside class="map-side" aria-label={say("map.sites")}>
        {found && <Lists data={found} at={at} onAt={setAt} />}
      </aside>
    </div>
  );
}

interface Props {
  data: MapData;
  at: string | null;
  onAt: (id: string | null) => void;
}

interface Sight {
  zoom: number;
  x: number;
  y: number;
}

const WHOLE: Sight = { zoom: 1, x: 0, y: 0 };

function Picture({ data, at, onAt }: Props) {
  const say = useSay();
  const [frame, size] = useSize<HTMLDivElement>();
  const [sight, setSight] = useState(WHOLE);
  const projection = useMemo(() => fitted(data, size.width, size.height), [data, size]);
  const outline = useMemo(
    () => wound(data.land).features.map((feature) => geoPath(projection)(feature) ?? ""),
    [data, projection],
  );
  const zoom = (by: number) =>
    setSight(({ zoom: now, x, y }) => {
      const next = Math.min(12, Math.max(1, now * by));
      const [cx, cy] = [size.width / 2, size.height / 2];
      return { zoom: next, x: cx - ((cx - x) / now) * next, y: cy - ((cy - y) / now) * next };
    });
  const pan = (dx: number, dy: number) => setSight((now) => ({ ...now, x: now.x + dx, y: now.y + dy }));
  const press = (event: KeyboardEvent) => {
    const ways: Record<string, () => void> = {
      ArrowLeft: () => pan(50, 0),
      ArrowRight: () => pan(-50, 0),
      ArrowUp: () => pan(0, 50),
      ArrowDown: () => pan(0, -50),
      "+": () => zoom(1.4),
      "=": () => zoom(1.4),
      "-": () => zoom(1 / 1.4),
      "0": () => setSight(WHOLE),
    };
    const way = ways[event.key];
    if (!way || event.target !== event.currentTarget) return;
    event.preventDefault();
    way();
  };
  const drag = (event: PointerEvent) => {
    if (event.buttons === 1) pan(event.movementX, event.movementY);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  };
  return (
    <div class="map-frame" ref={frame}>
      <svg
        class="map"
        width={size.width}
        height={size.height}
        role="group"
        tabindex={0}
        aria-label={say("map.figure")}
        onKeyDown={press}
        onPointerMove={drag}
        onWheel={wheel}
      >
        <g transform={`translate(${sight.x} ${sight.y}) scale(${sight.zoom})`}>
          {outline.map((path, each) => (
            <path key={each} class="land" d={path} stroke-width={1 / sight.zoom} />
          ))}
          <Marks data={data} at={at} onAt={onAt} projection={projection} zoom={sight.zoom} />
        </g>
      </svg>
      <div class="map-tools">
        <button type="button" class="icon" aria-label={say("map.in")} onClick={() => zoom(1.4)}>
          +
        </button>
        <button type="button" class="icon" aria-label={say("map.out")} onClick={() => zoom(1 / 1.4)}>
          −
        </button>
        <button type="button" onClick={() => setSight(WHOLE)}>
          {say("map.whole")}
        </button>
      </div>
      <ul class="map-legend">
        {([1, 2, 3] as const).map((line) => (
          <li key={line}>
            <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
              <path class={`site site-${line}`} d={SHAPES[line]} />
            </svg>
            {say(`map.line.${line}`)}
          </li>
        ))}
        <li>
          <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
            <path class="found" d="M-5-5L5 5M5-5L-5 5" />
          </svg>
          {say("map.places")}
        </li>
      </ul>
    </div>
  );
}

/** So that sites and places fill the frame; without any, the land does. */
function fitted(data: MapData, width: number, height: number): GeoProjection {
  const points = [...data.sites, ...data.places].map((one) => [one.lon, one.lat]);
  const target: GeoJSON.GeoJSON = points.length > 1 ? { type: "MultiPoint", coordinates: points } : data.land;
  const room = Math.min(70, width / 8, height / 8);
  return geoMercator().fitExtent(
    [
      [room, room],
      [Math.max(room + 1, width - room), Math.max(room + 1, height - room)],
    ],
    target as never,
  );
}

function Marks({ data, at, onAt, projection, zoom }: Props & { projection: GeoProjection; zoom: number }) {
  const say = useSay();
  const spot = (lon: number, lat: number) => projection([lon, lat]) ?? [0, 0];
  const spots = new Map(data.sites.map((site) => [site.id, spot(site.lon, site.lat)]));
  const names = labelled(
    [...data.sites]
      .sort((one, other) => other.records - one.records)
      .map((site) => {
        const [x, y] = spots.get(site.id) ?? [0, 0];
        return { id: site.id, x: x * zoom, y: y * zoom, wide: 12 * Math.min(16, site.name.length) };
      }),
  );
  return (
    <>
      {data.routes.map((route, each) => {
        const [from, to] = [spots.get(route.from), spots.get(route.to)];
        if (!from || !to) return null;
        const [mx, my] = [
          ((from[0] ?? 0) + (to[0] ?? 0)) / 2,
          ((from[1] ?? 0) + (to[1] ?? 0)) / 2 - 18 / zoom,
        ];
        return (
          <path
            key={each}
            class="route"
            d={`M${from[0]} ${from[1]}Q${mx} ${my} ${to[0]} ${to[1]}`}
            stroke-width={(1 + Math.min(6, Math.log2(1 + route.records))) / zoom}
          >
            <title>{`${siteName(data, route.from)} → ${siteName(data, route.to)} · ${say("map.times", { n: route.records })} · ${span(route.earliest, route.latest, say)}`}</title>
          </path>
        );
      })}
      {data.places.map((place, each) => {
        const [x, y] = spot(place.lon, place.lat);
        return (
          <g key={each} transform={`translate(${x} ${y}) scale(${1 / zoom})`}>
            <path class="found" d="M-5-5L5 5M5-5L-5 5" />
            <title>{`${place.name} · ${place.record}`}</title>
          </g>
        );
      })}
      {data.sites.map((site) => {
        const [x, y] = spots.get(site.id) ?? [0, 0];
        const words = `${site.name} · ${say(`map.line.${site.line}`)} · ${say("count.records", { n: site.records })}`;
        const open = () => onAt(at === site.id ? null : site.id);
        return (
          <g
            key={site.id}
            class={`site-mark${at === site.id ? " chosen" : ""}${site.records === 0 ? " none" : ""}`}
            transform={`translate(${x} ${y}) scale(${1 / zoom})`}
            role="button"
            tabindex={0}
            aria-pressed={at === site.id}
            aria-label={words}
            onClick={open}
            onKeyDown={(event) =>
              (event.key === "Enter" || event.key === " ") && (event.preventDefault(), open())
            }
          >
            <title>{words}</title>
            <circle class="site-ring" r="12" />
            <path class={`site site-${site.line}`} d={SHAPES[site.line]} />
            <text
              class={names.has(site.id) || at === site.id ? "site-name" : "site-name rest"}
              y={names.get(site.id) === "below" ? 20 : -11}
              text-anchor="middle"
            >
              {site.name.slice(0, 16)}
            </text>
          </g>
        );
      })}
    </>
  );
}

const siteName = (data: MapData, id: string): string => data.sites.find((site) => site.id === id)?.name ?? id;

function Lists({ data, at, onAt }: Props) {
  const say = useSay();
  return (
    <>
      {([1, 2, 3] as const).map((line) => {
        const sites = data.sites
          .filter((site) => site.line === line)
          .sort((one, other) => other.records - one.records);
        if (sites.length === 0) return null;
        return (
          <section key={line}>
            <h2>{say(`map.line.${line}`)}</h2>
            <ul class="plain">
              {sites.map((site) => (
                <li key={site.id}>
                  <button
                    type="button"
                    class="list-line"
                    aria-pressed={at === site.id}
                    onClick={() => onAt(at === site.id ? null : site.id)}
                  >
                    <Name text={site.name} />
                    <span class="num soft">{say("count.records", { n: site.records })}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {data.routes.length > 0 && (
        <section>
          <h2>{say("map.routes")}</h2>
          <p class="soft small">{say("map.order")}</p>
          <ul class="plain">
            {data.routes.map((route, each) => (
              <li key={each}>
                {siteName(data, route.from)} → {siteName(data, route.to)}{" "}
                <span class="num soft">
                  {say("map.times", { n: route.records })} · {span(route.earliest, route.latest, say)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {data.undated > 0 && <p class="soft small">{say("map.undated", { n: data.undated })}</p>}
      {data.places.length > 0 && (
        <section>
          <h2>{say("map.places")}</h2>
          <ul class="plain">
            {data.places.slice(0, 200).map((place, each) => (
              <li key={each}>
                <Name text={place.name} /> <RecordLink name={place.record} most={26} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
