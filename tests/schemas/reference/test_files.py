from importlib.resources import files

import pytest

FOLDER = files("schemas.reference")
TABLES = [
    "regions.tsv", "surnames.tsv", "given_chars.tsv", "substances.toml", "checkpoints.toml", "units.toml",
]  # fmt: skip
OF_CHARACTERS = ["lookalikes.tsv", "variants.tsv", "cantonese.tsv"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_where_it_is_from_and_what_nobody_has_checked(name):
    header = [line for line in (FOLDER / name).read_text("utf-8").splitlines() if line.startswith("#")]
    assert "[K]" in "".join(header)


@pytest.mark.parametrize("name", OF_CHARACTERS)
def test_every_table_of_characters_says_what_it_was_made_from(name):
    header = "".join(line for line in (FOLDER / name).read_text("utf-8").splitlines() if line.startswith("#"))
    assert any(source in header for source in ("Apache-2.0", "BSD-2-Clause", "1955"))


@pytest.mark.parametrize("name", [*TABLES, *OF_CHARACTERS])
def test_every_table_is_small_enough_to_read(name):
    assert len((FOLDER / name).read_bytes()) < 600_000


def test_the_glossary_glosses_each_term_once():
    rows = [
        line for line in (FOLDER / "glossary.md").read_text("utf-8").splitlines() if line.startswith("| ")
    ]
    terms = [term.strip() for row in rows for term in row.split("|")[1].split(",")]
    assert len(terms) == len(set(terms))
    assert len(terms) > 40
