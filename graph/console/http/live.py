"""What happens, as it happens: server-sent events, from one look at the store a second for all who listen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from graph.console.access import Action
from graph.console.http.asking import may, token_of
from graph.console.office import Asker, Office
from schemas.errors import SuyuanError
from schemas.times import iso

router = APIRouter(prefix="/api", tags=["live"])

_EVERY = 1.0
_PING = 15


class Watch:
    """Looks at the store's position while anybody listens."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._listeners: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    def listen(self) -> asyncio.Event:
        """An event that is set whenever what is known has changed; give it to `leave` in the end."""
        changed = asyncio.Event()
        self._listeners.add(changed)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        return changed

    def leave(self, changed: asyncio.Event) -> None:
        """Listens no more."""
        self._listeners.discard(changed)

    async def _look(self) -> None:
        before = await self._position()
        while self._listeners:
            await asyncio.sleep(_EVERY)
            now = await self._position()
            if now != before and now is not None:
                before = now
                for each in self._listeners:
                    each.set()

    async def _position(self) -> int | None:
        """None while the store cannot be read: nothing is said of that."""
        try:
            return await run_in_threadpool(self._office.position)
        except SuyuanError:
            return None


@router.get("/events")
async def events(
    request: Request, asker: Annotated[Asker, Depends(may(Action.READ_ALERTS))]
) -> StreamingResponse:
    """A stream of `changed` events, each when what is known has changed; it ends with the session."""
    watch: Watch = request.app.state.watch
    token = token_of(request)

    async def stream() -> AsyncIterator[bytes]:
        changed, waited = watch.listen(), 0
        try:
            yield b": here\n\n"
            while not await request.is_disconnected():
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), _EVERY)
                waited += 1
                if waited % _PING == 0:
                    if not await run_in_threadpool(_still_there, asker.office, token):
                        yield b"event: session\ndata: {}\n\n"
                        return
                    yield b": ping\n\n"
                if changed.is_set():
                    changed.clear()
                    await asyncio.sleep(_EVERY)  # one word for what comes together
                    told = msgspec.json.encode({"at": iso(asker.office.now())})
                    yield b"event: changed\ndata: " + told + b"\n\n"
        finally:
            watch.leave(changed)

    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)


def _still_there(office: Office, token: str) -> bool:
    """Whether the session goes on; to be listening is no use of it."""
    try:
        office.desk.sessions.one(token, office.now(), asked=False)
    except SuyuanError:
        return False
    return True
