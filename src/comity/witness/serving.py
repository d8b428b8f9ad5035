"""The witness over HTTP, by the standard library's server: `POST /add-checkpoint`, `GET /<origin hash>/checkpoint`."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from comity.accounting.errors import LogError
from comity.case.errors import Usage
from comity.witness.witness import Answer, Tell, Witness

# 63 lines of proof and 64 of ML-DSA-44 signatures are less than this.
_LARGEST_BODY = 256 * 1024
_PATIENCE_SECONDS = 30
_UNKNOWN = Answer(404, b"There is nothing here.\n")


class WitnessServer(ThreadingHTTPServer):
    """A witness bound to an address, each request in a thread of its own; `tell` hears of failures of its own."""

    daemon_threads = True

    def __init__(self, witness: Witness, address: tuple[str, int], tell: Tell) -> None:
        self.witness = witness
        self.tell = tell
        super().__init__(address, _Handler)


def serve(witness: Witness, host: str, port: int, tell: Tell) -> WitnessServer:
    """A server bound to `host` and `port` (0: any free one), not yet serving. It speaks plain HTTP.

    Raises Usage `ADDRESS_TAKEN`.
    """
    try:
        return WitnessServer(witness, (host, port), tell)
    except (OSError, OverflowError):
        raise Usage("ADDRESS_TAKEN", "Nothing can listen at this address.", "Name another --host or --port.") from None


class _Handler(BaseHTTPRequestHandler):
    # Keep-alive, which a witness SHOULD support (tlog-witness).
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_SECONDS
    server: WitnessServer

    def do_POST(self) -> None:
        """Answer `add-checkpoint`."""
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(Answer(413, b"The request has no length, or is too long.\n"))
        elif self.path != "/add-checkpoint":
            self._send(_UNKNOWN)
        else:
            self._send(self._decided(lambda: self.server.witness.add_checkpoint(body)))

    def do_GET(self) -> None:
        """Answer the monitoring interface."""
        # What is not read of this request would be taken for the next one.
        self.close_connection |= bool(self._length()) or self._chunked()
        match self.path.split("/"):
            case ["", origin_hash, "checkpoint"]:
                self._send(self._decided(lambda: self.server.witness.published(origin_hash)))
            case _:
                self._send(_UNKNOWN)

    def log_message(self, *_: object) -> None:
        """Say nothing of every request: the witness says what it refuses."""

    def _body(self) -> bytes | None:
        length = self._length()
        if self._chunked() or not (
            length.isascii() and length.isdigit() and len(length) < 8 and int(length) <= _LARGEST_BODY
        ):
            return None
        return self.rfile.read(int(length))

    def _length(self) -> str:
        return str(self.headers.get("Content-Length", ""))

    def _chunked(self) -> bool:
        return "Transfer-Encoding" in self.headers

    def _decided(self, decide: Callable[[], Answer]) -> Answer:
        try:
            return decide()
        except (LogError, OSError) as error:
            # Fails closed: without its state on the disk, verified, a witness cosigns nothing.
            self.server.tell(f"500 {getattr(error, 'code', 'DEVICE_FAILED')}: nothing was cosigned.")
            return Answer(500, b"The witness cannot read or write its state.\n")

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
