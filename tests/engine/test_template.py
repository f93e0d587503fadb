"""Chat templates are programs of strangers."""

import pytest

from writer_app.engine.protocol import Message
from writer_app.engine.template import render
from writer_app.errors import TemplateRefused


def rendered(source):
    return render(source, [Message("user", "Hi")], bos="<s>", eos="</s>", model="Tiny")


def test_loops_may_be_left():
    assert rendered("{% for m in messages %}{{ m.content }}{% break %}{% endfor %}.") == "Hi."


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
def test_what_a_template_must_not_do_is_refused(source):
    with pytest.raises(TemplateRefused):
        rendered(source)
