"""Routes by which people work: alerts, review, cases, saved views, exports."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from msgspec import Meta, Struct

from graph.alerts import read_alert
from graph.console.access import Action, Role, case_name
from graph.console.answers import NEEDS, Answer, Reply, State
from graph.console.faults import Fault
from graph.console.http.answers import Json, is_english
from graph.console.http.asking import MOST_HUBS, asked_with, body, may, moment
from graph.console.http.reading import trace_of
from graph.console.office import Asker
from graph.console.screens import alerting, exporting, report, reviewing, tracing
from graph.console.screens.picture import MOST_RECORDS
from graph.console.views import Draft, View
from graph.port import Direction
from graph.seen import SeenReader
from graph.seen_archive import NOT_TOLD
from graph.show import as_json
from schemas.alerts import Alert
from schemas.errors import Changed, NotFound
from schemas.reference.words import Lang, word
from schemas.times import iso

router = APIRouter(prefix="/api", tags=["work"])

_MOST_PAIRS = 300
"""Of what waits in the store, the most telling ones, among which those are shown that one may see."""
Reason = Annotated[str, Meta(max_length=1000)]
Id = Annotated[str, Meta(max_length=80)]
Alerts = Annotated[Asker, Depends(may(Action.READ_ALERTS, purpose=True))]
Reviewer = Annotated[Asker, Depends(may(Action.REVIEW, purpose=True))]
Keeper = Annotated[Asker, Depends(may(Action.VIEWS))]
Keeping = Annotated[Asker, Depends(may(Action.VIEWS, change=True))]
Lead = Annotated[Asker, Depends(may(Action.MANAGE_CASE, change=True))]


class Answered(Struct, frozen=True):
    """An answer to an alert of which `version` answers were seen."""

    state: State
    because: Reason
    version: Annotated[int, Meta(ge=0, le=1_000_000)]


class Judged(Struct, frozen=True):
    """What somebody says of two mentions, or (b: None) of a delivery that a text tells."""

    a: Annotated[str, Meta(min_length=3, max_length=400)]
    b: Annotated[str, Meta(min_length=3, max_length=400)] | None
    verdict: Literal["same", "different", "unsure"]
    because: Annotated[str, Meta(min_length=1, max_length=1000)]


class Traced(Struct, frozen=True):
    """What was asked of a trace, as for `GET /api/trace`; `who` is an id."""

    who: Id
    direction: Direction = "up"
    substance: Annotated[str, Meta(max_length=80)] | None = None
    until: Annotated[str, Meta(max_length=40)] | None = None
    max_hops: Annotated[int, Meta(ge=1, le=12)] = 8


class Exported(Struct, frozen=True):
    """What is seen, and as what it is wanted; as of when, if not as of now. `hubs` are those of the nodes
    whose neighbours are not all seen. A report tells the chains of `trace` hop by hop, of those who are among
    the nodes.
    """

    format: Literal["csv", "graphml", "report"]
    nodes: Annotated[list[Id], Meta(max_length=3_000)]
    edges: Annotated[list[Id], Meta(max_length=20_000)]
    title: Annotated[str, Meta(max_length=200)] = ""
    hubs: Annotated[list[Id], Meta(max_length=MOST_HUBS)] = []
    as_of: Annotated[str, Meta(max_length=40)] | None = None
    trace: Traced | None = None


# --- alerts -----------------------------------------------------------------------------------------


@router.get("/alerts")
def alerts(
    asker: Alerts,
    state: Annotated[str, Query(max_length=20)] = "",
    case: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[str, Query(max_length=60, pattern=r"^(-?\d{1,18}\.[a-z0-9-]{1,40})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """The alerts that one may see whole, the last raised first, and how many wait for an answer."""
    raised, _, last = before.partition(".")
    wanted = alerting.Wanted(
        state=state,
        case=case_name(case) if case else None,
        before=(int(raised), last) if before else None,
        limit=limit,
    )
    with asker.reading() as reader:
        visible = asker.office.standing.visible(reader, asker.scope)
        page = alerting.listed(reader, asker.desk.answers, wanted, visible)
    shown = [_shown(asker, each, page.answers.get(each.id, [])) for each in page.alerts]
    asker.noted("alerts", (id_ for each in page.alerts for id_ in _about_alert(each)))
    then = None if page.next is None else f"{page.next[0]}.{page.next[1]}"
    return Json({"alerts": shown, "next": then, "unanswered": page.unanswered})


@router.get("/alerts/{alert}")
def alert(asker: Alerts, alert: Annotated[str, Path(max_length=80)]) -> Response:
    """One alert."""
    with asker.reading() as reader:
        found = _alert(reader, alert)
    asker.noted("alert", _about_alert(found))
    return Json(_shown(asker, found, asker.desk.answers.of([alert]).get(alert, [])))


@router.post("/alerts/{alert}/answers", openapi_extra=asked_with(Answered))
def answer(
    asker: Annotated[Asker, Depends(may(Action.ANSWER_ALERT, change=True, purpose=True))],
    alert: Annotated[str, Path(max_length=80)],
    said: Annotated[Answered, Depends(body(Answered))],
) -> Response:
    """Answer an alert; a decision needs a lead."""
    if not asker.account.scope.may(NEEDS[said.state]):
        raise Fault("role")
    with asker.reading() as reader:
        found = _alert(reader, alert)
    if found.state == "withdrawn":
        raise Changed("its evidence was taken back", {"state": found.state})
    asker.noted("answer_alert", (alert,), words=said.state)
    reply = Reply(state=said.state, by=asker.account.user, because=said.because, at=asker.office.now())
    answers = asker.desk.answers.give(alert, said.version, reply)
    return Json(_shown(asker, found, answers))


def _alert(reader: SeenReader, identifier: str) -> Alert:
    found = read_alert(reader, identifier)
    if found is None:
        raise NotFound("no alert has this id")
    return found


def _about_alert(alert: Alert) -> tuple[str, ...]:
    return (alert.id, *(entity.id for entity in alert.entities))


def _shown(asker: Asker, alert: Alert, answers: list[Answer]) -> dict[str, Any]:
    """An alert with what was answered; the last answer is its state while its evidence stands."""
    document: dict[str, Any] = as_json(alert)
    for words in ("reasons", "against"):
        document[f"{words}_en"] = [_in_english(asker, alert.rule, each) for each in document[words]]
    if answers and alert.state == "open":
        document["state"] = answers[-1].state
    told = [{"state": e.state, "by": e.by, "because": e.because, "at": iso(e.at)} for e in answers]
    return {**document, "answers": told, "version": len(answers)}


def _in_english(asker: Asker, rule: str, said: str) -> str:
    return word("alert", "not_told", "en") if said == NOT_TOLD else asker.office.in_english(rule, said)


# --- review -----------------------------------------------------------------------------------------


@router.get("/review")
def review(asker: Reviewer, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Response:
    """What waits for a person."""
    decisions = asker.office.decisions
    if decisions is None:
        return Json({"pairs": [], "deliveries": [], "elsewhere": True})
    with asker.reading() as reader:
        pairs = list(islice(reviewing.pairs(reader, decisions.pairs(_MOST_PAIRS)), limit))
        deliveries = list(islice(reviewing.deliveries(reader, decisions.deliveries(_MOST_PAIRS)), limit))
    asker.noted("review", tuple(each["key"] for each in (*pairs, *deliveries)))
    return Json({"pairs": pairs, "deliveries": deliveries, "elsewhere": False})


@router.post("/review", openapi_extra=asked_with(Judged))
def judge(
    asker: Annotated[Asker, Depends(may(Action.REVIEW, change=True, purpose=True))],
    said: Annotated[Judged, Depends(body(Judged))],
) -> Response:
    """Say what of two is so. Whoever comes second is told what the first one said."""
    decisions = asker.office.decisions
    about = tuple(filter(None, (said.a, said.b)))
    with asker.reading() as reader:
        if decisions is None or not reviewing.may_be_seen(reader, *about):
            raise NotFound("nothing of this name waits")
    asker.noted("judge", about, words=said.verdict)
    decisions.say(said.a, said.b, said.verdict, by=asker.signature, because=said.because)
    return Json({"changed": True})  # how much, all over the store, is not theirs to know


# --- cases ------------------------------------------------------------------------------------------


@router.get("/cases")
def cases(asker: Keeper) -> Response:
    """One's own cases."""
    with asker.reading() as reader:
        shown = [_case(asker, reader, case) for case in sorted(asker.account.cases)]
    asker.noted("cases", asker.account.cases)
    return Json({"cases": shown})


