"""The short way of telling whether a profile identifies itself says what the score says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Features, Identifier
from streams.resolve.model import FEATURES, LINK, score, self_identifying
from streams.resolve.profiles import STRONG, Profile

NAMES = st.sampled_from(
    ["", "林小满", "林某某", "林某甲", "林*", "王*明", "某", "*", "阿明", "老王", "强哥", "Li Wei",
     "买买提·艾力", "符", "×××"]
) | st.text("林王小明强某*阿老哥·x", max_size=4)  # fmt: skip
VALUES = {
    "id_number": ["460106199003070013", "460106196505120013"],
    "phone": ["13800001234", "089866223344"],
    "plate": ["琼A12345"],
}
MASKED = st.sampled_from(
    [Identifier("id_number", "4601**********0013"), Identifier("id_number", "4402************13"),
     Identifier("phone", "138****1234"), Identifier("plate", "琼A***45")]
)  # fmt: skip
IDENTIFIERS = st.sampled_from(STRONG).flatmap(
    lambda kind: st.sampled_from(VALUES.get(kind, ["X1", "X2"])).map(lambda value: Identifier(kind, value))
)
FEATURE_SETS = st.builds(
    Features,
    name=NAMES,
    aliases=st.lists(NAMES, max_size=2).map(tuple),
    identifiers=st.lists(IDENTIFIERS, max_size=3, unique=True).map(sorted).map(tuple),
    masked=st.lists(MASKED, max_size=2, unique=True).map(sorted).map(tuple),
    contexts=st.lists(st.just(Identifier("case", "2019-551")), max_size=1).map(tuple),
    gender=st.sampled_from(["", "male"]),
    birth=st.sampled_from(["", "1990", "1990-06", "1990-06-03"]),
    hukou=st.sampled_from(["", "460106", "460100"]),
    address=st.sampled_from(["", "海口市龙华区大同路3号", "某村"]),
    region=st.sampled_from(["", "4601"]),
    colour=st.sampled_from(["", "红"]),
    form=st.sampled_from(["", "小型轿车"]),
)


@given(st.sampled_from(sorted(FEATURES)), FEATURE_SETS)
def test_a_profile_identifies_itself_when_it_would_be_linked_with_itself_and_names_somebody(kind, features):
    profile = Profile(kind, features, 0)
    nameless_person = kind == "person" and profile.nameless
    assert self_identifying(profile) == (score(profile, profile).bits >= LINK and not nameless_person)
