"""What the console works with: everything is given to it, nothing is opened here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field, structs

from graph.composed import ComposedReader
from graph.console.access import Scope, sees
from graph.console.accounts import Account
from graph.console.audit_lines import Entry, asked
from graph.console.desk import Desk
from graph.console.errand import Errand
from graph.console.screens.alerting import Standing
from graph.console.sessions import Session
from graph.seen import SeenReader, seen_by
from schemas.decisions import Verdict
from schemas.times import iso


class Decisions(Protocol):
    """What waits for a person's word, and where the word goes. Adapter: `streams.at_the_console`."""

    def pairs(self, limit: int) -> list[dict[str, Any]]:
        """Pairs of mentions that may be one, as `suyuan review --json` has them, and in Chinese words too
        (`why_zh`, `words_zh`)."""

    def deliveries(self, limit: int) -> list[dict[str, Any]]:
        """Deliveries that texts tell without being sure."""

    def say(self, a: str, b: str | None, verdict: Verdict, *, by: str, because: str) -> None:
        """Give a word to the store's owner about what waits.

        Raises `Changed` when somebody has spoken of it by now, `NotFound`, `UsageError`.
        """


class IdentityProvider(Protocol):
    """Somebody else who may say who it is. Adapter: `graph.console.oidc`. Moments are microseconds."""

    @property
    def name(self) -> str:
        """What the page calls it; may be empty."""

    @property
    def secure(self) -> bool:
        """Whether browsers reach this console by https, so that cookies are for nothing else."""

    def ask(self, back: str, at: int) -> tuple[Errand, str]:
        """An errand that ends at `back`, and the address to which it sends the browser.

        Raises `ProviderSilent`.
        """

    def answered(self, errand: Errand, answer: Mapping[str, str], at: int) -> str:
        """The name of the account that an answer to this errand is worth. The caller has compared the state.

        Raises `NotVouched`.
        """


class Office(Struct, frozen=True, kw_only=True):
    """What all requests share.

    `open_reader` reads the store at a moment (microseconds, None: now) and gives up after its time;
    `position` grows whenever what is known changes; `now` is in microseconds. `decisions` is None where the
    store's owner is elsewhere, `provider` where nobody signs in but by password. `page` is the folder of the
    built page. `in_english` tells the words of an alert (its rule, a reason) in English; `standing` is
    which alerts are seen by whom.
    """

    desk: Desk
    open_reader: Callable[[int | None], AbstractContextManager[ComposedReader]]
    position: Callable[[], int]
    now: Callable[[], int]
    decisions: Decisions | None
    page: Path
    in_english: Callable[[str, str], str]
    provider: IdentityProvider | None = None
    standing: Standing = field(default_factory=Standing)


class Asker(Struct, frozen=True, kw_only=True):
    """Who asks, from where, in which case (None: outside one) and for which purpose."""

    office: Office
    session: Session
    address: str
    case: str | None = None
    purpose: str = ""

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def desk(self) -> Desk:
        return self.office.desk

    @property
    def signature(self) -> str:
        """How a decision of theirs is signed."""
        return f"{self.account.name} ({self.account.user})"

    @property
    def scope(self) -> Scope:
        """What they may see: of their cases those for which they said a purpose just now."""
        scope = self.account.scope
        return structs.replace(scope, cases=frozenset(scope.cases & self.session.purposes.keys()))

    @contextmanager
    def reading(self, as_of: int | None = None) -> Iterator[SeenReader]:
        """What they may see of the store. Of an earlier moment they see what was known then, but nothing that
        has since come into a case or a region which is not theirs.
        """
        scope = self.scope

        def may_see(region: str, case: str | None) -> bool:
            return sees(scope, region, case)

        with ExitStack() as opened:
            reader = opened.enter_context(self.office.open_reader(as_of))
            later = None if as_of is None else opened.enter_context(self.office.open_reader(None))
            yield seen_by(reader, may_see, later)

    def noted(
        self, action: str, about: Iterable[str] = (), words: str | None = None, as_of: int | None = None
    ) -> None:
        """Write down what they did, before they are answered; `as_of` is when they looked at, if not at now.
        Raises when that is not possible.
        """
        said = () if words is None else (asked(words),)
        then = () if as_of is None else (f"as_of:{iso(as_of)}",)
        self.desk.audit.append(
            Entry(
                user=self.account.user,
                action=action,
                case=self.case,
                purpose=self.purpose,
                about=tuple(dict.fromkeys((*said, *then, *about))),
                address=self.address,
            )
        )
