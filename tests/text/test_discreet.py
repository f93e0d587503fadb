"""What is told of a failure holds no word of the writer's."""

import sys

import pytest

from writer_app.errors import FileMissing
from writer_app.text.discreet import in_program, scrubbed, told

CANARY = "the canary sang in the cellar"


def failing(error):
    try:
        raise error
    except BaseException:  # noqa: BLE001 - this is the failure
        return sys.exc_info()


def test_a_traceback_names_kinds_files_and_lines_and_quotes_nothing():
    try:
        try:
            {}[CANARY]
        except KeyError as error:
            raise ValueError(f"could not handle {CANARY}") from error
    except ValueError:
        text = told(*sys.exc_info())
    assert "canary" not in text
    assert "ValueError" in text
    assert "because of:" in text
    assert "KeyError" in text
    assert "test_discreet.py:" in text
    assert "/" not in text.partition("test_discreet.py")[0]


def test_an_error_of_ours_gives_its_sentence_without_the_document_s_name():
    text = told(*failing(FileMissing(path=f"/home/ann/{CANARY}.md")))
    assert text.endswith("FileMissing: " + FileMissing.sentence)
    assert "canary" not in text


def test_errors_that_are_each_other_s_cause_are_told_once():
    one, two = ValueError("a"), KeyError("b")
    one.__cause__, two.__cause__ = two, one
    assert told(*failing(one)).count("because of:") == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/ann/longhand/writer_app/ui/page.py", "writer_app/ui/page.py"),
        ("C:\\Users\\ann\\writer_app\\app.py", "writer_app/app.py"),
        ("/x/lib/python3.11/site-packages/msgspec/json.py", "msgspec/json.py"),
        ("/home/ann/secret/script.py", "script.py"),
    ],
)
def test_a_source_file_is_named_as_the_program_knows_it(path, name):
    assert in_program(path) == name


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("llama_model_loader: loaded meta data", "llama_model_loader: loaded meta data"),
        ("load: /home/ann/My models/tiny.gguf failed", "load: …/tiny.gguf failed"),
        ('  File "/home/ann/app/writer_app/x.py", line 3', '  File "writer_app/x.py", line 3'),
        ("ValueError: not the writer's words", "ValueError: […]"),
        ("msgspec.ValidationError: anything", "msgspec.ValidationError: […]"),
        ("Exception: anything", "Exception: […]"),
        ("  | ValueError: anything", "  | ValueError: […]"),
        ("writer_app.errors.FileMissing: anything", "writer_app.errors.FileMissing: […]"),
        ("re.error: anything", "re.error: […]"),
        ("tiny.gguf: bad magic", "tiny.gguf: bad magic"),
        ("error: no memory", "error: no memory"),
        ("'/home/ann/Ann's novels/x.gguf' and '/a/y'", "'…/x.gguf' and '…/y'"),
        ("x" * 500, "x" * 300 + "…"),
        (f"prompt was: {CANARY}", "[…]"),
        ("tokens: canary sang in the cel", "[…]"),
        ("读到：她推开了那扇门", "[…]"),
    ],
)
def test_a_line_of_a_log_loses_what_is_hers(line, shown):
    assert scrubbed([line], [f"It was night;\n{CANARY}.", "夜里，她推开了那扇门。"]) == shown
