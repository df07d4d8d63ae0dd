/** A button that opens a short list of commands. */
import { useEffect, useId, useRef, useState } from "preact/hooks";

export interface Item {
  label: string;
  go: () => void;
  off?: boolean;
}

export function MenuButton({
  label,
  items,
  disabled = false,
}: {
  label: string;
  items: readonly Item[];
  disabled?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const list = useId();
  useEffect(() => {
    if (!open) return;
    frame.current?.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)")?.focus();
    const away = (event: Event) => {
      if (!frame.current?.contains(event.target as globalThis.Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const close = () => {
    setOpen(false);
    frame.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const press = (event: KeyboardEvent) => {
    const all = [...(frame.current?.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") close();
    else if (by !== 0) all[(at + by + all.length) % all.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu-button" ref={frame} onKeyDown={open ? press : undefined}>
      <button
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {label} ▾
      </button>
      {open && (
        <div class="menu" role="menu" id={list}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              disabled={item.off}
              onClick={() => (close(), item.go())}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
