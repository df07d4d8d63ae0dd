/** As of when the graph is looked at: a date to choose, and a line that says so while it is not now. */
import { day } from "../format";
import { useSay } from "../words";
import type { Drawing } from "./model";

const today = (): string => day(new Date().toISOString());

interface AsOfProps {
  at: string | null;
  onLook: (to: string | null) => void;
}

export function AsOf({ at, onLook }: AsOfProps) {
  const say = useSay();
  const look = (input: HTMLInputElement) => {
    if (input.value === "") onLook(null);
    else if (input.validity.valid && input.value !== at) onLook(input.value);
  };
  return (
    <label class="as-of" title={say("graph.asof.hint")}>
      {say("trace.asof")}{" "}
      <input
        type="date"
        value={at ?? ""}
        min="1949-10-01"
        max={today()}
        onChange={(event) => look(event.currentTarget)}
      />
    </label>
  );
}

interface BackProps {
  drawing: Drawing;
  onBack: () => void;
}

export function LookingBack({ drawing, onBack }: BackProps) {
  const say = useSay();
  const absent = Object.values(drawing.dots).filter((dot) => dot.absent).length;
  return (
    <div class="looking-back" aria-live="polite">
      {drawing.asOf !== null && (
        <p>
          <strong>{say("graph.asof.looking", { at: drawing.asOf })}</strong>{" "}
          {absent > 0 && say("graph.asof.absent", { n: absent })}{" "}
          <button type="button" class="small" onClick={onBack}>
            {say("graph.asof.now")}
          </button>
        </p>
      )}
    </div>
  );
}
