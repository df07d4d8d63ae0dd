/** Saved views: one's own, and those that others share inside the case. */
import { useState } from "preact/hooks";
import { call, part } from "../api/client";
import type { View } from "../api/types";
import { useRead } from "../api/use";
import { moment } from "../format";
import { Field, Loading, Name, Problem } from "../parts/basics";
import { tell } from "../parts/tell";
import { session, workCase } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { fromBody, toBody } from "./views";
import { allowed, deed, drawing, renewedBy } from "./work";
import { MOST, renew } from "./model";

export interface SavedProps {
  onOpened: () => void;
}

export default function SavedViews({ onOpened }: SavedProps) {
  const say = useSay();
  const on = useStore(workCase);
  const who = useStore(session);
  const read = useRead<{ views: View[] }>("/views");
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = async (work: () => Promise<void>) => {
    setError(null);
    try {
      await work();
    } catch (failed) {
      setError(failed);
    }
  };
  const save = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      await call("POST", "/views", {
        body: { name: name.trim(), case: on, shared: shared && on !== null, body: toBody(drawing()) },
      });
      tell(say("graph.view.saved", { name: name.trim() }));
      setName("");
      read.again();
    });
  };
  const open = (view: View) =>
    attempt(async () => {
      const found = fromBody(view.body);
      if (!found || Object.keys(found.dots).length > MOST) return tell(say("graph.view.bad"));
      const ids = Object.keys(found.dots);
      const whole = renew(found, ids, await renewedBy(found));
      const gone = ids.length - Object.values(whole.dots).filter((dot) => !dot.absent).length;
      if (ids.length > allowed.get()) allowed.set(MOST);
      onOpened();
      deed({ do: "load", drawing: whole });
      tell(say("graph.view.opened", { name: view.name }));
      if (gone > 0) tell(say("graph.view.gone", { n: gone }));
    });
  const update = (view: View) =>
    attempt(async () => {
      await call("PUT", `/views/${part(view.id)}`, {
        body: { name: view.name, case: view.case, shared: view.shared, body: toBody(drawing()) },
      });
      tell(say("graph.view.saved", { name: view.name }));
      read.again();
    });
  const remove = (view: View) =>
    attempt(async () => {
      await call("DELETE", `/views/${part(view.id)}`);
      read.again();
    });
  const views = read.data?.views ?? [];
  return (
    <>
      <form class="stack" onSubmit={save}>
        <Field label={say("graph.view.name")}>
          <input
            required
            maxLength={80}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </Field>
        <label class="check" title={on === null ? say("graph.view.nocase") : undefined}>
          <input
            type="checkbox"
            checked={shared && on !== null}
            disabled={on === null}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          {say("graph.view.share")}
        </label>
        {on === null && <p class="soft small">{say("graph.view.nocase")}</p>}
        <button type="submit" disabled={!name.trim() || Object.keys(drawing().dots).length === 0}>
          {say("graph.view.save")}
        </button>
      </form>
      <Problem error={error ?? read.error} again={read.again} />
      {read.loading && !read.data && <Loading />}
      {read.data && views.length === 0 && <p class="soft">{say("graph.view.none")}</p>}
      {views.length > 0 && <p class="soft small">{say("graph.view.replace")}</p>}
      <ul class="plain views">
        {views.map((view) => (
          <li key={view.id}>
            <button type="button" class="link" onClick={() => void open(view)}>
              <Name text={view.name} most={30} />
            </button>{" "}
            {view.shared && <span class="tag">{say("graph.view.shared")}</span>}{" "}
            {view.case && <span class="tag num">{view.case}</span>}
            <div class="row soft small">
              <span class="num">{say("graph.view.by", { by: view.by, at: moment(view.at) })}</span>
              <span class="grow" />
              {view.by === who?.user && (
                <>
                  <button
                    type="button"
                    class="small"
                    aria-label={`${say("graph.view.update")} ${view.name}`}
                    onClick={() => void update(view)}
                  >
                    {say("graph.view.update")}
                  </button>
                  <button
                    type="button"
                    class="small"
                    aria-label={`${say("do.delete")} ${view.name}`}
                    onClick={() => void remove(view)}
                  >
                    {say("do.delete")}
                  </button>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
