"""Text inside XML."""

from __future__ import annotations


def escape(text: str) -> str:
    r"""Escaped for element content and double-quoted attributes, without what XML 1.0 cannot hold.

    >>> escape('<林 & "强">'), escape("a\x00b")
    ('&lt;林 &amp; &quot;强&quot;&gt;', 'a\ufffdb')
    """
    possible = "".join(char if _in_xml(char) else "\ufffd" for char in text)
    return (
        possible.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", "&#13;")
    )


def _in_xml(char: str) -> bool:
    return char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"
