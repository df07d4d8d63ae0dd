"""All that the console keeps itself, opened together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.console.accounts import Accounts
from graph.console.answers import Answers
from graph.console.audit import Audit
from graph.console.passwords import Fresh
from graph.console.sessions import Sessions
from graph.console.views import Views
from graph.console.visits import Visits
from graph.console.workbench import Workbench


class Desk:
    """The parts of one workbench and its audit, for all threads of a process."""

    def __init__(self, workbench: Workbench, audit: Audit, fresh: Fresh) -> None:
        self.workbench = workbench
        self.audit = audit
        self.accounts = Accounts(workbench, fresh)
        self.sessions = Sessions(workbench, fresh)
        self.views = Views(workbench, fresh)
        self.answers = Answers(workbench)
        self.visits = Visits(workbench)


@contextmanager
def open_desk(
    workbench: str | Path, audit: str | Path, *, clock: Callable[[], int], fresh: Fresh
) -> Iterator[Desk]:
    """Opens both files, made where they are not there. `clock` gives microseconds, `fresh` random bytes.

    Raises `StoreForeign` when one is something else, `StoreUnavailable` when one cannot be used.
    """
    with Workbench.open(workbench) as opened:
        yield Desk(opened, Audit.open(audit, opened, clock), fresh)
