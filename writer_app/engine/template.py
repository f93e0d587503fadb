"""Chat templates: programs that come inside a model file, so they are run as untrusted programs.

A template is rendered in a Jinja sandbox, in a process of its own that may use :data:`SECONDS` of time
and :data:`MEMORY` bytes: the sandbox alone does not stop nested loops or a string of a gigabyte.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from writer_app.engine.protocol import Message
from writer_app.errors import N_, TemplateRefused
from writer_app.launch import command

SECONDS = 5
MEMORY = 512 * 2**20
#: A rendered prompt longer than this many characters is no prompt.
_LONGEST = 4_000_000


class Refused(Exception):
    """A template was not rendered; says why."""


def in_a_program(order: bytes) -> bytes:
    """Have ``order`` rendered by this program, started anew.

    Raises:
        Refused: Why it was not.
    """
    try:
        ran = subprocess.run(
            command("--template"),
            input=order,
            capture_output=True,
            timeout=SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise Refused(N_("it takes too long")) from problem
    if ran.returncode:
        lines = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Refused(lines[-1] if lines else N_("it takes too long"))
    return ran.stdout


def render(
    source: str,
    chat: Sequence[Message],
    *,
    bos: str,
    eos: str,
    model: str,
    run: Callable[[bytes], bytes] = in_a_program,
) -> str:
    """Render ``chat`` by the template ``source`` of ``model``, ready for the model to answer.

    If the last turn is the assistant's, the prompt ends in the middle of that turn, to be continued.
    ``run`` has an order rendered in another process, under :func:`limit`.

    Raises:
        TemplateRefused: It failed, or used too much time or memory.
    """
    given = msgspec.to_builtins(list(chat))
    order = {"source": source, "messages": given, "bos_token": bos, "eos_token": eos}
    try:
        return run(json.dumps(order).encode()).decode()
    except Refused as problem:
        raise TemplateRefused(model=model, reason=str(problem)[:200]) from problem


def main() -> int:
    """The other process: an order on standard input, the rendered prompt on standard output."""
    limit()
    try:
        sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
    except Refused as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def answer(order: bytes) -> bytes:
    """Render ``order`` here, in a process that is held to limits.

    Raises:
        Refused: Why not.
    """
    try:
        return _render(json.loads(order)).encode()
    except MemoryError:
        raise Refused(N_("it uses too much memory")) from None
    except Exception as problem:  # noqa: BLE001 - the edge of a foreign program: any failure is a refusal
        said = f"{type(problem).__name__}: {problem}"
        raise Refused(said.replace("\n", " ")) from None


def prepare() -> None:
    """Load what rendering needs."""
    import jinja2.ext
    import jinja2.sandbox  # noqa: F401 - for those who fork from here


def limit() -> None:
    """Hold this process to :data:`SECONDS` and :data:`MEMORY`; on Windows only the parent's patience does."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _render(order: dict[str, object]) -> str:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message: str) -> None:
        raise ValueError(message)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols"],  # templates in the wild use break and continue
    )
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = lambda form: datetime.now(UTC).strftime(form)
    template = environment.from_string(str(order["source"]))
    messages = order["messages"]
    assert isinstance(messages, list)
    own = messages[-1]["content"] if messages and messages[-1]["role"] == "assistant" else ""
    turns = messages[:-1] if own else messages
    text = template.render(
        messages=turns,
        bos_token=order["bos_token"],
        eos_token=order["eos_token"],
        add_generation_prompt=True,
    )
    if len(text) > _LONGEST:
        raise MemoryError
    return text + own
