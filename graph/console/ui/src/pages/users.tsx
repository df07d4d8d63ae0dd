/** Accounts, for the administrator, who sees no case data. */
import "../styles/work.css";
import { useState } from "preact/hooks";
import { call, part } from "../api/client";
import type { Account, Role } from "../api/types";
import { useRead } from "../api/use";
import { Empty, Field, Loading, Problem } from "../parts/basics";
import { Confirm, Dialog } from "../parts/dialog";
import { tell } from "../parts/tell";
import { useSay } from "../words";

const ROLES: readonly Role[] = ["investigator", "lead", "inspector", "administrator"];
const NEW: Account = {
  user: "",
  name: "",
  role: "investigator",
  regions: [],
  cases: [],
  locked: false,
  disabled: false,
};

export default function UsersPage() {
  const say = useSay();
  const read = useRead<{ users: Account[] }>("/users");
  const [editing, setEditing] = useState<Account | null>(null);
  const [resetting, setResetting] = useState<string | null>(null);
  const [password, setPassword] = useState<{ user: string; password: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const users = read.data?.users ?? [];
  const reset = async (user: string) => {
    setResetting(null);
    setError(null);
    try {
      const made = await call<{ password: string }>("POST", `/users/${part(user)}/password`);
      setPassword({ user, password: made.password });
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>{say("users.title")}</h1>
        <span class="soft">{say("users.blind")}</span>
        <span class="grow" />
        <button type="button" class="primary" onClick={() => setEditing(NEW)}>
          {say("users.add")}
        </button>
      </header>
      <Problem error={error ?? read.error} again={read.again} />
      {read.loading && !read.data && <Loading />}
      {read.data && users.length === 0 && <Empty title={say("users.none")} />}
      {users.length > 0 && (
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{say("users.user")}</th>
              <th scope="col">{say("users.name")}</th>
              <th scope="col">{say("users.role")}</th>
              <th scope="col">{say("user.regions")}</th>
              <th scope="col">{say("cases.title")}</th>
              <th scope="col">{say("users.state")}</th>
              <th scope="col">{say("search.do")}</th>
            </tr>
          </thead>
          <tbody>
            {users.map((one) => (
              <tr key={one.user}>
                <th scope="row">
                  <bdi>{one.user}</bdi>
                </th>
                <td>
                  <bdi>{one.name}</bdi>
                </td>
                <td>{say(`role.${one.role}`)}</td>
                <td class="num">{one.regions.join(" ")}</td>
                <td class="num">{one.cases.join(" ")}</td>
                <td>
                  <span
                    class={
                      one.disabled
                        ? "state state-rejected"
                        : one.locked
                          ? "state state-escalated"
                          : "state state-confirmed"
                    }
                  >
                    {say(
                      one.disabled
                        ? "users.state.disabled"
                        : one.locked
                          ? "users.state.locked"
                          : "users.state.ok",
                    )}
                  </span>
                </td>
                <td>
                  <div class="row">
                    <button type="button" class="small" onClick={() => setEditing(one)}>
                      {say("users.edit", { user: one.user })}
                    </button>
                    <button
                      type="button"
                      class="small"
                      aria-label={`${say("users.reset")} ${one.user}`}
                      onClick={() => setResetting(one.user)}
                    >
                      {say("users.reset")}
                    </button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {editing && (
        <Editor
          account={editing}
          onClose={() => setEditing(null)}
          onDone={(made) => {
            setEditing(null);
            if (made) setPassword(made);
            read.again();
          }}
        />
      )}
      {resetting && (
        <Confirm
          title={say("users.reset")}
          text={say("users.reset.ask", { user: resetting })}
          go={say("users.reset")}
          onGo={() => void reset(resetting)}
          onClose={() => setResetting(null)}
        />
      )}
      {password && <Shown made={password} onClose={() => setPassword(null)} />}
    </div>
  );
}

const words = (typed: FormDataEntryValue | null): string[] =>
  String(typed ?? "")
    .split(/[\s,，、]+/)
    .filter(Boolean);

interface EditorProps {
  account: Account;
  onClose: () => void;
  onDone: (made: { user: string; password: string } | null) => void;
}

function Editor({ account, onClose, onDone }: EditorProps) {
  const say = useSay();
  const fresh = account.user === "";
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const said = {
      name: String(typed.get("name") ?? "").trim(),
      role: String(typed.get("role")),
      regions: words(typed.get("regions")),
      cases: words(typed.get("cases")),
    };
    setBusy(true);
    setError(null);
    try {
      if (fresh) {
        onDone(
          await call("POST", "/users", { body: { user: String(typed.get("user") ?? "").trim(), ...said } }),
        );
      } else {
        await call("PUT", `/users/${part(account.user)}`, {
          body: { ...said, disabled: typed.get("disabled") === "on" },
        });
        onDone(null);
      }
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Dialog title={fresh ? say("users.add") : say("users.edit", { user: account.user })} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {fresh && (
          <Field label={say("users.user")}>
            <input name="user" required maxLength={80} autocapitalize="none" spellcheck={false} />
          </Field>
        )}
        <Field label={say("users.name")}>
          <input name="name" required maxLength={80} defaultValue={account.name} />
        </Field>
        <Field label={say("users.role")}>
          <select name="role">
            {ROLES.map((role) => (
              <option key={role} value={role} selected={role === account.role}>
                {say(`role.${role}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={say("users.regions")}>
          <input name="regions" defaultValue={account.regions.join(" ")} />
        </Field>
        <Field label={say("users.cases")}>
          <input name="cases" defaultValue={account.cases.join(" ")} />
        </Field>
        {!fresh && (
          <label class="check">
            <input type="checkbox" name="disabled" defaultChecked={account.disabled} />
            {say("users.disable")}
          </label>
        )}
        <Problem error={error} />
        <div class="row end">
          <button type="button" onClick={onClose}>
            {say("do.cancel")}
          </button>
          <button type="submit" class="primary" disabled={busy}>
            {say("do.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Shown({ made, onClose }: { made: { user: string; password: string }; onClose: () => void }) {
  const say = useSay();
  const copy = () =>
    navigator.clipboard?.writeText(made.password).then(
      () => tell(say("do.copied")),
      () => undefined,
    );
  return (
    <Dialog title={`${say("users.password")} · ${made.user}`} onClose={onClose}>
      <p class="secret mono">{made.password}</p>
      <p>{say("users.password.once")}</p>
      <div class="row end">
        <button type="button" onClick={() => void copy()}>
          {say("do.copy")}
        </button>
        <button type="button" class="primary" data-first onClick={onClose}>
          {say("do.close")}
        </button>
      </div>
    </Dialog>
  );
}
