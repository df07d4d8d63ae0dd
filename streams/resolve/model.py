"""The match model: declared features whose agreement or conflict adds bits.

A score is a function of two profiles and one versioned model (Fellegi and Sunter 1969: the weight
of a level is log2(m/u)). Weights are experts' priors for sparse police records: u of a shared
phone is about one in a million pairs, of a full birth date 1 in 22,000, of a name its rarity.
The link threshold is the prior odds of a declared population (about 2^17 people) and a margin.
"""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz import fuzz

from schemas.decisions import Evidence, Score
from schemas.identifiers import mask
from streams.resolve.comparisons import compare_births
from streams.resolve.name_levels import compare_names
from streams.resolve.profiles import Profile
from streams.resolve.weights import CONFLICT, EXPERTS, Weights

VERSION = "2026.11-names"
LINK = 20.0
"""Bits from which two profiles are linked."""
REVIEW = 13.0
"""Bits from which a person is asked."""

_EXCLUSIVE = Score(-99.0, (Evidence("id_number", -99.0, "two different valid ID numbers"),), True)

_NUMBER_BITS = {
    "id_number": 27.0,
    "bank_card": 21.0,
    "phone": 20.0,
    "wechat": 20.0,
    "credit_code": 27.0,
    "licence_no": 24.0,
    "plate": 24.0,
    "tracking_no": 24.0,
}
_CONTEXT_BITS = {"tracking_no": 12.0, "plate": 10.5, "case": 9.0}
_SECOND_NUMBER = 4.0
_MASK_CONFLICT = {"id_number": -9.0}

Compare = Callable[[Profile, Profile], Evidence | None]


def shared_numbers(a: Profile, b: Profile) -> Evidence | None:
    """The strongest identifier both carry; a further one adds little."""
    shared = a.numbers & b.numbers
    if not shared:
        return None
    kinds = sorted((_NUMBER_BITS[kind], kind) for kind, _ in shared)
    bits, kind = kinds[-1]
    if len(kinds) > 1:
        bits += _SECOND_NUMBER
    return Evidence(kind, bits, f"same {', '.join(sorted({kind for kind, _ in shared}))}")


def names(a: Profile, b: Profile) -> Evidence | None:
    return compare_names(a, b)


def births(a: Profile, b: Profile) -> Evidence | None:
    return compare_births(a.features.birth, b.features.birth)


def genders(a: Profile, b: Profile) -> Evidence | None:
    left, right = a.features.gender, b.features.gender
    if not left or not right:
        return None
    if left == right:
        return Evidence("gender", 1.0, "same gender", "gender.same")
    return Evidence("gender", -6.0, "other gender", "gender.other")


def hukou(a: Profile, b: Profile) -> Evidence | None:
    """The registered place: counties in common are rarer than prefectures."""
    left, right = a.features.hukou, b.features.hukou
    if not left or not right:
        return None
    if left == right and not left.endswith("00"):
        return Evidence("hukou", 4.5, "same county of registration", "hukou.county")
    if left[:4] == right[:4]:
        return Evidence("hukou", 2.0, "same prefecture of registration", "hukou.prefecture")
    return Evidence("hukou", -1.5, "registered elsewhere", "hukou.elsewhere")


def addresses(a: Profile, b: Profile) -> Evidence | None:
    left, right = a.features.address, b.features.address
    if len(left) < 6 or len(right) < 6:
        return None
    if left == right:
        exact = any(char.isdigit() for char in left)
        return Evidence("address", 11.0 if exact else 7.0, "same address")
    ratio = fuzz.ratio(left, right)
    return Evidence("address", 5.0, f"address {ratio:.0f} % alike") if ratio >= 88 else None


def contexts(a: Profile, b: Profile) -> Evidence | None:
    """The same vehicle, parcel or case supports a name; alone it says nothing of who it was."""
    shared = a.contexts & b.contexts
    if not shared or not (a.comparable_name and b.comparable_name):
        return None
    bits, kind = max((_CONTEXT_BITS[kind], kind) for kind, _ in shared)
    return Evidence(f"context_{kind}", bits, f"same {kind}")


