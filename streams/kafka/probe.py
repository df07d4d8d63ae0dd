"""A worker's small HTTP server: `/metrics` for Prometheus, `/healthz` and `/readyz` for whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import CONTENT_TYPE_LATEST

from schemas.errors import UsageError

Question = Callable[[], bool]


@contextmanager
def answering(
    host: str, port: int, *, metrics: Callable[[], bytes], healthy: Question, ready: Question
) -> Iterator[int]:
    """Answers until the block ends; gives the port (`port` 0 takes any that is free).

    Raises `UsageError` when the port is taken.
    """

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._say(200, metrics(), CONTENT_TYPE_LATEST)
            elif self.path in {"/healthz", "/readyz"}:
                good = healthy() if self.path == "/healthz" else ready()
                self._say(200 if good else 503, b"ok\n" if good else b"no\n", "text/plain")
            else:
                self._say(404, b"/metrics, /healthz or /readyz\n", "text/plain")

        def _say(self, code: int, body: bytes, kind: str) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            """Who asks is not worth a line."""

    try:
        server = ThreadingHTTPServer((host, port), Answers)
    except OSError as error:
        raise UsageError(
            f"the worker cannot listen on {host}:{port} ({error.strerror}): choose another worker.port"
        ) from error
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.1,), daemon=True, name="probe")
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
