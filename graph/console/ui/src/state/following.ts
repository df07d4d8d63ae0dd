/** What is shown follows what is known. */
import { useEffect, useRef } from "preact/hooks";
import { changedAt } from "./session";
import { useStore } from "./store";

/** Every reading is in the audit, and a busy day brings a change each second. */
const EVERY_MS = 10_000;
/** Of a screen that nobody sits at, readings would keep the session open for whoever comes by. */
const PRESENT_MS = 5 * 60_000;
const DEEDS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** Calls `again` when the server tells of a change; else the bar above says that there is one. */
export function useFollowing(again: () => void): void {
  const at = useStore(changedAt);
  const touched = useRef(Date.now());
  const read = useRef(0);
  const now = useRef(again);
  now.current = again;
  useEffect(() => {
    const touch = () => {
      touched.current = Date.now();
    };
    for (const deed of DEEDS) document.addEventListener(deed, touch, { passive: true, capture: true });
    return () => {
      for (const deed of DEEDS) document.removeEventListener(deed, touch, { capture: true });
    };
  }, []);
  useEffect(() => {
    if (at === null) return;
    const follow = () => {
      if (document.hidden || Date.now() - touched.current > PRESENT_MS) return;
      read.current = Date.now();
      changedAt.set(null);
      now.current();
    };
    const timer = window.setTimeout(follow, Math.max(0, read.current + EVERY_MS - Date.now()));
    return () => window.clearTimeout(timer);
  }, [at]);
}
