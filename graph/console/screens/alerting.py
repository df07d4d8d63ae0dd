"""The list of alerts: the last raised first, page by page, with how many wait for an answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from itertools import islice
from threading import Lock

from msgspec import Struct

from graph.alerts import told
from graph.console.access import Role, Scope
from graph.console.answers import Answer, Answers, State
from graph.port import Place
from graph.seen import SeenReader
from schemas.alerts import Alert, Finding

_FEW = 200
"""So many are looked up one by one."""
_KEPT = 32
"""Scopes for which it is known which alerts are seen."""
OPEN = "open"
"""The state of an alert that nobody has answered."""

Found = tuple[str, Finding]
_Whose = tuple[int, Role, frozenset[str], frozenset[str]]
"""Position of the store, and what a scope lets see."""


class Wanted(Struct, frozen=True, kw_only=True):
    """Which alerts: of a state (empty: any), of a case (None: any), so many behind a place."""

    state: str
    case: str | None
    before: Place | None
    limit: int


class Listed(Struct, frozen=True):
    """A page of alerts with their answers; `next` is the place behind which there are more, `unanswered` how
    many wait for an answer in all.
    """

    alerts: list[Alert]
    answers: dict[str, list[Answer]]
    next: Place | None
    unanswered: int


def listed(reader: SeenReader, answers: Answers, wanted: Wanted, visible: frozenset[str]) -> Listed:
    """The alerts that one may see whole; `visible` are the ids of all of them."""
    answered = answers.answered()
    found = _candidates(reader, wanted, _ids(wanted.state, visible, answered))
    chosen = list(islice((each for each in found if _of_case(each[1], wanted.case)), wanted.limit + 1))
    page = chosen[: wanted.limit]
    last = page[-1] if len(chosen) > wanted.limit else None
    return Listed(
        alerts=list(told([(id_, finding, True) for id_, finding in page], reader)),
        answers=answers.of(id_ for id_, _ in page),
        next=None if last is None else (last[1].raised, last[0]),
        unanswered=len(visible.difference(answered)),
    )


def _ids(state: str, visible: frozenset[str], answered: Mapping[str, State]) -> frozenset[str]:
    """Those in a state, or in any."""
    if not state:
        return visible
    if state == OPEN:
        return visible.difference(answered)
    return frozenset(each for each, last in answered.items() if last == state) & visible


def _candidates(reader: SeenReader, wanted: Wanted, ids: frozenset[str]) -> Iterator[Found]:
    """Alerts of these ids, the last raised first: a few are looked up, of many the last ones are read."""
    before = wanted.before
    if len(ids) > _FEW:
        yield from (each for each in reader.latest_findings(before) if each[0] in ids)
        return
    found = ((id_, reader.finding(id_)) for id_ in ids)
    live = [(id_, kept[0]) for id_, kept in found if kept is not None and kept[1]]
    live.sort(key=_place, reverse=True)
    yield from (each for each in live if before is None or _place(each) < before)


def _place(found: Found) -> Place:
    return found[1].raised, found[0]


def _of_case(finding: Finding, case: str | None) -> bool:
    return case is None or case in finding.cases


class Standing:
    """Which alerts somebody may see, kept while the store stays as it is: all have to be looked at for it.

    It is kept for all who see the same, whoever they are; the scope that was longest not asked for goes.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[_Whose, frozenset[str]] = OrderedDict()
        self._door = Lock()

    def visible(self, reader: SeenReader, scope: Scope) -> frozenset[str]:
        """Their ids at the reader's moment, which is now; `scope` is what the reader was made for."""
        key = reader.position(), scope.role, frozenset(scope.regions), scope.cases
        with self._door:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        found = frozenset(reader.standing_alerts())
        with self._door:
            self._known[key] = found
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found
