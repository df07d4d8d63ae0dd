"""Texts made comparable: words without case and accents, dates as digits, codes for the sound of a word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from schemas.identifiers import names

_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"\d+|[^\W\d_]{3,}")
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME = re.compile(r"(?<=\d)[t ]+(?=\d{1,2}:)")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURY = 30
"""Years of two digits below this are of 2000 on, others of 1900 on."""
_LETTER = re.compile(r"[^a-z]")
_CLUSTERS = (("ph", "f"), ("sch", "s"), ("sh", "s"), ("ck", "k"), ("th", "t"), ("gh", "g"))
_CLASSES = str.maketrans("bvwdgcqxzy", "pfftkkkksi")
_VOWELS = frozenset("aeiou")
_SILENT = _VOWELS | {"h"}
_SOUNDS = 6
UNKNOWN = "?"
_ROLES = frozenset((
    "abuse", "accounts", "admin", "billing", "contact", "enquiries", "feedback", "help", "hello",
    "hostmaster", "hr", "info", "inquiries", "jobs", "legal", "mail", "marketing", "noc", "noreply",
    "office", "postmaster", "press", "privacy", "reception", "sales", "security", "service", "support",
    "team", "webmaster",
))  # fmt: skip
"""Mailboxes of a body and not of a person: those of RFC 2142, and others that are as usual."""


@lru_cache(maxsize=1 << 14)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, without case, accents and apostrophes.

    >>> words("Müller-Lüdenscheidt, O'Neil")
    ('muller', 'ludenscheidt', 'oneil')
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char) and char not in "'’")
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", bare)))


def code(text: str) -> str:
    """An identifier or postcode as it is compared: letters and digits, words kept apart by one space.

    >>> code("BH8  8UR"), code("123-45-6789")
    ('bh8 8ur', '123 45 6789')
    """
    return " ".join(words(text))


def email(text: str) -> str:
    """An address without case; empty when its mailbox is everybody's who works there.

    >>> email(" Anna@Post.example"), email("info@post.example")
    ('anna@post.example', '')
    """
    found = text.strip().casefold()
    return "" if found.partition("@")[0] in _ROLES else found


def date(text: str) -> str:
    """Eight digits, or the four of the year where nothing more is certain; empty when there is no date.

    Of two numbers that can both be the month the second one is.

    >>> date("1984-1-3"), date("3/1/1984"), date("1/13/84"), date("3-Jan-1984"), date("19840103")
    ('19840103', '19840103', '19840113', '19840103', '19840103')
    >>> date("about 1984"), date("soon"), date("1984-01-03T10:00:00"), date("1984-01-03 10:00")
    ('1984', '', '19840103', '19840103')
    >>> date("1984-Oct-03"), date("1984-13-45"), date("99999999"), date("１９８４-０１-０３")
    ('19841003', '1984', '', '19840103')
    """
    text = _TIME.split(unicodedata.normalize("NFKC", text).strip().casefold())[0]
    eight = _EIGHT.fullmatch(text)
    parts = eight.groups() if eight else tuple(_PARTS.findall(text))
    if len(parts) == 3 and (found := _whole_date(*parts)):
        return found
    year_alone = _YEAR.search(text)
    return year_alone[0] if year_alone else ""


def _whole_date(one: str, two: str, three: str) -> str:
    """Eight digits out of three parts in any of the usual orders; empty when they are no date."""
    parts = [one, two, three]
    named = next((at for at, part in enumerate(parts) if part[:3] in _MONTHS), None)
    if named is not None:
        parts[named] = str(_MONTHS.index(parts[named][:3]) + 1)
    if not all(part.isdecimal() and len(part) in (1, 2, 4) for part in parts):
        return ""
    year, month, day = _in_order(parts, named)
    if len(year) == 2:
        year = f"{'20' if int(year) < _CENTURY else '19'}{year}"
    fits = len(year) == 4 and int(year) and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{year}{int(month):02d}{int(day):02d}" if fits else ""


def _in_order(parts: list[str], named: int | None) -> tuple[str, str, str]:
    """Year, month and day; the month stands where it was `named`, else second unless that cannot be one."""
    if named is not None:
        month = parts.pop(named)
        year, day = parts if len(parts[0]) == 4 else reversed(parts)
        return year, month, day
    first, second, third = parts
    if len(first) == 4:
        return (first, third, second) if int(second) > 12 else (first, second, third)
    return (third, first, second) if int(second) > 12 else (third, second, first)


def date_of_parts(year: str, month: str, day: str) -> str:
    """The same from three columns; what is missing or no number is unknown.

    >>> date_of_parts("1984", "1.0", ""), date_of_parts("", "", "")
    ('198401??', '')
    """
    parts = [_number(part, size) for part, size in ((year, 4), (month, 2), (day, 2))]
    return "" if all(UNKNOWN in part for part in parts) else "".join(parts)


def _number(text: str, size: int) -> str:
    try:
        number = int(float(text))
    except (ValueError, OverflowError):
        return UNKNOWN * size
    return f"{number:0{size}d}" if 0 <= number < 10**size else UNKNOWN * size


_HAN = re.compile("[\u3400-\u9fff]+")


def is_han(word: str) -> bool:
    """Whether a word is written in Chinese characters.

    >>> is_han("王伟"), is_han("wang"), is_han("")
    (True, False, False)
    """
    return _HAN.fullmatch(word) is not None


@lru_cache(maxsize=1 << 14)
def script(text: str) -> str:
    """The script of a text's first letter, as Unicode names it: LATIN, CJK, CYRILLIC, ARABIC, …

    >>> script("wang"), script("王"), script("Ж"), script("12")
    ('LATIN', 'CJK', 'CYRILLIC', '')
    """
    letter = next((char for char in text if char.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


@lru_cache(maxsize=1 << 14)
def sound(word: str) -> str:
    """How a word in Latin letters sounds, coarsely: its first letter's class, then those of its consonants.

    In the manner of Soundex, for names of many languages: vowels and doubled consonants say nothing, and
    letters that are written for each other are one. A Chinese word sounds as it is read, others as they are
    written.

    >>> sound("schmidt"), sound("smith"), sound("philips"), sound("filip"), sound("王伟")
    ('smt', 'smt', 'flps', 'flp', 'wangwei')
    """
    if is_han(word):
        return "".join(names.readings(word)[0])
    letters = _LETTER.sub("", word)
    if not letters:
        return word
    for written, spoken in _CLUSTERS:
        letters = letters.replace(written, spoken)
    letters = letters.translate(_CLASSES)
    found, before = "a" if letters[0] in _VOWELS else letters[0], letters[0]
    for char in letters[1:]:
        if char not in _SILENT and char != before:
            found += char
        before = char
    return found[:_SOUNDS]
