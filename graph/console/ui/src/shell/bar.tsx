/** The bar above every page: search, working case and purpose, what has changed, language, theme, account. */
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../api/client";
import { REFRESH } from "../api/use";
import type { Session } from "../api/types";
import { LineIcon } from "../parts/icons";
import { go, href, place } from "../router";
import { choose, prefs, type Theme } from "../state/prefs";
import { asking, changedAt, changingPassword, chooseCase, workCase } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function Bar({ who, onHelp }: { who: Session; onHelp: () => void }) {
  const say = useSay();
  const { lang, theme } = useStore(prefs);
  const reads = who.role === "investigator" || who.role === "lead";
  return (
    <header class="bar">
      <a class="brand" href="/">
        <img src="/assets/mark.svg" alt="" width="26" height="26" />
        <span>{say("app.name")}</span>
      </a>
      {reads ? <SearchBox /> : <span class="grow" />}
      {reads && <CaseBox who={who} />}
      <Changed />
      <button
        type="button"
        class="quiet"
        title={say("bar.lang.title")}
        lang={lang === "zh" ? "en" : "zh-CN"}
        onClick={() => choose({ lang: lang === "zh" ? "en" : "zh" })}
      >
        {say("bar.lang")}
      </button>
      <select
        class="theme"
        aria-label={say("bar.theme")}
        value={theme}
        onChange={(event) => choose({ theme: event.currentTarget.value as Theme })}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {say(`theme.${each}`)}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="quiet icon"
        aria-label={say("bar.help")}
        title={`${say("bar.help")} (?)`}
        onClick={onHelp}
      >
        <LineIcon name="help" size={20} />
      </button>
      <UserMenu who={who} />
    </header>
  );
}

function SearchBox() {
  const say = useSay();
  const at = useStore(place);
  const [text, setText] = useState(at.path === "/search" ? (at.query.get("q") ?? "") : "");
  useEffect(() => {
    if (at.path === "/search") setText(at.query.get("q") ?? "");
  }, [at]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!text.trim()) return;
    go(href("/search", { q: text.trim() }));
    document.getElementById("main")?.focus();
  };
  return (
    <form class="bar-search grow" role="search" onSubmit={submit}>
      <LineIcon name="search" size={18} />
      <input
        id="bar-search"
        type="search"
        aria-label={say("bar.search")}
        placeholder={say("bar.search")}
        maxLength={200}
        value={text}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

function CaseBox({ who }: { who: Session }) {
  const say = useSay();
  const on = useStore(workCase);
  const purpose = who.purposes[on ?? ""];
  const edit = () => asking.set({ kind: "purpose", case: on, answer: () => asking.set(null) });
  return (
    <div class="case-box">
      <label>
        <span class="sr">{say("bar.case")}</span>
        <select
          value={on ?? ""}
          title={say("bar.case")}
          onChange={(event) => chooseCase(event.currentTarget.value || null)}
        >
          <option value="">{say("bar.case.none")}</option>
          {who.cases.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="quiet purpose"
        title={`${say("bar.purpose.edit")}${purpose ? `：${purpose}` : ""}`}
        onClick={edit}
      >
        <span class="soft">{say("bar.purpose")}</span>
        <bdi>{purpose ?? say("bar.purpose.none")}</bdi>
      </button>
    </div>
  );
}

/** What is known has changed since this page was read. */
function Changed() {
  const say = useSay();
  const at = useStore(changedAt);
  if (at === null) return null;
  return (
    <button
      type="button"
      class="changed"
      title={say("bar.changed.title")}
      onClick={() => {
        changedAt.set(null);
        window.dispatchEvent(new Event(REFRESH));
      }}
    >
      {say("bar.changed")} ↻
    </button>
  );
}

function UserMenu({ who }: { who: Session }) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (
        event instanceof KeyboardEvent
          ? event.key === "Escape"
          : !frame.current?.contains(event.target as globalThis.Node)
      )
        setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", away);
    };
  }, [open]);
  const out = async () => {
    try {
      await call<void>("DELETE", "/session", { plain: true });
    } finally {
      location.assign("/");
    }
  };
  return (
    <div class="user-menu" ref={frame}>
      <button
        type="button"
        class="quiet"
        aria-expanded={open}
        aria-label={`${say("bar.user")}：${who.name}`}
        onClick={() => setOpen(!open)}
      >
        <LineIcon name="user" size={18} />
        <bdi>{who.name}</bdi>
      </button>
      {open && (
        <div class="menu">
          <p>
            <strong>
              <bdi>{who.name}</bdi>
            </strong>
            <span class="soft"> {who.user}</span>
          </p>
          <p class="soft">
            {say(`role.${who.role}`)}
            {who.regions.length > 0 && ` · ${say("user.regions")} ${who.regions.join(" ")}`}
          </p>
          <button type="button" onClick={() => (setOpen(false), changingPassword.set(true))}>
            {say("user.password")}
          </button>
          <button type="button" onClick={out}>
            {say("user.out")}
          </button>
        </div>
      )}
    </div>
  );
}
