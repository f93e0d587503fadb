"""A loopback server that plays back what a llama-server once answered, byte for byte."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PIECES = [
    " It",
    " was",
    " 林",
    "黛玉",
    " who",
    " came",
    " first",
    ",",
    " and",
    " nobody",
    " spoke",
    ".",
] * 5


def completion(pieces: list[str] = _PIECES) -> bytes:
    """The event stream of ``/v1/completions``, as recorded: one event a token, usage, then [DONE]."""
    common = {"object": "text_completion", "created": 1763700000, "model": "m", "id": "chatcmpl-1"}
    events = [
        {**common, "choices": [{"text": text, "index": 0, "logprobs": None, "finish_reason": None}]}
        for text in pieces
    ]
    events.append({**common, "choices": [{"text": "", "index": 0, "finish_reason": "stop"}]})
    usage = {
        "prompt_tokens": 11,
        "completion_tokens": len(pieces),
        "total_tokens": 11 + len(pieces),
    }
    events.append({**common, "choices": [], "usage": usage})
    lines = [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]
    return b"".join(lines) + b"data: [DONE]\n\n"


@contextlib.contextmanager
def server(
    body: bytes, *, status: int = 200, pause: float = 0.0
) -> Iterator[tuple[str, list[dict]]]:
    """Serve ``body`` to every request; yields the address and the list of what was asked."""
    asked: list[dict] = []
    leave = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            with contextlib.suppress(OSError):  # the client may hang up, that is what cancel does
                for line in body.splitlines(keepends=True):
                    self.wfile.write(line)
                    self.wfile.flush()
                    if pause and line.startswith(b"data") and leave.wait(pause):
                        return

        def log_message(self, *_args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}", asked
    finally:
        leave.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()
