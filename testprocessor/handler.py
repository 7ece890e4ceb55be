"""HTTP: a request comes in, something may go wrong with it, and an answer goes out."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from testprocessor import api, control, errors, pages
from testprocessor.answers import Answer, Request
from testprocessor.faults import Fault, How

if TYPE_CHECKING:
    from testprocessor.server import Processor

LONGEST_BODY = 1_000_000


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    processor: Processor

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to tell of; everything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "TestProcessor"
    # Headers and body in one packet: two would wait for each other's acknowledgement.
    wbufsize = 65536
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        processor = self.server.processor
        request = self._request()
        fault = None
        if request.path.startswith("/v1/"):
            fault = processor.faults.take(request.method, request.path)
        answer = None
        if not processor.is_stopped.is_set():
            answer = faulty(processor, request, fault) if fault else handle(processor, request)
        if answer is None:
            self._hang_up()
        else:
            with suppress(ConnectionError):
                self._send(answer)

    def _request(self) -> Request:
        address = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY)
        return Request(
            method=self.command,
            path=address.path.rstrip("/") or "/",
            query=address.query,
            body=self.rfile.read(length).decode("utf-8", "replace"),
            key=self.headers.get("Idempotency-Key") or "",
            authorization=self.headers.get("Authorization") or "",
        )

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: who looks for what happened asks the books."""


def handle(processor: Processor, request: Request) -> Answer:
    """Hand a request to whom it is for."""
    if request.path.startswith("/v1/"):
        return api.answer(processor.books, request)
    if request.path.startswith("/_control/"):
        return control.answer(processor, request)
    return pages.answer(processor.books, request)


def faulty(processor: Processor, request: Request, fault: Fault) -> Answer | None:
    """Handle a request while something goes wrong; None: it is not answered."""
    how = fault.how
    if how is How.CLOSE:
        return None
    if how is How.ERROR:
        return api.failed(errors.broken(), request)
    if how is How.KEPT_ERROR:
        return api.keep_broken(processor.books, request)
    if how is How.BUSY:
        return api.failed(errors.too_many(), request)
    if how is How.HELD and not processor.waits(fault):
        return None
    answer = handle(processor, request)
    if how is How.SLOW:
        processor.faults.wait(fault.seconds)
    if how is How.DONE_ERROR and answer.status < 300:
        return api.keep_broken(processor.books, request)
    return None if how is How.LOST else answer
