/** The graph: what was found, expanded step by step. */
import "../styles/graph.css";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { REFRESH } from "../api/use";
import { EvidenceBody } from "../evidence/panel";
import { Empty, Notice, Problem } from "../parts/basics";
import { lazy } from "../parts/lazy";
import { Tabs } from "../parts/tabs";
import { go, href } from "../router";
import { isShortcut } from "../shell/keys";
import { useFollowing } from "../state/following";
import { prefs } from "../state/prefs";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { Chosen } from "./chosen";
import { Legend } from "./legend";
import { GraphList } from "./list";
import { AsOf, LookingBack } from "./moment";
import { restCalled } from "./rest";
import { type Filter, histogram, show, type ShownLink } from "./shown";
import type { QuestionsProps } from "./questions";
import type { SavedProps } from "./saved";
import { Stage, type StageHandle } from "./stage";
import { TimeFilter } from "./time";
import { Tools } from "./tools";
import * as work from "./work";
import { wanted } from "./wanted";

const ChangesPanel = lazy(() => import("./changes"));
const Questions = lazy<QuestionsProps>(() => import("./questions"));
const SavedViews = lazy<SavedProps>(() => import("./saved"));

type Side = "chosen" | "list" | "evidence" | "changes" | "views";

export default function GraphPage() {
  const say = useSay();
  useStore(prefs);
  const { now } = useStore(work.history);
  const filter = useStore(work.filter);
  const chosen = useStore(work.chosen);
  const link = useStore(work.chosenLink);
  const marked = useStore(work.marked);
  const ask = useStore(work.question);
  const [side, setSide] = useState<Side>("chosen");
  const [error, setError] = useState<unknown>(null);
  const stage = useRef<StageHandle>(null);
  const shown = useMemo(() => show(now, filter, restCalled(say)), [now, filter, say.lang]);
  const rests = shown.nodes.filter((node) => node.more > 0).length;
  const entities = shown.nodes.length - rests;
  const times = useMemo(() => histogram(Object.values(now.links)), [now.links]);
  const attempt = (doing: Promise<unknown>) => {
    setError(null);
    doing.catch(setError);
  };
  useWanted(attempt);
  useEffect(() => {
    const again = () => attempt(work.refresh());
    window.addEventListener(REFRESH, again);
    return () => window.removeEventListener(REFRESH, again);
  }, []);
  useFollowing(() => attempt(work.refresh()));
  const arrived = useStore(work.arrived);
  useEffect(() => {
    if (arrived.length > 0) stage.current?.show(arrived);
  }, [arrived]);
  const setFilter = (some: Partial<Filter>) => work.filter.change((before) => ({ ...before, ...some }));
  const pick = (ids: string[], add: boolean) => {
    const next = add ? toggled(chosen, ids) : new Set(ids);
    work.choose(next);
    if (side === "evidence") setSide("chosen");
  };
  const openLink = (id: string) => {
    const rest = shown.nodes.find((node) => node.more > 0 && id === `${node.id}:link`);
    if (rest) return pick([rest.id], false);
    work.chosen.set(new Set());
    work.chosenLink.set(id);
    setSide("evidence");
  };
  const expand = (id: string, kinds?: string[]) => attempt(work.expand(id, kinds));
  const commands = useCommands(stage, {
    attempt,
    expand,
    list: () => setSide("list"),
    fast: shown.nodes.length > 400,
  });
  const current: ShownLink | undefined = shown.links.find((one) => one.id === link);
  return (
    <div class="graph-page">
      <h1 class="sr">{say("graph.title")}</h1>
      <Tools shown={shown} chosen={chosen} commands={commands} onError={setError} stage={stage} />
      <div class="graph-main">
        <Problem error={error} again={error ? () => setError(null) : undefined} />
        <LookingBack drawing={now} onBack={() => attempt(work.lookBack(null))} />
        <div class="stage">
          {Object.keys(now.dots).length === 0 && (
            <Empty title={say("graph.start")} say={say("graph.start.say")} />
          )}
          <Stage
            shown={shown}
            chosen={chosen}
            link={link}
            changed={marked}
            handle={stage}
            ways={{
              choose: pick,
              link: openLink,
              nothing: () => work.choose([]),
              expand,
              moved: (spots) => work.deed({ do: "move", spots }),
            }}
          />
          <Legend drawing={now} filter={filter} onFilter={setFilter} />
          <p class="stage-foot soft small">
            <span class="num">{say("graph.counts", { n: entities, m: shown.links.length - rests })}</span>
            {shown.nodes.length > 800 && <span> · {say("graph.fast")}</span>}
          </p>
        </div>
        <TimeFilter found={times} filter={filter} onFilter={setFilter}>
          <AsOf at={now.asOf} onLook={(to) => attempt(work.lookBack(to))} />
        </TimeFilter>
      </div>
      <aside class="side" aria-label={say("graph.panel")}>
        <Tabs<Side>
          label={say("graph.panel")}
          at={side}
          onGo={setSide}
          tabs={(["chosen", "list", "evidence", "changes", "views"] as const).map((key) => ({
            key,
            title: say(`graph.tab.${key}`),
          }))}
        >
          {side === "chosen" && (
            <Chosen
              drawing={now}
              shown={shown}
              chosen={chosen}
              onExpand={expand}
              onChoose={(ids) => pick(ids, false)}
            />
          )}
          {side === "list" && (
            <GraphList
              shown={shown}
              chosen={chosen}
              link={link}
              onChoose={(id, add) => pick([id], add)}
              onExpand={expand}
              onLink={(one) => openLink(one.id)}
            />
          )}
          {side === "evidence" && (
            <>
              <h2 class="sr">{say("evidence.title")}</h2>
              <Notice />
              {current ? (
                <EvidenceBody edges={current.edges} asOf={work.asOf(now.asOf)} />
              ) : (
                <p class="soft">{say("evidence.start")}</p>
              )}
            </>
          )}
          {side === "changes" && <ChangesPanel />}
          {side === "views" && <SavedViews onOpened={() => stage.current?.fitNext()} />}
        </Tabs>
      </aside>
      {ask && <Questions ask={ask} onExpand={expand} />}
    </div>
  );
}

