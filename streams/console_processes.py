"""The console in several processes: one interpreter computes one answer at a time, whatever the machine has.

They share one listening socket and nothing else. What they keep together is in files that several processes
use at once (the store, the workbench, the audit), so whoever has asked one is known to all. uvicorn watches
over them: one that dies is replaced.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from socket import socket
from threading import Thread

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from graph.console.app import create_app
from schemas.errors import ServerError, SuyuanError
from streams.at_the_console import open_office
from streams.settings import Settings

_log = logging.getLogger("uvicorn.error")
_MOST = 4
"""Processes unless more are wanted; each takes about 150 MB."""


def fitting() -> int:
    """How many processes suit this machine: one for each core that we may use, four at most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST, cores)


def serve(settings: Settings, listening: socket, processes: int) -> None:
    """Answer on a listening socket until we are told to stop.

    Raises `ServerError` when a process cannot start; it has said why.
    """
    config = uvicorn.Config(
        partial(application, settings),
        factory=True,
        workers=processes,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    if processes == 1:
        uvicorn.Server(config).run([listening])
        return
    hangup = signal.getsignal(signal.SIGHUP)
    supervisor = Multiprocess(config, [listening])
    signal.signal(signal.SIGHUP, hangup)  # a closed terminal ends the console; uvicorn would begin anew
    supervisor.run()
    if any(each.exitcode == STARTUP_FAILURE for each in supervisor.processes):
        raise ServerError("the console could not start: a process of it says why above")


def application(settings: Settings) -> FastAPI:
    """The console of these settings, which is closed when its server stops; made by each process for itself.

    Where that fails it says why and ends the process with a code by which nobody starts it again and again.
    """
    opened = ExitStack()
    try:
        office = open_office(opened, settings)
    except SuyuanError as error:
        opened.close()
        _log.critical("%s", error)
        sys.exit(STARTUP_FAILURE)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with opened:
            yield

    if (parent := parent_process()) is not None:
        Thread(target=_leave_with, args=(parent,), daemon=True).start()
    return create_app(office, version("suyuan"), lifespan=lifespan)


def _leave_with(parent: BaseProcess) -> None:
    """Ends this process with the one that watches over it: killed, that cannot say so itself."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
