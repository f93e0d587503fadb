"""Chat templates: programs that come inside a model file, so they are run as untrusted programs.

A template is rendered in a Jinja sandbox, in a process of its own that may use :data:`SECONDS` of time
and :data:`MEMORY` bytes: the sandbox alone does not stop nested loops or a string of a gigabyte.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from writer_app.engine.launch import command
from writer_app.engine.protocol import Message
from writer_app.errors import N_, TemplateRefused

SECONDS = 5
MEMORY = 512 * 2**20
#: A rendered prompt longer than this many characters is no prompt.
_LONGEST = 4_000_000


def render(source: str, chat: Sequence[Message], *, bos: str, eos: str, model: str) -> str:
    """Render ``chat`` by the template ``source`` of ``model``, ready for the model to answer.

    If the last turn is the assistant's, the prompt ends in the middle of that turn, to be continued.

    Raises:
        TemplateRefused: It failed, or used too much time or memory.
    """
    given = msgspec.to_builtins(list(chat))
    order = {"source": source, "messages": given, "bos_token": bos, "eos_token": eos}
    try:
        ran = subprocess.run(
            command("--template"),
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise TemplateRefused(model=model, reason=N_("it takes too long")) from problem
    if ran.returncode:
        lines = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise TemplateRefused(
            model=model, reason=lines[-1][:200] if lines else N_("it takes too long")
        )
    return ran.stdout.decode()


def main() -> int:
    """The child process: an order on standard input, the rendered prompt on standard output."""
    _limit()
    order = json.loads(sys.stdin.buffer.read())
    try:
        text = _render(order)
    except MemoryError:
        return _refuse(N_("it uses too much memory"))
    except Exception as problem:  # noqa: BLE001 - the edge of a foreign program: any failure is a refusal
        return _refuse(f"{type(problem).__name__}: {problem}")
    sys.stdout.buffer.write(text.encode())
    return 0


def _refuse(reason: str) -> int:
    sys.stderr.write(reason.replace("\n", " ") + "\n")
    return 1


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


def _limit() -> None:
    if sys.platform == "win32":
        return  # the parent's time limit still holds
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
