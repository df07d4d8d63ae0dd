"""Reads the rules from their TOML files: the one place where rules are listed."""

from __future__ import annotations

from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct

from schemas.errors import UsageError
from streams.alerts.broken_twigs import BrokenTwigs, BrokenTwigsPolicy
from streams.alerts.case_touched import CaseTouched, CaseTouchedPolicy
from streams.alerts.cases_joined import CasesJoined, CasesJoinedPolicy
from streams.alerts.corroborated_tip import CorroboratedTip, CorroboratedTipPolicy
from streams.alerts.lens import Lens
from streams.alerts.nail import Nail, NailPolicy
from streams.alerts.policy import Common, Policy, Supply
from streams.alerts.scene import Scene
from streams.alerts.several_lines import SeveralLines, SeveralLinesPolicy
from streams.alerts.writing import Draft

RULE_NAMES = ("case_touched", "broken_twigs", "several_lines", "corroborated_tip", "nail", "cases_joined")


class Rule(Protocol):
    """What a rule offers. A subject is an entity key; its findings rest on the live graph alone."""

    @property
    def policy(self) -> Policy: ...

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:
        """All subjects whose findings may be others since the batch."""

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        """Fetches what `examine` will ask, for all subjects at once."""

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """What the rule finds about one subject; empty when nothing."""


class Rules(Struct, frozen=True):
    """The rules in force, and what they have in common.

    `version` is a hash of what the files say: alerts raised under another one are to be examined
    anew (`detect_everything`).
    """

    common: Common
    rules: tuple[Rule, ...]
    version: str

    @property
    def loosest(self) -> Supply:
        """The deliveries that some rule trusts."""
        supplies = [supply for rule in self.rules if (supply := getattr(rule.policy, "supply", None))]
        return Supply(
            min((supply.least_confidence for supply in supplies), default=0.0),
            min((supply.least_parcel_confidence for supply in supplies), default=0.0),
        )


_T = TypeVar("_T", bound=Struct)
_P = TypeVar("_P", bound=Policy)


def load_rules(folder: Traversable | None = None) -> Rules:
    """The rules as shipped, or those of another folder with the same files.

    Raises `UsageError`, naming file and field, for a file that is missing or says what cannot be.
    """
    folder = folder or resources.files("streams").joinpath("rules")
    common = _read(folder, "common.toml", Common)
    common.check("common.toml")
    rules: tuple[Rule, ...] = (
        CaseTouched(_policy(folder, CaseTouchedPolicy, "case_touched"), common),
        BrokenTwigs(_policy(folder, BrokenTwigsPolicy, "broken_twigs"), common),
        SeveralLines(_policy(folder, SeveralLinesPolicy, "several_lines"), common),
        CorroboratedTip(_policy(folder, CorroboratedTipPolicy, "corroborated_tip"), common),
        Nail(_policy(folder, NailPolicy, "nail"), common),
        CasesJoined(_policy(folder, CasesJoinedPolicy, "cases_joined"), common),
    )
    said = b"\n".join(_canonical(part) for part in (common, *(rule.policy for rule in rules)))
    in_force = tuple(rule for rule in rules if rule.policy.enabled)
    return Rules(common, in_force, blake2b(said, digest_size=8).hexdigest())


def _policy(folder: Traversable, type_: type[_P], name: str) -> _P:
    policy = _read(folder, f"{name}.toml", type_)
    policy.check(f"{name}.toml")
    if policy.rule != name:
        raise UsageError(f"{name}.toml: rule: must be {name}")
    return policy


def _canonical(part: Struct) -> bytes:
    return msgspec.json.encode(part, order="deterministic")


def _read(folder: Traversable, file: str, type_: type[_T]) -> _T:
    try:
        return msgspec.toml.decode(folder.joinpath(file).read_bytes(), type=type_)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.ValidationError, ValueError) as error:
        raise UsageError(f"{file}: {error}") from error
