"""How a store file says what it is: SQLite's application id and user version."""

from __future__ import annotations

APPLICATION_ID = 0x53755975
"""“SuYu” in ASCII, roughly: a file with another one is not ours."""
VERSION = 9
"""Goes up whenever `schema.sql` changes in a way that older programs cannot read, and whenever the keys or
weights of resolution change: what an older program decided would stand beside what this one decides."""
