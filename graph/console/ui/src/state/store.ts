/** A value that components watch. Small enough to need no library. */
import { useEffect, useReducer } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(next: T): void;
  change(how: (now: T) => T): void;
  watch(listener: () => void): () => void;
}

export function store<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    change(how) {
      this.set(how(value));
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value of a store; the component is drawn anew when it changes. */
export function useStore<T>(from: Store<T>): T {
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    const before = from.get();
    const stop = from.watch(() => redraw());
    if (!Object.is(before, from.get())) redraw();
    return stop;
  }, [from]);
  return from.get();
}
