/** Signing in: a page of its own at first, a dialog over the work when the session has ended. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, call } from "../api/client";
import type { Offer, Session } from "../api/types";
import { moment } from "../format";
import { Field, Problem } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { href } from "../router";
import { choose, prefs } from "../state/prefs";
import { type Asking, begin, session } from "../state/session";
import { useStore } from "../state/store";
import { type Say, useSay } from "../words";

function why(error: unknown, say: Say): string | null {
  if (!(error instanceof ApiError)) return null;
  if (error.code === "credentials") return say("sign.wrong");
  if (error.code !== "locked") return null;
  const until = error.body.until;
  return typeof until === "string" ? say("sign.locked", { until: moment(until) }) : say("sign.locked.some");
}

function SignInForm({ user, onDone }: { user?: string; onDone: (said: Session) => void }) {
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || !form.current) return;
    const typed = new FormData(form.current);
    setBusy(true);
    setError(null);
    try {
      const body = {
        user: String(typed.get("user") ?? "").trim(),
        password: String(typed.get("password") ?? ""),
      };
      onDone(await call<Session>("POST", "/session", { body, plain: true }));
    } catch (failed) {
      setError(failed);
      const password = form.current?.elements.namedItem("password");
      if (password instanceof HTMLInputElement) {
        password.focus();
        password.select();
      }
    } finally {
      setBusy(false);
    }
  };
  const words = why(error, say);
  return (
    <form ref={form} class="stack" onSubmit={submit}>
      <Field label={say("sign.user")}>
        <input
          name="user"
          autocomplete="username"
          required
          defaultValue={user ?? ""}
          autocapitalize="none"
          spellcheck={false}
        />
      </Field>
      <Field label={say("sign.password")}>
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          {...(user ? { "data-first": true } : {})}
        />
      </Field>
      {words ? (
        <p class="problem" role="alert">
          {words}
        </p>
      ) : (
        <Problem error={error} />
      )}
      <button type="submit" class="primary" disabled={busy}>
        {busy ? say("sign.busy") : say("sign.go")}
      </button>
    </form>
  );
}

/**
 * The organisation's own way to sign in, where there is one. With `onDone` it opens beside the work, of which
 * nothing is lost, and whoever comes back from there goes on.
 */
function Elsewhere({ onDone }: { onDone?: (said: Session) => void }) {
  const say = useSay();
  const [offer, setOffer] = useState<Offer | null>(null);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    // Without an answer there is the password.
    call<Offer>("GET", "/oidc", { plain: true }).then(setOffer, () => undefined);
  }, []);
  const offered = offer?.offered ?? false;
  useEffect(() => {
    if (!offered || !done.current) return;
    const look = () =>
      void call<Session>("GET", "/session", { plain: true }).then(
        (said) => done.current?.(said),
        () => undefined,
      );
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [offered]);
  if (!offered) return null;
  const back = onDone ? "/" : location.pathname + location.search;
  return (
    <p class="stack elsewhere">
      <a
        class="button"
        href={href("/api/oidc/start", { back })}
        {...(onDone ? { target: "_blank", rel: "noopener" } : {})}
      >
        {offer?.name ? say("sign.by", { name: offer.name }) : say("sign.oidc")}
      </a>
    </p>
  );
}

export function SignInPage() {
  const say = useSay();
  const { lang } = useStore(prefs);
  return (
    <main class="sign-in">
      <section class="card">
        <header>
          <img src="/assets/mark.svg" alt="" width="40" height="40" />
          <div>
            <h1>{say("app.name")}</h1>
            <p class="soft">{say("app.sub")}</p>
          </div>
          <button
            type="button"
            class="quiet"
            lang={lang === "zh" ? "en" : "zh-CN"}
            onClick={() => choose({ lang: lang === "zh" ? "en" : "zh" })}
          >
            {say("bar.lang")}
          </button>
        </header>
        <SignInForm onDone={begin} />
        <Elsewhere />
        <p class="soft small">{say("sign.about")}</p>
      </section>
    </main>
  );
}

/** Over the page: nothing typed or drawn is lost. Another account starts with an empty page. */
export function SessionDialog({ ask }: { ask: Asking }) {
  const say = useSay();
  const before = session.get()?.user;
  const done = (said: Session) => {
    if (before && said.user !== before) {
      location.assign("/");
      return;
    }
    begin(said);
    ask.answer(true);
  };
  return (
    <Dialog title={say("sign.again")}>
      <p class="soft">{say("sign.again.say")}</p>
      <SignInForm {...(before ? { user: before } : {})} onDone={done} />
      <Elsewhere onDone={done} />
      <div class="row end">
        <button type="button" class="quiet" onClick={() => ask.answer(false)}>
          {say("do.cancel")}
        </button>
      </div>
    </Dialog>
  );
}
