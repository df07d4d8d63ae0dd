/** Where it came from, or where it went: the chains, their hops, and the evidence behind each. */
import "../styles/trace.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Traced } from "../api/types";
import { useRead } from "../api/use";
import { EvidencePanel } from "../evidence/panel";
import { exportAs, FORMATS } from "../exporting";
import { day, endOf } from "../format";
import { want } from "../graph/wanted";
import { Empty, Loading, Name, Notice, Problem } from "../parts/basics";
import { lazy } from "../parts/lazy";
import { MenuButton } from "../parts/menu";
import { Tabs } from "../parts/tabs";
import { useSize } from "../parts/size";
import { entityHref, go, href, place } from "../router";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { Figure } from "./figure";
import { TraceForm, type Wish, wishOf } from "./form";
import { ofChain } from "./layout";
import { Chains, Excluded, Hops, Reached } from "./lists";
import { savePicture } from "./picture";

const Sankey = lazy(() => import("./sankey"));

export default function TracePage() {
  const say = useSay();
  const wish = wishOf(useStore(place));
  const read = useRead<Traced>(wish.who ? "/trace" : null, {
    ...wish,
    until: wish.until && endOf(wish.until),
    as_of: wish.as_of && endOf(wish.as_of),
  });
  return (
    <div class="trace-page">
      <h1 class="sr">{say("trace.title")}</h1>
      <TraceForm wish={wish} known={read.data?.trace.origin ?? null} />
      {!wish.who && <Empty title={say("trace.start")} say={say("trace.start.say")} />}
      <Problem
        error={read.error}
        again={read.again}
        choose={(one) => go(href("/trace", { ...wish, who: one.id }), true)}
      />
      {wish.who && read.loading && !read.data && <Loading />}
      {read.data && <Result key={JSON.stringify(wish)} traced={read.data} wish={wish} />}
    </div>
  );
}

type View = "tiers" | "sankey";
type List = "chains" | "hops" | "excluded" | "reached";