def masks(a: Profile, b: Profile) -> Evidence | None:
    """A mask is a test of compatibility: it may contradict, it never identifies."""
    for left, right in ((a, b), (b, a)):
        for kind, masked in left.features.masked:
            against = _MASK_CONFLICT.get(kind)
            others = [
                value for k, value in (*right.features.identifiers, *right.features.masked) if k == kind
            ]
            if against and others and not any(mask.compatible(masked, other) for other in others):
                return Evidence(f"mask_{kind}", against, "masked number does not fit")
    return None


def organisation_names(a: Profile, b: Profile) -> Evidence | None:
    left, right = a.name_key, b.name_key
    if not left or not right:
        return None
    if left == right:
        return Evidence("name", min(6.0 + 1.5 * len(left), 17.0), "same name")
    return Evidence("name", -8.0, "other name") if fuzz.ratio(left, right) < 60 else None


def same_city(a: Profile, b: Profile) -> Evidence | None:
    left, right = a.features.region, b.features.region
    if not left or not right:
        return None
    return Evidence("city", 5.0, "same city") if left == right else Evidence("city", -4.0, "other city")


def colours(a: Profile, b: Profile) -> Evidence | None:
    left, right = a.features.colour, b.features.colour
    if not left or not right or left in right or right in left:
        return None
    return Evidence("colour", -9.0, "other colour")


def forms(a: Profile, b: Profile) -> Evidence | None:
    left, right = a.features.form, b.features.form
    if not left or not right or left in right or right in left:
        return None
    return Evidence("type", -9.0, "other type")


FEATURES: dict[str, tuple[Compare, ...]] = {
    "person": (shared_numbers, names, births, genders, hukou, addresses, contexts, masks),
    "organisation": (shared_numbers, organisation_names, addresses, same_city),
    "venue": (shared_numbers, organisation_names, addresses, same_city),
    "vehicle": (shared_numbers, colours, forms),
    "parcel": (shared_numbers, forms),
}
"""What is compared for each type, in the order in which it is explained."""

_HOUSEHOLD = frozenset(("phone", "wechat", "bank_card", "address", "hukou"))
"""Features that the members of one household share."""


def score(a: Profile, b: Profile, weights: Weights = EXPERTS) -> Score:
    """How much speaks for two profiles of one type being the same, in bits.

    `weights` are what a store has learned beside what experts say.
    """
    if a.sole and b.sole and a.sole != b.sole:
        return _EXCLUSIVE
    evidence = tuple(found for compare in FEATURES[a.type] if (found := compare(a, b)) is not None)
    evidence = _one_household(evidence)
    if weights.bits:
        evidence = tuple(map(weights.weigh, evidence))
    return Score(round(sum(item.bits for item in evidence), 3), evidence)


def _one_household(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """A family shares phone, address and county at once: between other names the strongest counts."""
    name = next((item for item in evidence if item.feature == "name"), None)
    if name is None or name.bits > 0:
        return evidence
    shared = [item for item in evidence if item.feature in _HOUSEHOLD and item.bits > 0]
    strongest = max(shared, key=lambda item: item.bits, default=None)
    return tuple(
        Evidence(item.feature, 0.0, f"{item.why}, as in a household")
        if item in shared and item is not strongest
        else item
        for item in evidence
    )


def self_identifying(profile: Profile) -> bool:
    """Whether two mentions with just these features would be linked: then they are one profile.

    Every number is worth a link, and nothing about equal features speaks against it. But people
    without a name or an ID number stay apart until their block says otherwise: the nameless guests who
    give a hotel's phone are many. Which mentions are one profile is no matter of what a store has learned:
    a refit would have to read all records anew.
    """
    if profile.type == "person" and profile.nameless:
        return False
    return bool(profile.numbers) or score(profile, profile).bits >= LINK


def contradicted(found: Score) -> bool:
    """Whether anything speaks against; a pair without contradiction does not weaken a cluster."""
    return found.exclusive or any(item.bits <= CONFLICT for item in found.evidence)


__all__ = ["CONFLICT", "FEATURES", "LINK", "REVIEW", "VERSION", "contradicted", "score", "self_identifying"]
