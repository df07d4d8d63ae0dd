/** What to trace. The answer to it is an address, so it can be kept and sent. */
import { useEffect, useState } from "preact/hooks";
import { Field } from "../parts/basics";
import { go, href, type Place } from "../router";
import { useSay } from "../words";
import { SUBSTANCES } from "../words/substances";

export interface Wish {
  who: string;
  direction: "up" | "down";
  substance: string;
  until: string;
  as_of: string;
  max_hops: string;
}

export function wishOf({ query }: Place): Wish {
  const word = (name: string) => query.get(name) ?? "";
  return {
    who: word("who").trim(),
    direction: word("direction") === "down" ? "down" : "up",
    substance: word("substance"),
    until: word("until"),
    as_of: word("as_of"),
    max_hops: word("max_hops") || "8",
  };
}

/** `known` is whom the last trace was of: their name stands for their id until somebody writes another. */
export function TraceForm({ wish, known }: { wish: Wish; known: { id: string; label: string } | null }) {
  const say = useSay();
  const [now, setNow] = useState(wish);
  useEffect(() => setNow(wish), [JSON.stringify(wish)]);
  const set = (some: Partial<Wish>) => setNow({ ...now, ...some });
  const submit = (event: Event) => {
    event.preventDefault();
    if (!now.who.trim()) return;
    go(href("/trace", { ...now, who: now.who.trim(), max_hops: now.max_hops === "8" ? "" : now.max_hops }));
  };
  return (
    <form class="trace-form" onSubmit={submit}>
      <Field label={say("trace.who")}>
        <input
          class="wide"
          required
          value={known && now.who === known.id ? known.label : now.who}
          title={now.who}
          placeholder={say("trace.who.hint")}
          maxLength={200}
          spellcheck={false}
          onInput={(event) => set({ who: event.currentTarget.value })}
        />
      </Field>
      <Field label={say("trace.direction")}>
        <select
          value={now.direction}
          onChange={(event) => set({ direction: event.currentTarget.value as Wish["direction"] })}
        >
          <option value="up">{say("trace.up")}</option>
          <option value="down">{say("trace.down")}</option>
        </select>
      </Field>
      <Field label={say("trace.substance")}>
        <select value={now.substance} onChange={(event) => set({ substance: event.currentTarget.value })}>
          <option value="">{say("trace.substance.any")}</option>
          {Object.keys(SUBSTANCES).map((code) => (
            <option key={code} value={code}>
              {say.substance(code)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={say("trace.until")}>
        <input type="date" value={now.until} onInput={(event) => set({ until: event.currentTarget.value })} />
      </Field>
      <Field label={say("trace.asof")}>
        <input type="date" value={now.as_of} onInput={(event) => set({ as_of: event.currentTarget.value })} />
      </Field>
      <Field label={say("trace.hops")}>
        <input
          type="number"
          class="hops"
          min={1}
          max={20}
          value={now.max_hops}
          onInput={(event) => set({ max_hops: event.currentTarget.value })}
        />
      </Field>
      <button type="submit" class="primary">
        {say("trace.go")}
      </button>
    </form>
  );
}
