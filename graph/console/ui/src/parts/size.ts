/** The size of an element, followed. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export function useSize<E extends HTMLElement>(): [RefObject<E | null>, { width: number; height: number }] {
  const frame = useRef<E>(null);
  const [size, setSize] = useState({ width: 800, height: 420 });
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize((now) =>
        Math.abs(now.width - width) + Math.abs(now.height - height) < 2 ? now : { width, height },
      );
    });
    if (frame.current) watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  return [frame, size];
}
