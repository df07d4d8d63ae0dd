/** Asks what a reading is for: once for each case and session. */
import { useState } from "preact/hooks";
import { call } from "../api/client";
import type { Session } from "../api/types";
import { Field, Notice, Problem } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { type Asking, begin, session } from "../state/session";
import { useSay } from "../words";

export function PurposeDialog({ ask }: { ask: Asking }) {
  const say = useSay();
  const [text, setText] = useState(session.get()?.purposes[ask.case ?? ""] ?? "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const length = Array.from(text.trim()).length;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || length < 4 || length > 200) return;
    setBusy(true);
    setError(null);
    try {
      begin(
        await call<Session>("PUT", "/purpose", {
          body: { case: ask.case, purpose: text.trim() },
          plain: true,
        }),
      );
      ask.answer(true);
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Dialog title={say("purpose.title")} onClose={() => ask.answer(false)}>
      <form class="stack" onSubmit={submit}>
        <p class="soft">{say("purpose.say")}</p>
        <p>
          <strong>
            {ask.case === null ? say("purpose.for.none") : say("purpose.for", { case: ask.case })}
          </strong>
        </p>
        <Field label={say("purpose.text")} hint={say("purpose.hint")}>
          <textarea
            rows={3}
            required
            minLength={4}
            maxLength={200}
            value={text}
            data-first
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </Field>
        <Problem error={error} />
        <div class="row end">
          <Notice />
          <button type="button" onClick={() => ask.answer(false)}>
            {say("do.cancel")}
          </button>
          <button type="submit" class="primary" disabled={busy || length < 4 || length > 200}>
            {say("purpose.go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
