/** What the graph asks before it shows much. */
import { useState } from "preact/hooks";
import { cut } from "../format";
import { Dialog } from "../parts/dialog";
import { useSay } from "../words";
import { DEFAULT_MOST, MOST } from "./model";
import { NEIGHBOURS, type Question, question } from "./work";

export interface QuestionsProps {
  ask: Question;
  onExpand: (id: string, kinds: string[]) => void;
}

export default function Questions({ ask, onExpand }: QuestionsProps) {
  const say = useSay();
  const close = () => question.set(null);
  if (ask.kind === "cap")
    return (
      <Dialog title={say("graph.cap.title", { n: DEFAULT_MOST })} onClose={close}>
        <p>{say("graph.cap.say", { total: ask.total, most: MOST })}</p>
        <div class="row end">
          <button type="button" data-first onClick={close}>
            {say("do.cancel")}
          </button>
          <button type="button" class="primary" onClick={() => (close(), ask.go())}>
            {say("graph.cap.go", { most: MOST })}
          </button>
        </div>
      </Dialog>
    );
  return <Kinds ask={ask} onClose={close} onExpand={onExpand} />;
}

interface KindsProps {
  ask: Extract<Question, { kind: "ask" }>;
  onClose: () => void;
  onExpand: (id: string, kinds: string[]) => void;
}

function Kinds({ ask, onClose, onExpand }: KindsProps) {
  const say = useSay();
  const [kinds, setKinds] = useState<ReadonlySet<string>>(new Set());
  const toggle = (kind: string) => {
    const next = new Set(kinds);
    if (!next.delete(kind)) next.add(kind);
    setKinds(next);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (kinds.size === 0) return;
    onClose();
    onExpand(ask.node.id, [...kinds]);
  };
  return (
    <Dialog title={say("graph.ask.title")} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <fieldset>
          <legend>{say("graph.ask.say", { label: cut(ask.node.label, 40), n: NEIGHBOURS })}</legend>
          {Object.entries(ask.links)
            .sort((one, other) => other[1] - one[1])
            .map(([kind, count], at) => (
              <label key={kind} class="check">
                <input
                  type="checkbox"
                  {...(at === 0 ? { "data-first": true } : {})}
                  checked={kinds.has(kind)}
                  onChange={() => toggle(kind)}
                />
                {say.of("link", kind)} <span class="num soft">{count}</span>
              </label>
            ))}
        </fieldset>
        <div class="row end">
          <button type="button" onClick={onClose}>
            {say("do.cancel")}
          </button>
          <button type="submit" class="primary" disabled={kinds.size === 0}>
            {say("graph.ask.go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
