/** The commands of the graph as buttons. */
import { exportAs, fileName, FORMATS, save } from "../exporting";
import { Notice } from "../parts/basics";
import { MenuButton } from "../parts/menu";
import { useStore } from "../state/store";
import { useSay } from "../words";
import type { Commands } from "./page";
import type { Shown } from "./shown";
import type { StageHandle } from "./stage";
import * as work from "./work";

interface Props {
  shown: Shown;
  chosen: ReadonlySet<string>;
  commands: Commands;
  stage: { current: StageHandle | null };
  onError: (error: unknown) => void;
}

export function Tools({ shown, chosen, commands, stage, onError }: Props) {
  const say = useSay();
  const { past, now, future } = useStore(work.history);
  const none = chosen.size === 0;
  const rests = Object.values(now.hubs).reduce((sum, hub) => sum + hub.hidden.length, 0);
  const hidden = Object.values(now.dots).filter((dot) => dot.hidden && !dot.absent).length + rests;
  const pinned = !none && [...chosen].every((id) => now.dots[id]?.pinned);
  const empty = shown.nodes.length === 0;
  const then = now.asOf === null ? "" : ` ${say("graph.asof.title", { at: now.asOf })}`;
  const title = `${say("app.name")} ${say("graph.title")}${then}`;
  const png = async () => {
    const blob = await stage.current?.png();
    if (blob) save(blob, fileName(title, "png"));
  };
  const items = [
    { label: say("graph.export.png"), go: () => void png().catch(onError) },
    ...FORMATS.map((format) => ({
      label: say(`graph.export.${format}`),
      go: () => {
        const { nodes, edges, ...more } = work.exported();
        void exportAs(format, nodes, edges, title, more).catch(onError);
      },
    })),
  ];
  return (
    <div class="toolbar" role="toolbar" aria-label={say("graph.tools")}>
      <button type="button" disabled={none} onClick={commands.expand}>
        {say("graph.expand")}
      </button>
      <button type="button" disabled={none} onClick={commands.pin} title="p">
        {pinned ? say("graph.unpin") : say("graph.pin")}
      </button>
      <button type="button" disabled={none} onClick={commands.hide} title="x">
        {say("graph.hide")}
      </button>
      <button type="button" disabled={none} onClick={commands.remove}>
        {say("graph.remove")}
      </button>
      <button type="button" disabled={chosen.size < 2} onClick={commands.group} title="m">
        {say("graph.group")}
      </button>
      <button type="button" disabled={empty} onClick={commands.path} title="r">
        {say("graph.path")}
      </button>
      {hidden > 0 && (
        <button type="button" onClick={() => work.deed({ do: "unhide" })}>
          {say("graph.unhide", { n: hidden })}
        </button>
      )}
      <span class="divider" />
      <button type="button" disabled={past.length === 0} onClick={commands.undo} title="Ctrl+Z">
        {say("graph.undo")}
      </button>
      <button type="button" disabled={future.length === 0} onClick={commands.redo} title="Ctrl+Y">
        {say("graph.redo")}
      </button>
      <span class="divider" />
      <button type="button" disabled={empty} onClick={commands.arrange}>
        {say("graph.arrange")}
      </button>
      <button type="button" disabled={empty} onClick={commands.fit} title="f">
        {say("graph.fit")}
      </button>
      <button
        type="button"
        class="icon"
        disabled={empty}
        aria-label={say("graph.in")}
        onClick={() => stage.current?.zoom(1.25)}
      >
        +
      </button>
      <button
        type="button"
        class="icon"
        disabled={empty}
        aria-label={say("graph.out")}
        onClick={() => stage.current?.zoom(0.8)}
      >
        −
      </button>
      <span class="grow" />
      <Notice />
      <button
        type="button"
        disabled={Object.keys(now.dots).length === 0}
        onClick={() => (work.choose([]), work.deed({ do: "clear" }))}
      >
        {say("graph.clear")}
      </button>
      <MenuButton label={say("graph.export")} items={items} disabled={empty} />
    </div>
  );
}