function Result({ traced, wish }: { traced: Traced; wish: Wish }) {
  const say = useSay();
  const { chains, excluded, reached } = traced.trace;
  const [view, setView] = useState<View>("tiers");
  const [list, setList] = useState<List>(chains.length > 0 ? "chains" : "excluded");
  const [chain, setChain] = useState<number | null>(chains.length > 0 ? 0 : null);
  const [links, setLinks] = useState<number[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [frame, size] = useSize<HTMLDivElement>();
  const picture = useRef<SVGSVGElement>(null);
  const bright = ofChain(traced, chain);
  const open = (at: number) => at >= 0 && setLinks([at]);
  const edges = [...new Set(links.flatMap((at) => traced.links[at]?.edges ?? []))];
  useEffect(() => {
    // A refreshed answer may have fewer links than the one that was clicked on.
    if (links.some((at) => at >= traced.links.length)) setLinks([]);
  }, [traced]);
  const shown = () => {
    const ids = bright ? [...bright.nodes] : Object.keys(traced.nodes);
    const some = traced.links
      .filter((_, at) => !bright || bright.links.has(at))
      .flatMap((link) => link.edges);
    return { ids, edges: [...new Set(some)] };
  };
  const title = `${traced.trace.origin.label} ${say(traced.trace.direction === "up" ? "trace.up" : "trace.down")}`;
  const save = async (format: (typeof FORMATS)[number]) => {
    const { ids, edges: some } = shown();
    setError(null);
    const trace = {
      who: traced.trace.origin.id,
      direction: traced.trace.direction,
      substance: wish.substance || null,
      until: endOf(wish.until) || null,
      max_hops: Number(wish.max_hops) || 8,
    };
    await exportAs(format, ids, some, title, { trace, as_of: endOf(wish.as_of) || null }).catch(setError);
  };
  const toGraph = () => {
    const { ids } = shown();
    const spots = spotsOf(traced, ids);
    const seen = recordsOf(traced);
    want(
      ids.flatMap((id) =>
        traced.nodes[id]
          ? [{ id, type: traced.nodes[id].type, label: traced.nodes[id].label, records: seen.get(id) ?? 0 }]
          : [],
      ),
      [],
      spots,
    );
    go("/graph");
  };
  return (
    <div class={edges.length > 0 ? "split" : "split closed"}>
      <div class="trace-main">
        <div class="toolbar">
          <h2>
            <Name text={traced.trace.origin.label} most={24} /> ·{" "}
            {say(traced.trace.direction === "up" ? "trace.up" : "trace.down")}
          </h2>
          <Notice />
          <Remarks traced={traced} wish={wish} />
          <span class="grow" />
          <div class="segmented" role="group" aria-label={say("trace.title")}>
            {(["tiers", "sankey"] as const).map((each) => (
              <button key={each} type="button" aria-pressed={view === each} onClick={() => setView(each)}>
                {say(`trace.view.${each}`)}
              </button>
            ))}
          </div>
          <button type="button" onClick={toGraph}>
            {say("trace.to.graph")}
          </button>
          <MenuButton
            label={say("graph.export")}
            items={[
              {
                label: say("graph.export.png"),
                go: () => void savePicture(picture.current, title).catch(setError),
              },
              ...FORMATS.map((format) => ({
                label: say(`graph.export.${format}`),
                go: () => void save(format),
              })),
            ]}
          />
        </div>
        <Problem error={error} />
        <div class="trace-figure" ref={frame} role="region" tabIndex={0} aria-label={say("trace.chains")}>
          {chains.length === 0 ? (
            <Empty title={traced.note?.[say.lang] ?? say("trace.none")} say={say("trace.none.say")} />
          ) : view === "tiers" ? (
            <Figure
              traced={traced}
              chain={chain}
              chosen={links.length === 1 ? (links[0] ?? null) : null}
              at={null}
              width={size.width}
              height={size.height}
              picture={picture}
              onLink={open}
              onNode={(id) => go(entityHref(id))}
            />
          ) : (
            <Sankey
              traced={traced}
              dim={bright?.links ?? null}
              width={size.width}
              height={size.height}
              onLinks={setLinks}
            />
          )}
        </div>
        <Tabs<List>
          label={say("trace.title")}
          at={list}
          onGo={setList}
          tabs={[
            { key: "chains", title: say("trace.chains"), count: chains.length },
            {
              key: "hops",
              title: say("trace.list"),
              count: bright ? bright.links.size : traced.links.length,
            },
            { key: "excluded", title: say("trace.excluded"), count: excluded.length },
            { key: "reached", title: say("trace.reached"), count: reached.length },
          ]}
        >
          {list === "chains" && <Chains traced={traced} chain={chain} onChain={setChain} onLink={open} />}
          {list === "hops" && (
            <Hops traced={traced} only={bright?.links ?? null} chosen={links[0] ?? null} onLink={open} />
          )}
          {list === "excluded" && <Excluded traced={traced} />}
          {list === "reached" && <Reached traced={traced} />}
        </Tabs>
      </div>
      {edges.length > 0 && <EvidencePanel edges={edges} asOf={wish.as_of && endOf(wish.as_of)} onClose={() => setLinks([])} />}
    </div>
  );
}

/** In how many records each entity of the chains is spoken of. */
function recordsOf(traced: Traced): Map<string, number> {
  const hops = traced.trace.chains.flatMap((chain) => chain.hops);
  const entities = [traced.trace.origin, ...hops.flatMap((hop) => [hop.from, hop.to])];
  return new Map(
    entities.map((one) => [one.id, new Set(one.mentions.map((mention) => mention.record)).size]),
  );
}

/** The tiers as they are seen here, for the graph. */
function spotsOf(traced: Traced, ids: readonly string[]): Record<string, { x: number; y: number }> {
  const high = 90 * Math.max(...traced.tiers.map((tier) => tier.length));
  const spot = (id: string) => {
    const tier = traced.nodes[id]?.tier ?? 0;
    const row = traced.tiers[tier] ?? [];
    return { x: tier * 210, y: ((row.indexOf(id) + 0.5) / Math.max(1, row.length)) * high };
  };
  return Object.fromEntries(ids.map((id) => [id, spot(id)]));
}

function Remarks({ traced, wish }: { traced: Traced; wish: Wish }) {
  const say = useSay();
  const lines = [
    wish.as_of ? say("trace.asof.note", { at: day(endOf(wish.as_of)) }) : "",
    traced.trace.truncated ? say("trace.truncated") : "",
  ].filter(Boolean);
  return (
    <>
      {lines.map((line) => (
        <span key={line} class="remark">
          {line}
        </span>
      ))}
      {traced.withheld && (
        <span class="remark withheld" role="note" title={say("trace.withheld")}>
          {say("trace.withheld.short")}
        </span>
      )}
    </>
  );
}
