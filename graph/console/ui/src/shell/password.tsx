/** Change of one's own password; after a reset there is no way around it. */
import { useState } from "preact/hooks";
import { ApiError, call } from "../api/client";
import type { Session } from "../api/types";
import { Field, Problem } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { tell } from "../parts/tell";
import { begin } from "../state/session";
import { useSay } from "../words";

export function PasswordDialog({ must = false, onClose }: { must?: boolean; onClose?: () => void }) {
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [words, setWords] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const [old, fresh, twice] = ["old", "new", "twice"].map((name) => String(typed.get(name) ?? "")) as [
      string,
      string,
      string,
    ];
    setError(null);
    setWords("");
    if (fresh !== twice) return setWords(say("password.differ"));
    if (Array.from(fresh).length < 12) return setWords(say("password.short"));
    setBusy(true);
    try {
      await call<void>("PUT", "/password", { body: { old, new: fresh }, plain: true });
      begin(await call<Session>("GET", "/session", { plain: true }));
      tell(say("password.done"));
      onClose?.();
    } catch (failed) {
      if (failed instanceof ApiError && failed.code === "credentials") setWords(say("password.wrong"));
      else setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={say("password.title")} {...(onClose && !must ? { onClose } : {})}>
      <form class="stack" onSubmit={submit}>
        {must && <p>{say("password.must")}</p>}
        <Field label={say("password.old")}>
          <input name="old" type="password" autocomplete="current-password" required />
        </Field>
        <Field label={say("password.new")}>
          <input name="new" type="password" autocomplete="new-password" required minLength={12} />
        </Field>
        <Field label={say("password.twice")}>
          <input name="twice" type="password" autocomplete="new-password" required minLength={12} />
        </Field>
        {words && (
          <p class="problem" role="alert">
            {words}
          </p>
        )}
        <Problem error={error} />
        <div class="row end">
          {onClose && !must && (
            <button type="button" onClick={onClose}>
              {say("do.cancel")}
            </button>
          )}
          <button type="submit" class="primary" disabled={busy}>
            {say("do.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
