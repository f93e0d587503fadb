"""A server on loopback that plays the scripts of the scripted engine to whoever asks it for completions.

It knows what all OpenAI-compatible servers do and no more, so tokens are estimated as the scripted engine counts them.
"""

import contextlib
import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Steps = Sequence[dict[str, Any]]
#: Seconds after which no more requests are taken to belong to those that came last.
_TOGETHER = 0.1


def can_serve(answers: Sequence[Steps]) -> bool:
    """Whether a server, and the engine that asks it, can do what a script says.

    Only the scripted engine writes on behind the paragraph that was asked for.
    """
    steps = [step for answer in answers for step in answer]
    return all(set(step) <= {"text", "alternative", "wait", "echo"} for step in steps) and not any(
        "\n" in step.get("text", "") for step in steps
    )


class Answer:
    """One answer, or several that are written in turns, a request for each."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.count = 1 + max((step.get("alternative", 0) for step in steps), default=0)
        self.seeds: list[int] = []
        self.turn = 0  # of the step that is next
        self.is_open = True


class Play:
    """Which answer is played next. Requests that belong together are known apart by their seeds."""

    def __init__(self, answers: Sequence[Steps]) -> None:
        self.leave = threading.Event()
        self.asked: list[dict[str, Any]] = []
        self.requests = 0  # of any kind
        self.turns = threading.Condition()
        self._answers = answers
        self._last: Answer | None = None

    def next(self, body: dict[str, Any]) -> tuple[Answer, int]:
        """What a request is answered, when all that belong to it are there, and which of several it is."""
        with self.turns:
            answer = self._last
            if answer is None or not answer.is_open:
                steps = self._answers[min(len(self.asked), len(self._answers) - 1)]
                answer = self._last = Answer(steps)
                self.asked.append(body)
            answer.seeds.append(body["seed"])
            self.turns.notify_all()
            while len(answer.seeds) < answer.count and not self.leave.is_set():
                self.turns.wait()
            came = 0
            while answer.is_open and came < len(answer.seeds):
                came = len(answer.seeds)
                self.turns.wait(_TOGETHER)
            answer.is_open = False
            self.turns.notify_all()
            return answer, sorted(answer.seeds).index(body["seed"])

    def steps(self, answer: Answer, number: int) -> Iterator[dict[str, Any]]:
        """The steps of one of several, each when it is its turn."""
        for turn, step in enumerate(answer.steps):
            if number != step.get("alternative", 0):
                continue
            with self.turns:
                self.turns.wait_for(
                    lambda turn=turn: answer.turn >= turn or self.leave.is_set()  # type: ignore[misc]
                )
            if self.leave.wait(step.get("wait", 0)):
                return
            yield step
            with self.turns:
                answer.turn = turn + 1
                self.turns.notify_all()


@contextlib.contextmanager
def serve(answers: Sequence[Steps]) -> Iterator[tuple[str, Play]]:
    """Serve the answers one after the other, the last one again and again; yields the address and what is asked."""
    play = Play(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            play.requests += 1
            models = {"data": [{"id": "Scripted", "max_model_len": 4096}]}
            self._begin("application/json")
            self.wfile.write(json.dumps(models).encode())

        def do_POST(self) -> None:
            play.requests += 1
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body["key"] = self.headers["Authorization"]
            answer, number = play.next(body)
            self._begin("text/event-stream")
            gone, written, ending = False, 0, "stop"
            for step in play.steps(answer, number):
                text = step.get("text", "")
                if "echo" in step:
                    said = {"prompt": body["prompt"], "suffix": body.get("suffix", "")}
                    text = json.dumps(said, ensure_ascii=False)
                if text and written == body["max_tokens"]:
                    ending = "length"
                elif text and not gone:
                    written += 1
                    gone = self._say({"text": text})
            self._say({"text": "", "finish_reason": ending})
            with contextlib.suppress(OSError):
                self.wfile.write(b"data: [DONE]\n\n")

        def _begin(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()

        def _say(self, choice: dict[str, Any]) -> bool:
            """Whether she has hung up; others of several go on."""
            try:
                self.wfile.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")
            except OSError:
                return True
            return False

        def log_message(self, *_args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}", play
    finally:
        play.leave.set()
        with play.turns:
            play.turns.notify_all()
        httpd.shutdown()
        httpd.server_close()
        thread.join()
