"""Chat templates are programs of strangers."""

import subprocess
import sys
from pathlib import Path

import pytest

from writer_app.engine.protocol import Message
from writer_app.engine.template import Refused, in_a_program, render
from writer_app.errors import TemplateRefused


class InAFork:
    """The renderer of a sandboxed engine child; a process of its own, which has no threads, makes it."""

    def __init__(self):
        source = (
            "import sys; from writer_app.engine.renderer import Renderer\n"
            "from writer_app.engine.template import Refused\n"
            "run = Renderer()\n"
            "while size := sys.stdin.buffer.read(4):\n"
            "    order = sys.stdin.buffer.read(int.from_bytes(size))\n"
            "    try: said = b'+' + run(order)\n"
            "    except Refused as problem: said = b'-' + str(problem).encode()\n"
            "    sys.stdout.buffer.write(len(said).to_bytes(4) + said); sys.stdout.buffer.flush()"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", source],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __call__(self, order):
        self._process.stdin.write(len(order).to_bytes(4) + order)
        self._process.stdin.flush()
        said = self._process.stdout.read(int.from_bytes(self._process.stdout.read(4)))
        if said[:1] == b"-":
            raise Refused(said[1:].decode())
        return said[1:]

    def close(self):
        self._process.communicate(timeout=10)


@pytest.fixture(scope="module", params=["program", "fork"])
def rendered(request):
    """Renders a template in both ways there are."""
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("where there is no sandbox a program can be started")
    run = in_a_program if request.param == "program" else InAFork()
    chat = [Message("user", "Hi")]
    yield lambda source: render(source, chat, bos="<s>", eos="</s>", model="Tiny", run=run)
    if run is not in_a_program:
        run.close()


def test_loops_may_be_left(rendered):
    source = "{% for m in messages %}{{ m.content }}{% break %}{% endfor %}."
    assert rendered(source) == "Hi."


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 10**10 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.system('id') }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ messages.append(1) }}",
        "{% include '/etc/passwd' %}",
        "{{ '\\ud800' }}",
    ],
)
def test_what_a_template_must_not_do_is_refused_and_the_next_one_is_rendered(rendered, source):
    with pytest.raises(TemplateRefused) as refused:
        rendered(source)
    assert refused.value.params["reason"]
    assert rendered("{{ messages[0].content }}") == "Hi"
