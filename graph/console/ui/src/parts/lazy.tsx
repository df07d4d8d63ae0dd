/** A page whose program is fetched when it is opened. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSay } from "../words";
import { Empty, Loading } from "./basics";

export type Fetch<P> = () => Promise<{ default: ComponentType<P> }>;

export function lazy<P extends object>(fetch: Fetch<P>): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const say = useSay();
    const [page, setPage] = useState<{ Page: ComponentType<P> } | null>(found ? { Page: found } : null);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (page) return;
      fetch().then(
        (module) => {
          found = module.default;
          setPage({ Page: module.default });
        },
        () => setFailed(true),
      );
    }, []);
    if (page) return <page.Page {...props} />;
    if (!failed) return <Loading />;
    return (
      <Empty page title={say("page.failed")} say={say("page.failed.say")}>
        <button type="button" onClick={() => location.reload()}>
          {say("page.reload")}
        </button>
      </Empty>
    );
  };
}
