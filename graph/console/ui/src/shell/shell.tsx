/** The frame around every page: bar above, rail of pages at the left, the page. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../api/types";
import { Boundary } from "../parts/boundary";
import { LineIcon } from "../parts/icons";
import { go, place } from "../router";
import { changedAt, mayOpen, workCase } from "../state/session";
import { useStore } from "../state/store";
import { useSay } from "../words";
import { Bar } from "./bar";
import { Help, PAGES, useKeys } from "./keys";
import { Pages, pageOf } from "./pages";

export function Shell({ who }: { who: Session }) {
  const say = useSay();
  const at = useStore(place);
  const on = useStore(workCase);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const page = pageOf(at.path, who);
  useKeys({
    search: () => document.querySelector<HTMLInputElement>("#bar-search")?.select(),
    help: () => setHelp(true),
    open: (name) => mayOpen(name, who) && go(`/${name}`),
  });
  useEffect(() => {
    document.title = `${say.of("nav", page)} · ${say("app.name")}`;
  }, [page, say.lang]);
  useEffect(() => {
    // Somebody who cannot see the page change hears where they are; not on the first page, where nothing changed.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    changedAt.set(null);
  }, [at.path]);
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {say("skip")}
      </a>
      <Bar who={who} onHelp={() => setHelp(true)} />
      <nav class="rail" aria-label={say("nav")}>
        {PAGES.filter((name) => mayOpen(name, who)).map((name) => (
          <a key={name} href={`/${name}`} aria-current={page === name ? "page" : undefined}>
            <LineIcon name={name} />
            <span>{say(`nav.${name}`)}</span>
          </a>
        ))}
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        <Boundary at={location.pathname + location.search}>
          <Pages key={on ?? ""} who={who} at={at} />
        </Boundary>
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}
