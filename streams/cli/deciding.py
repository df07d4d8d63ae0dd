"""How what a person decides by hand is carried out: at the store, or by way of the log."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from streams.cli.ingest import To, show_told
from streams.cli.options import settings_of
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from schemas.decisions import Checked, Decision, Judgement, Split, Verdict, Verification
    from streams.by_hand import Hand, Merge
    from streams.said import Word


class Deciding(NamedTuple):
    """Who decides, why, and where it is kept, as it was typed."""

    by: str
    because: str
    to: To
    store: str
    as_json: bool


class Deed(ABC):
    """What is decided. `before` and `after` are what there is to tell of the store besides what changed."""

    @abstractmethod
    def decide(self, hand: Hand, word: Word) -> Decision | Verification:
        """What is to be kept."""

    def before(self, hand: Hand) -> dict[str, Any]:  # noqa: ARG002 -- mostly there is nothing
        return {}

    def after(self, hand: Hand) -> dict[str, Any]:  # noqa: ARG002 -- mostly there is nothing
        return {}


class Answer(Deed):
    """An answer about two, and the one that it takes the place of."""

    judgement: Judgement

    def __init__(self, a: str, b: str, verdict: Verdict) -> None:
        self._a, self._b, self._verdict = a, b, verdict

    def decide(self, hand: Hand, word: Word) -> Decision:
        self.judgement = hand.answer(self._a, self._b, self._verdict, word)
        return self.judgement

    def before(self, hand: Hand) -> dict[str, Any]:
        return {"instead_of": hand.counting(self.judgement)}


class Merging(Deed):
    """That two entities are one, and who does not come along."""

    merge: Merge

    def __init__(self, a: str, b: str) -> None:
        self._a, self._b = a, b

    def decide(self, hand: Hand, word: Word) -> Decision:
        self.merge = hand.merge(self._a, self._b, word)
        return self.merge.judgement

    def after(self, hand: Hand) -> dict[str, Any]:
        return {"exclusive": self.merge.exclusive, "left_out": hand.left_out(self.merge)}


class Splitting(Deed):
    """That mentions of an entity are not its own."""

    split: Split

    def __init__(self, entity: str, mentions: list[str]) -> None:
        self._entity, self._mentions = entity, mentions

    def decide(self, hand: Hand, word: Word) -> Decision:
        self.split = hand.split(self._entity, self._mentions, word)
        return self.split


class Undoing(Deed):
    """The taking back of the last act between two: which that was, and which one counts now."""

    judgement: Judgement

    def __init__(self, a: str, b: str) -> None:
        self._a, self._b = a, b

    def decide(self, hand: Hand, word: Word) -> Decision:
        self.judgement = hand.undo(self._a, self._b, word)
        return self.judgement

    @property
    def about(self) -> str:
        """The two, as they are judged."""
        return f"{self.judgement.left} and {self.judgement.right}"

    def before(self, hand: Hand) -> dict[str, Any]:
        return {"taken_back": hand.counting(self.judgement)}

    def after(self, hand: Hand) -> dict[str, Any]:
        return {"stands": hand.counting(self.judgement)}


class Checking(Deed):
    """What a person says of a delivery that a text tells, the word that it takes the place of, and the edge
    that stands for it then.
    """

    word: Verification

    def __init__(self, claim: str, verdict: Checked) -> None:
        self._claim, self._verdict = claim, verdict

    def decide(self, hand: Hand, word: Word) -> Verification:
        self.word = hand.verifier.answer(self._claim, self._verdict, word)
        return self.word

    def before(self, hand: Hand) -> dict[str, Any]:
        return {"instead_of": hand.verifier.counting(self.word)}

    def after(self, hand: Hand) -> dict[str, Any]:
        return {"edge": hand.verifier.drawn(self.word)}


class Unchecking(Deed):
    """The taking back of the last such word: which that was, which one counts now, and the edge if one is."""

    word: Verification

    def __init__(self, claim: str) -> None:
        self._claim = claim

    def decide(self, hand: Hand, word: Word) -> Verification:
        self.word = hand.verifier.undo(self._claim, word)
        return self.word

    @property
    def about(self) -> str:
        """The delivery, by its name."""
        return self.word.claim

    def before(self, hand: Hand) -> dict[str, Any]:
        return {"taken_back": hand.verifier.counting(self.word)}

    def after(self, hand: Hand) -> dict[str, Any]:
        return {"stands": hand.verifier.counting(self.word), "edge": hand.verifier.drawn(self.word)}


def carry_out(deed: Deed, how: Deciding) -> dict[str, Any] | None:
    """Give a decision to the owner. What it changed; None where it was told to the log, which is shown.

    Here it is first decided as anybody can read it, so that a slip is said at once, and then again at the
    owner: what another said meanwhile counts.
    """
    from schemas.decisions import Verification
    from streams import bootstrap
    from streams.said import Word

    settings, word = settings_of(how.store), Word(by=how.by, because=how.because, at=bootstrap.now())
    with reading_own(how.store, as_json=how.as_json) as reader:
        decision = deed.decide(bootstrap.hand(reader), word)
    if how.to is To.KAFKA:
        with bootstrap.gateway(bootstrap.named_worker(settings, "gateway")) as gateway:
            told = gateway.decide(decision)
        show_told(told, as_json=how.as_json)
        return None
    with bootstrap.owner(settings, patience=bootstrap.PATIENCE) as owner:
        decision = deed.decide(bootstrap.hand_at(owner), word)
        seen = deed.before(bootstrap.hand_at(owner))
        changed = owner.verify(decision) if isinstance(decision, Verification) else owner.judge(decision)
        return changed | seen | deed.after(bootstrap.hand_at(owner))
