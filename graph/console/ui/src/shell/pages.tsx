/** Which page an address opens. Each is fetched when it is first opened. */
import type { Session } from "../api/types";
import { Empty } from "../parts/basics";
import { lazy } from "../parts/lazy";
import { decoded, type Place } from "../router";
import { mayOpen } from "../state/session";
import { useSay } from "../words";

const Search = lazy(() => import("../pages/search"));
const Dossier = lazy<{ id: string }>(() => import("../pages/dossier"));
const RecordPage = lazy<{ name: string }>(() => import("../pages/record"));
const Graph = lazy(() => import("../graph/page"));
const Trace = lazy(() => import("../trace/page"));
const MapPage = lazy(() => import("../pages/map"));
const Alerts = lazy<{ who: Session }>(() => import("../pages/alerts"));
const Review = lazy(() => import("../pages/review"));
const Cases = lazy<{ who: Session }>(() => import("../pages/cases"));
const Audit = lazy(() => import("../pages/audit"));
const Users = lazy(() => import("../pages/users"));

/** The page's name in the rail; of the start page the first one that this person has. */
export function pageOf(path: string, who: Session): string {
  const first = path.split("/")[1] ?? "";
  if (first === "entity" || first === "record") return "search";
  if (first !== "") return first;
  return who.role === "administrator" ? "users" : who.role === "inspector" ? "alerts" : "search";
}

export function Pages({ who, at }: { who: Session; at: Place }) {
  const say = useSay();
  const page = pageOf(at.path, who);
  const rest = at.path.split("/").slice(2).join("/");
  const known = ["search", "graph", "trace", "map", "alerts", "review", "cases", "audit", "users"].includes(
    page,
  );
  if (!known) return <Empty page title={say("page.missing")} say={say("page.missing.say")} />;
  if (!mayOpen(page, who)) return <Empty page title={say("page.closed")} say={say("page.closed.say")} />;
  if (at.path.startsWith("/entity/")) return <Dossier key={rest} id={decoded(rest)} />;
  if (at.path.startsWith("/record/")) return <RecordPage key={rest} name={decoded(rest)} />;
  switch (page) {
    case "graph":
      return <Graph />;
    case "trace":
      return <Trace />;
    case "map":
      return <MapPage />;
    case "alerts":
      return <Alerts who={who} />;
    case "review":
      return <Review />;
    case "cases":
      return <Cases who={who} />;
    case "audit":
      return <Audit />;
    case "users":
      return <Users />;
    default:
      return <Search />;
  }
}
