/** Tabs as the pattern of the same name has them: arrow keys go from one to the next. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Tab<K extends string> {
  key: K;
  title: string;
  count?: number | undefined;
}

interface Props<K extends string> {
  label: string;
  tabs: readonly Tab<K>[];
  at: K;
  onGo: (key: K) => void;
  children: ComponentChildren;
}

export function Tabs<K extends string>({ label, tabs, at, onGo, children }: Props<K>) {
  const base = useId();
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const now = tabs.findIndex((tab) => tab.key === at);
    const next = tabs[(now + by + tabs.length) % tabs.length];
    if (!next) return;
    onGo(next.key);
    document.getElementById(`${base}-${next.key}`)?.focus();
  };
  return (
    <div class="tabbed">
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={step}>
        {tabs.map((tab) => (
          <button
            type="button"
            key={tab.key}
            id={`${base}-${tab.key}`}
            role="tab"
            aria-selected={tab.key === at}
            aria-controls={`${base}-panel`}
            tabIndex={tab.key === at ? 0 : -1}
            onClick={() => onGo(tab.key)}
          >
            {tab.title}
            {tab.count !== undefined && <span class="count num">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div
        class="tab-panel"
        role="tabpanel"
        id={`${base}-panel`}
        aria-labelledby={`${base}-${at}`}
        tabIndex={0}
      >
        {children}
      </div>
    </div>
  );
}
