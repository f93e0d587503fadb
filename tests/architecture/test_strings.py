"""Both languages are complete at every landing."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKERS = {"_", "N_", "ngettext"}


@pytest.fixture(scope="module")
def strings():
    spec = importlib.util.spec_from_file_location(
        "longhand_strings", ROOT / "packaging" / "strings.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_message_is_translated_with_its_placeholders(strings):
    template = strings.extract()
    assert len(template) > 50
    for locale in strings.LOCALES:
        assert strings.problems(strings.update(template, locale)) == []


def test_committed_catalogues_are_what_the_code_says(strings):
    template = strings.extract()
    for locale in strings.LOCALES:
        catalogue = strings.update(template, locale)
        path = strings.FOLDER / locale / "LC_MESSAGES" / "longhand.po"
        assert path.read_bytes() == strings.render(catalogue), "run packaging/strings.py"
        assert path.with_suffix(".mo").read_bytes() == strings.render(catalogue, compiled=True)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "writer_app").rglob("*.py")), ids=lambda path: path.name
)
def test_only_plain_strings_are_marked_for_translation(path):
    allowed_names = {"message", "one", "many"}  # the marking functions themselves
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in MARKERS
        ):
            for argument in node.args[:2] if node.func.id == "ngettext" else node.args[:1]:
                assert not isinstance(argument, ast.JoinedStr), (
                    f"{path}:{node.lineno}: f-string in {node.func.id}()"
                )
                if isinstance(argument, ast.Name) and argument.id in allowed_names:
                    continue
                dynamic = (
                    node.func.id == "_"
                )  # a value marked with N_ elsewhere may be looked up here
                assert dynamic or isinstance(argument, ast.Constant), f"{path}:{node.lineno}"