@router.put("/cases/{case}/members/{user}")
def add_member(
    asker: Lead, case: Annotated[str, Path(max_length=80)], user: Annotated[str, Path(max_length=80)]
) -> Response:
    """A lead takes somebody into the team of an own case."""
    case = _own(asker, case)
    asker.noted("add_member", (case, user))
    asker.desk.accounts.grant(user, cases=[case])
    with asker.reading() as reader:
        return Json(_case(asker, reader, case))


@router.delete("/cases/{case}/members/{user}")
def remove_member(
    asker: Lead, case: Annotated[str, Path(max_length=80)], user: Annotated[str, Path(max_length=80)]
) -> Response:
    """A lead takes somebody out of the team; not themselves, or nobody would be left to undo it."""
    case = _own(asker, case)
    if user.strip().casefold() == asker.account.user:
        raise Fault.invalid("user", "you lead this case: an administrator can take you out of it")
    asker.noted("remove_member", (case, user))
    asker.desk.accounts.revoke(user, cases=[case])
    with asker.reading() as reader:
        return Json(_case(asker, reader, case))


def _own(asker: Asker, typed: str) -> str:
    case = case_name(typed)
    if case not in asker.account.cases:
        raise Fault("case")
    return case


def _case(asker: Asker, reader: SeenReader, case: str) -> dict[str, Any]:
    key = reader.parts.identities.value_key("case", "case", case)
    keys = () if key is None else (key,)
    records = sum(reader.parts.archive.spoken_often(keys, MOST_RECORDS).values())
    members = asker.desk.accounts.members(case)
    return {
        "case": case,
        "member": True,
        "records": records,
        "members": [each.user for each in members],
        "leads": [each.user for each in members if each.role is Role.LEAD],
    }


