"""What the console is given of a store: a reader with a bound on time, and who carries out decisions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from graph.console.office import Office
from schemas.decisions import Checked, Verdict
from schemas.errors import Changed, StoreAway
from schemas.explanations import Act
from schemas.reviews import Effect, Verified
from streams import bootstrap
from streams.alerts.in_english import InEnglish
from streams.alerts.rules import load_rules
from streams.effects import told_zh
from streams.explain.words import reason_zh
from streams.said import Word
from streams.settings import Settings

SECONDS = 10.0
"""For which the store is read to answer one question; then it is cancelled, and said so."""
_CHECKED: dict[Verdict, Checked] = {"same": "confirmed", "different": "refuted", "unsure": "unsure"}


class AtTheStore:
    """`graph.console.office.Decisions` at the store here, whose owner is whoever writes just now."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def pairs(self, limit: int) -> list[dict[str, Any]]:
        with bootstrap.own_reader(self._settings, seconds=SECONDS) as reader:
            return [_in_both(pair) for pair in bootstrap.inspector(reader).review(limit)]

    def deliveries(self, limit: int) -> list[dict[str, Any]]:
        with bootstrap.own_reader(self._settings, seconds=SECONDS) as reader:
            found = bootstrap.inspector(reader).deliveries(limit)
        return [msgspec.to_builtins(each) for each in found]

    def say(self, a: str, b: str | None, verdict: Verdict, *, by: str, because: str) -> None:
        word = Word(by=by, because=because, at=bootstrap.now())
        with bootstrap.owner(self._settings, patience=bootstrap.PATIENCE) as owner:
            hand = bootstrap.hand_at(owner)
            if b is None:
                told = hand.verifier.answer(a, _CHECKED[verdict], word)
                _must_wait(hand.verifier.counting(told))
                owner.verify(told)
            else:
                said = hand.answer(a, b, verdict, word)
                _must_wait(hand.counting(said))
                owner.judge(said)


def _must_wait(stands: Act | Verified | None) -> None:
    """Raises `Changed` when a word stands already."""
    if stands is not None:
        raise Changed("somebody has spoken of this meanwhile: see what stands", stands)


def _in_both(pair: dict[str, Any]) -> dict[str, Any]:
    """A pair that waits with its reasons and its effect in Chinese too."""
    effect = msgspec.convert(pair["effect"], Effect)
    return {
        **pair,
        "evidence": [{**each, "why_zh": reason_zh(each["why"])} for each in pair["evidence"]],
        "effect": {**pair["effect"], "words_zh": told_zh(effect)},
    }


def open_office(
    opened: ExitStack, settings: Settings, tell: Callable[[str], None] = lambda _: None
) -> Office:
    """What the console works with, for the store of these settings; `tell` says what a server lacks that may
    be there in a moment. Raises as `bootstrap.reader`.
    """
    try:
        with bootstrap.reader(settings):
            pass  # a store that is not there is said at once
    except StoreAway as away:
        tell(f"{away}. The console answers as soon as it does")
    provider = bootstrap.identity_provider(settings)
    desk = opened.enter_context(bootstrap.desk(settings))

    reading = opened.enter_context(bootstrap.readers(settings, SECONDS))

    def position() -> int:
        with reading(None) as reader:
            return reader.position()

    return Office(
        desk=desk,
        open_reader=reading,
        position=position,
        now=bootstrap.now,
        decisions=None if settings.server else AtTheStore(settings),
        page=Path(str(resources.files("graph.console").joinpath("page"))),
        in_english=InEnglish(load_rules()),
        provider=provider,
    )
