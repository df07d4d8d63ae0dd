"""Saved views: pictures of the graph that somebody kept, for themselves or for the team of a case.

A view with a case is seen by members of that case only, its maker included: what is in it may be of the case.
Others of the team see it when it is shared, and nobody but its maker changes it.

A picture is of what its maker may see, and others of the team may see less. So names and numbers of records
are not kept: whoever opens it reads their own. Of which types are beside a hub only its maker is told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct, structs

from graph.console.access import Scope, checked_case
from graph.console.passwords import Fresh
from graph.console.workbench import Workbench
from schemas.errors import Invalid, NotAMember, NotFound, NotTheirs

LARGEST = 1 << 20
"""Bytes of a body as JSON."""
MOST = 200
"""Views of one person; a bound on what one can fill the disk with."""
_LONGEST_NAME = 120
_TOLD = ("label", "records")
_COLUMNS = "id, name, case_no, shared, by, at, body"


class View(Struct, frozen=True, kw_only=True):
    """A kept picture; `at` (microseconds) is when it was last changed, `body` what the page put in."""

    id: str
    name: str
    case: str | None
    shared: bool
    by: str
    at: int
    body: dict[str, Any]


class Draft(Struct, frozen=True, kw_only=True):
    """A view as somebody wants to keep it."""

    name: str
    case: str | None = None
    shared: bool = False
    body: dict[str, Any]


class Views:
    """The views of a workbench. `fresh` gives random bytes, for ids."""

    def __init__(self, workbench: Workbench, fresh: Fresh) -> None:
        self._workbench, self._fresh = workbench, fresh

    def all(self, scope: Scope) -> list[View]:
        """What somebody sees, the latest first."""
        with self._workbench.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM view WHERE by = ?1 OR (shared AND case_no IN "
                "(SELECT value FROM json_each(?2))) ORDER BY at DESC, id",
                (scope.user, msgspec.json.encode(sorted(scope.cases)).decode()),
            ).fetchall()
        return [_for(scope, view) for view in map(_view, rows) if _seen(view, scope)]

    def one(self, scope: Scope, view: str) -> View:
        """A view that somebody sees. Raises `NotFound` for one that they do not, or that is not there."""
        with self._workbench.reading() as db:
            return _for(scope, _one(db, scope, view))

    def save(self, scope: Scope, draft: Draft, at: int) -> View:
        """Keeps a new view. Raises `Invalid`, `NotAMember`."""
        view = _checked(self._fresh(12).hex(), scope, draft, at)
        with self._workbench.writing() as db:
            (there,) = db.execute("SELECT count(*) FROM view WHERE by = ?", (scope.user,)).fetchone()
            if there >= MOST:
                raise Invalid("name", f"nobody keeps more than {MOST} views: delete some first")
            _put(db, view)
        return view

    def change(self, scope: Scope, view: str, draft: Draft, at: int) -> View:
        """Replaces a view by its maker. Raises `NotFound`, `NotTheirs`, `Invalid`, `NotAMember`."""
        after = _checked(view, scope, draft, at)
        with self._workbench.writing() as db:
            _must_be_theirs(_one(db, scope, view), scope)
            db.execute("DELETE FROM view WHERE id = ?", (view,))
            _put(db, after)
        return after

    def delete(self, scope: Scope, view: str) -> None:
        """Deletes a view by its maker. Raises `NotFound`, `NotTheirs`."""
        with self._workbench.writing() as db:
            _must_be_theirs(_one(db, scope, view), scope)
            db.execute("DELETE FROM view WHERE id = ?", (view,))


def _seen(view: View, scope: Scope) -> bool:
    return (view.case is None or view.case in scope.cases) and (view.by == scope.user or view.shared)


def _one(db: sqlite3.Connection, scope: Scope, name: str) -> View:
    row = db.execute(f"SELECT {_COLUMNS} FROM view WHERE id = ?", (name,)).fetchone()
    view = None if row is None else _view(row)
    if view is None or not _seen(view, scope):
        raise NotFound("there is no such view")
    return view


def _must_be_theirs(view: View, scope: Scope) -> None:
    if view.by != scope.user:
        raise NotTheirs("only who made a view may change it: save it as one of your own")


def _checked(view: str, scope: Scope, draft: Draft, at: int) -> View:
    name, case = draft.name.strip(), checked_case(draft.case) if draft.case else None
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid("name", f"a view's name has 1 to {_LONGEST_NAME} characters")
    if case is not None and case not in scope.cases:
        raise NotAMember(f"the case {case} is not one of yours: its lead can add you")
    if draft.shared and case is None:
        raise Invalid("shared", "a view is shared inside a case: say in which")
    if len(msgspec.json.encode(draft.body)) > LARGEST:
        raise Invalid("body", "a view is at most 1 MiB of JSON")
    body = _unnamed(draft.body)
    return View(id=view, name=name, case=case, shared=draft.shared, by=scope.user, at=at, body=body)


def _unnamed(body: dict[str, Any]) -> dict[str, Any]:
    """A body without how its entities are called and how many records speak of them."""
    return body | _with_each(body, "nodes", lambda node: {k: v for k, v in node.items() if k not in _TOLD})


def _for(scope: Scope, view: View) -> View:
    """The view as somebody is given it."""
    if view.by == scope.user:
        return view
    bare = _with_each(view.body, "hubs", lambda hub: hub | {"spots": {}, "hidden": []})
    return structs.replace(view, body=view.body | bare)


def _with_each(
    body: dict[str, Any], name: str, how: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """One list of a body, which may be anything, changed where it has objects."""
    these = body.get(name)
    if not isinstance(these, list):
        return {}
    return {name: [how(each) if isinstance(each, dict) else each for each in these]}


def _put(db: sqlite3.Connection, view: View) -> None:
    db.execute(
        f"INSERT INTO view ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (view.id, view.name, view.case, view.shared, view.by, view.at, msgspec.json.encode(view.body)),
    )


def _view(row: tuple[Any, ...]) -> View:
    name, called, case, shared, by, at, body = row
    return View(
        id=name,
        name=called,
        case=case,
        shared=bool(shared),
        by=by,
        at=at,
        body=_unnamed(msgspec.json.decode(body, type=dict[str, Any])),  # it may be older than this rule
    )
