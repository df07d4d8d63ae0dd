/** A person's answer with its reason. When somebody else was quicker nothing typed is lost. */
import { useState } from "preact/hooks";
import { ApiError, call } from "../api/client";
import { Field, Problem } from "../parts/basics";
import { plain } from "../format";
import { tell } from "../parts/tell";
import { useSay } from "../words";

type Verdict = "same" | "different" | "unsure";

interface Props {
  what: { key: string; a: string; b: string | null };
  words: Record<Verdict, string>;
  onDone: () => void;
}

export function VerdictForm({ what, words, onDone }: Props) {
  const say = useSay();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [because, setBecause] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!verdict || !because.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      await call("POST", "/review", { body: { ...what, verdict, because: because.trim() } });
      tell(say("review.sent"));
      onDone();
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  const now = error instanceof ApiError && error.code === "changed" ? plain(error.body.now) : "";
  return (
    <form class="stack answer" onSubmit={submit}>
      <fieldset class="verdicts">
        <legend>
          <h3>{say("review.verdict")}</h3>
        </legend>
        {(["same", "different", "unsure"] as const).map((each) => (
          <label key={each} class={verdict === each ? "chosen" : undefined}>
            <input
              type="radio"
              name="verdict"
              required
              checked={verdict === each}
              onChange={() => setVerdict(each)}
            />
            {words[each]}
          </label>
        ))}
      </fieldset>
      <Field label={say("review.because")}>
        <textarea
          rows={2}
          required
          maxLength={2000}
          value={because}
          onInput={(event) => setBecause(event.currentTarget.value)}
        />
      </Field>
      <Problem error={error} />
      {now && <p class="remark">{say("review.now", { now })}</p>}
      <div class="row end">
        <button type="submit" class="primary" disabled={busy || verdict === null || !because.trim()}>
          {say("review.send")}
        </button>
      </div>
    </form>
  );
}