# --- views ------------------------------------------------------------------------------------------


@router.get("/views")
def views(asker: Keeper) -> Response:
    """One's own views, and those shared in one's cases."""
    found = asker.desk.views.all(asker.account.scope)
    asker.noted("views", tuple(view.id for view in found))
    return Json({"views": [_view(each) for each in found]})


@router.post("/views", openapi_extra=asked_with(Draft))
def save_view(asker: Keeping, draft: Annotated[Draft, Depends(body(Draft))]) -> Response:
    """Keep a picture."""
    asker.noted("save_view", _about_view(draft))
    view = asker.desk.views.save(asker.account.scope, draft, asker.office.now())
    return Json(_view(view))


@router.put("/views/{view}", openapi_extra=asked_with(Draft))
def change_view(
    asker: Keeping, view: Annotated[str, Path(max_length=80)], draft: Annotated[Draft, Depends(body(Draft))]
) -> Response:
    """Keep it anew."""
    asker.noted("save_view", (view, *_about_view(draft)))
    changed = asker.desk.views.change(asker.account.scope, view, draft, asker.office.now())
    return Json(_view(changed))


@router.delete("/views/{view}", status_code=204)
def delete_view(asker: Keeping, view: Annotated[str, Path(max_length=80)]) -> Response:
    """Throw it away."""
    asker.noted("delete_view", (view,))
    asker.desk.views.delete(asker.account.scope, view)
    return Response(status_code=204)


def _about_view(draft: Draft) -> tuple[str, ...]:
    """Of a picture to be kept whom it shares with whom; what stands in it is its maker's."""
    return (f"case:{draft.case}",) if draft.shared and draft.case else ()


def _view(view: View) -> dict[str, Any]:
    document: dict[str, Any] = as_json(view)
    return {**document, "at": iso(view.at)}


# --- export -----------------------------------------------------------------------------------------

_TYPES = {
    "csv": "application/zip",
    "graphml": "application/graphml+xml",
    "report": "text/html; charset=utf-8",
}
_NAMES = {"csv": "suyuan.zip", "graphml": "suyuan.graphml", "report": "suyuan-report.html"}


@router.post("/export", openapi_extra=asked_with(Exported))
def export(
    asker: Annotated[Asker, Depends(may(Action.EXPORT, change=True, purpose=True))],
    wanted: Annotated[Exported, Depends(body(Exported))],
    request: Request,
) -> Response:
    """What is seen, as a file; a report in the language of the page."""
    with asker.reading(moment("as_of", wanted.as_of)) as reader:
        selection = exporting.Selection(reader, wanted.nodes, wanted.edges, wanted.hubs)
        note = partial(asker.noted, "export", words=wanted.format, as_of=reader.as_of)
        if wanted.format == "report":
            sheet = _sheet(asker, reader, selection, wanted, "en" if is_english(request) else "zh")
            note(sheet.about())
            content = sheet.written()
        else:
            note(selection.about())
            as_file = exporting.as_csv if wanted.format == "csv" else exporting.as_graphml
            content = as_file(selection)
    disposition = f'attachment; filename="{_NAMES[wanted.format]}"'
    headers = {} if wanted.format == "report" else {"Content-Disposition": disposition}
    return Response(content, media_type=_TYPES[wanted.format], headers=headers)


def _sheet(
    asker: Asker, reader: SeenReader, selection: exporting.Selection, wanted: Exported, lang: Lang
) -> report.Sheet:
    heading = report.Heading(
        title=wanted.title,
        by=asker.signature,
        at=asker.office.now(),
        case=asker.case,
        purpose=asker.purpose,
        as_of=reader.as_of,
    )
    traced = None if wanted.trace is None else _traced(asker, reader, wanted.trace)
    return report.Sheet(report.Report(selection=selection, heading=heading, lang=lang, traced=traced))


def _traced(asker: Asker, reader: SeenReader, of: Traced) -> tuple[tracing.TracePicture, report.Asked]:
    until = moment("until", of.until)
    picture = trace_of(
        asker,
        reader,
        of.who,
        tracing.Wanted(
            direction=of.direction,
            substance=of.substance or None,
            until=until,
            max_hops=of.max_hops,
        ),
    )
    understood = None if until is None else iso(until)  # what was typed may have no offset
    asked = report.Asked(substance=of.substance, until=understood, max_hops=of.max_hops)
    return picture, asked
