/** The records that a link stands on, and what speaks against it. */
import { useEffect, useRef } from "preact/hooks";
import type { Edge, Entity, Evidence } from "../api/types";
import { useRead } from "../api/use";
import { moment, quantity, span } from "../format";
import { Certainty, Loading, Name, Notice, Problem } from "../parts/basics";
import { useSay } from "../words";
import { RecordCard } from "./record";

/** More ids would not fit into an address. */
const MOST = 60;

export function EvidencePanel({
  edges,
  asOf,
  onClose,
  title,
}: {
  edges: string[];
  asOf?: string | undefined;
  onClose?: () => void;
  title?: string;
}) {
  const say = useSay();
  const frame = useRef<HTMLElement>(null);
  const asked = edges.slice(0, MOST).join(",");
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof Element && before.isConnected) (before as HTMLElement | SVGElement).focus();
    };
  }, []);
  useEffect(() => frame.current?.focus({ preventScroll: true }), [asked]);
  return (
    <aside
      class="evidence"
      aria-label={say("evidence.title")}
      ref={frame}
      tabIndex={-1}
      onKeyDown={(event) => event.key === "Escape" && onClose?.()}
    >
      <header class="evidence-head">
        <h2>{title ?? say("evidence.title")}</h2>
        <Notice />
        {onClose && (
          <button type="button" class="quiet" aria-label={say("do.close")} onClick={onClose}>
            ×
          </button>
        )}
      </header>
      <EvidenceBody edges={edges} asOf={asOf} />
    </aside>
  );
}

/** What edges stand on; as of a moment, what they stood on then. */
export function EvidenceBody({ edges, asOf }: { edges: string[]; asOf?: string | null | undefined }) {
  const say = useSay();
  const asked = edges.slice(0, MOST).join(",");
  const read = useRead<Evidence>(asked ? "/evidence" : null, { edges: asked, as_of: asOf });
  const found = read.data;
  return (
    <div class="evidence-body">
      <Problem error={read.error} again={read.again} />
      {read.loading && !found && <Loading />}
      {edges.length > MOST && <p class="soft">{say("evidence.cut", { n: MOST })}</p>}
      {found && <Found found={found} />}
    </div>
  );
}

function Found({ found }: { found: Evidence }) {
  const say = useSay();
  const known = new Map(found.entities.map((entity) => [entity.id, entity]));
  const marks = found.records.some((record) => (record.highlights ?? []).length > 0);
  return (
    <>
      <Statements edges={found.edges} known={known} />
      <p class={found.origins < 2 ? "origins few" : "origins"}>
        {found.origins < 2 ? say("evidence.origins.one") : say("evidence.origins", { n: found.origins })}
      </p>
      <section class="against">
        <h3>{say("evidence.against")}</h3>
        {found.against.length === 0 ? (
          <p class="soft">{say("evidence.against.none")}</p>
        ) : (
          <ul>
            {found.against.map((words) => (
              <li key={words.zh}>{words[say.lang]}</li>
            ))}
          </ul>
        )}
      </section>
      <h3>
        {say("evidence.records")} <span class="count num">{found.records.length}</span>
      </h3>
      {marks && <p class="soft small">{say("evidence.marked")}</p>}
      {found.records.map((record) => (
        <RecordCard key={record.record} record={record} />
      ))}
    </>
  );
}

function Statements({ edges, known }: { edges: Edge[]; known: Map<string, Entity> }) {
  const say = useSay();
  const pairs = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = `${edge.type}\n${edge.from}\n${edge.to}`;
    pairs.set(key, [...(pairs.get(key) ?? []), edge]);
  }
  const label = (id: string) => known.get(id)?.label ?? id;
  return (
    <>
      {[...pairs].map(([key, some]) => {
        const first = some[0] as Edge;
        return (
          <section key={key} class="statement">
            <h3>
              <Name text={label(first.from)} most={20} />{" "}
              <span class="arrow">— {say.of("link", first.type)} →</span>{" "}
              <Name text={label(first.to)} most={20} />
            </h3>
            <ul class="plain">
              {some.map((edge) => (
                <li key={edge.id}>
                  <span class="num">{span(edge.earliest, edge.latest, say)}</span>{" "}
                  {edge.substance && <span>{say.substance(edge.substance)} </span>}
                  <span class="num">{quantity(edge.quantity, edge.unit, say)}</span>{" "}
                  <span class="tag">{say.of("basis", edge.basis)}</span>{" "}
                  <Certainty value={edge.confidence ?? 1} />
                  {edge.confirmed && (
                    <p class="soft">
                      {say("evidence.confirmed", {
                        by: edge.confirmed.by,
                        at: moment(edge.confirmed.at),
                        because: edge.confirmed.because,
                      })}
                    </p>
                  )}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