function toggled(set: ReadonlySet<string>, ids: readonly string[]): Set<string> {
  const next = new Set(set);
  const [only] = ids;
  if (ids.length === 1 && only !== undefined && next.delete(only)) return next;
  for (const id of ids) next.add(id);
  return next;
}

/** Puts in what other pages asked for, once. */
function useWanted(attempt: (doing: Promise<unknown>) => void): void {
  const asked = useStore(wanted);
  useEffect(() => {
    if (!asked) return;
    wanted.set(null);
    const ids = asked.nodes.length === 1 ? asked.nodes.map((node) => node.id) : [];
    const added = work.addNodes(asked.nodes, asked.links, { spots: asked.spots, whole: true });
    // Selected when it is drawn: whoever is quick would expand what is not there yet, and nothing would happen.
    attempt(added.then(() => work.choose(ids.filter((id) => work.drawing().dots[id]))));
  }, [asked]);
}

export interface Commands {
  expand(): void;
  pin(): void;
  hide(): void;
  remove(): void;
  group(): void;
  path(): void;
  trace(): void;
  undo(): void;
  redo(): void;
  fit(): void;
  arrange(): void;
}

interface Means {
  attempt(doing: Promise<unknown>): void;
  expand(id: string): void;
  list(): void;
  fast: boolean;
}

/** What buttons and keys do; they read the selection when they are used. */
function useCommands(stage: { current: StageHandle | null }, means: Means): Commands {
  const say = useSay();
  const now = useRef(means);
  now.current = means;
  const commands: Commands = useMemo(() => makeCommands(stage, now, () => stage.current?.fitNext()), []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !isField(event)) {
        const key = event.key.toLowerCase();
        if (key === "z" && !event.shiftKey) commands.undo();
        else if (key === "y" || key === "z") commands.redo();
        else return;
        event.preventDefault();
        return;
      }
      if (!isShortcut(event) || event.defaultPrevented) return;
      const run: Record<string, () => void> = {
        p: commands.pin,
        x: commands.hide,
        m: commands.group,
        r: commands.path,
        t: commands.trace,
        f: commands.fit,
        l: now.current.list,
      };
      const command = run[event.key];
      if (!command) return;
      event.preventDefault();
      command();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [say.lang]);
  return commands;
}

const isField = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement && ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);

function makeCommands(
  stage: { current: StageHandle | null },
  now: { current: Means },
  fit: () => void,
): Commands {
  const ids = () => [...work.chosen.get()];
  return {
    expand: () =>
      ids()
        .slice(0, 10)
        .forEach((id) => now.current.expand(id)),
    pin: () => {
      const dots = work.drawing().dots;
      work.deed({ do: "pin", ids: ids(), pinned: !ids().every((id) => dots[id]?.pinned) });
    },
    hide: () => work.deed({ do: "hide", ids: ids() }),
    remove: () => work.deed({ do: "remove", ids: ids() }),
    group: () => work.groupChosen(),
    path: () => {
      const [from, to, ...more] = ids();
      if (from !== undefined && to !== undefined && more.length === 0)
        now.current.attempt(work.path(from, to));
      else work.needTwo();
    },
    trace: () => {
      const [who] = ids();
      const { dots, asOf } = work.drawing();
      if (who !== undefined && dots[who]) go(href("/trace", { who, direction: "up", as_of: asOf }));
    },
    undo: () => work.deed({ do: "undo" }),
    redo: () => work.deed({ do: "redo" }),
    fit: () => stage.current?.fit(),
    arrange: () => {
      const spots = now.current.fast ? work.radialSpots() : stage.current?.arrange();
      if (!spots) return;
      fit();
      work.deed({ do: "move", spots });
    },
  };
}
