/** A dialog over the page: the browser keeps the focus inside, Escape closes it. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useSay } from "../words";

interface Props {
  title: string;
  /** Left out where there is no way around the question. */
  onClose?: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, wide = false, children }: Props) {
  const say = useSay();
  const frame = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const heading = useId();
  useEffect(() => {
    const dialog = frame.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    const wanted =
      dialog.querySelector<HTMLElement>("[data-first]") ??
      dialog.querySelector<HTMLElement>("input, textarea, select");
    wanted?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={frame}
      class={wide ? "dialog wide" : "dialog"}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close.current?.();
      }}
    >
      <div class="dialog-head">
        <h2 id={heading}>{title}</h2>
        {onClose && (
          <button type="button" class="quiet" aria-label={say("do.close")} onClick={onClose}>
            ×
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}

/** A question with yes and no; for what cannot be undone. */
export function Confirm(props: {
  title: string;
  text: string;
  go: string;
  onGo: () => void;
  onClose: () => void;
}) {
  const say = useSay();
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.text}</p>
      <div class="row end">
        <button type="button" onClick={props.onClose}>
          {say("do.cancel")}
        </button>
        <button type="button" class="primary" data-first onClick={props.onGo}>
          {props.go}
        </button>
      </div>
    </Dialog>
  );
}
