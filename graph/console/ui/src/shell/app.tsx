/** Signing in, then the shell around the page. Questions of the server stand over whatever is open. */
import { useEffect, useState } from "preact/hooks";
import { ApiError, call } from "../api/client";
import type { Session } from "../api/types";
import { Loading, Problem } from "../parts/basics";
import { Told } from "../parts/tell";
import { asking, begin, changingPassword, session } from "../state/session";
import { useStore } from "../state/store";
import { PasswordDialog } from "./password";
import { PurposeDialog } from "./purpose";
import { Shell } from "./shell";
import { SessionDialog, SignInPage } from "./sign-in";

export function App() {
  const now = useStore(session);
  const changing = useStore(changingPassword);
  const [error, setError] = useState<unknown>(null);
  const look = () => {
    setError(null);
    call<Session>("GET", "/session", { plain: true }).then(begin, (why: unknown) => {
      if (why instanceof ApiError && why.status === 401) session.set(null);
      else setError(why);
    });
  };
  useEffect(look, []);
  if (error)
    return (
      <main class="alone">
        <Problem error={error} again={look} />
      </main>
    );
  if (now === undefined)
    return (
      <main class="alone">
        <Loading />
      </main>
    );
  if (now === null)
    return (
      <>
        <SignInPage />
        <Told />
      </>
    );
  if (now.must_change)
    return (
      <main class="alone">
        <PasswordDialog must />
        <Told />
      </main>
    );
  return (
    <>
      <Shell who={now} />
      {changing && <PasswordDialog onClose={() => changingPassword.set(false)} />}
      <Question />
      <Told />
    </>
  );
}

function Question() {
  const question = useStore(asking);
  if (!question) return null;
  return question.kind === "session" ? <SessionDialog ask={question} /> : <PurposeDialog ask={question} />;
}
