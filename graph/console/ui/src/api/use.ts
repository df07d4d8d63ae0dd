/** Reading from the server inside components. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { workCase } from "../state/session";
import { useStore } from "../state/store";
import { read } from "./client";

export interface Reading<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  again(): void;
}

/** Sent when somebody asks for what has changed. */
export const REFRESH = "suyuan-refresh";

type Query = Record<string, string | number | boolean | null | undefined>;

/**
 * The answer to a GET; read anew when path, query or working case change. `null` as path reads nothing.
 * What was read stays while the next answer is under way, unless the question is another one.
 */
export function useRead<T>(path: string | null, query?: Query): Reading<T> {
  const on = useStore(workCase);
  const key = path === null ? null : JSON.stringify([path, query ?? {}, on]);
  const [state, setState] = useState<{
    key: string | null;
    data: T | null;
    error: unknown;
    loading: boolean;
  }>({
    key,
    data: null,
    error: null,
    loading: key !== null,
  });
  const [turn, setTurn] = useState(0);
  const asked = useRef(query);
  asked.current = query;
  useEffect(() => {
    if (path === null) {
      setState({ key, data: null, error: null, loading: false });
      return;
    }
    const stop = new AbortController();
    setState((now) => ({ key, data: now.key === key ? now.data : null, error: null, loading: true }));
    read<T>(path, asked.current, stop.signal).then(
      (data) => setState({ key, data, error: null, loading: false }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState((now) => ({ ...now, key, error, loading: false }));
      },
    );
    return () => stop.abort();
  }, [key, turn]);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  useEffect(() => {
    window.addEventListener(REFRESH, again);
    return () => window.removeEventListener(REFRESH, again);
  }, [again]);
  const fresh = state.key === key;
  return {
    data: fresh ? state.data : null,
    error: fresh ? state.error : null,
    loading: state.loading || !fresh,
    again,
  };
}
