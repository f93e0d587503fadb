"""The verbs: the same core as the window, without one.

With ``--json`` standard output carries one object on one line and nothing else; sentences for people go
to standard error. Exit status: 0, 2 (a mistake of the user's), 3 (the engine failed).
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from writer_app import __version__, assets, language
from writer_app.craft import continuation, honesty, recipe
from writer_app.engine import models
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.processor import Tried
from writer_app.engine.protocol import Done, Ending, Loaded, Text
from writer_app.errors import (
    N_,
    BadOption,
    EngineError,
    ModelMissing,
    NoDisplay,
    OutputFailed,
    UsageError,
    WriterError,
)
from writer_app.language import _
from writer_app.settings import SettingsFile
from writer_app.story import files

#: argparse looks its messages up in our catalogue; marked here so that they are translated.
_ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
)


class _Parser(argparse.ArgumentParser):
    """Complains in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str]) -> int:
    """Run a verb, or open the window; returns the exit status."""
    language.use(_language_wanted(arguments))
    verbs = {"continue": _continue, "models": _models, "bench": _bench}
    try:
        if arguments and arguments[0] in verbs:
            options = _parser().parse_args(arguments)
            return verbs[options.verb](options)
        options = _window_parser(list(verbs)).parse_args(arguments)
        return _window(options.files, options.lang or "", list(verbs))
    except WriterError as problem:
        sys.stderr.write(language.explain(problem) + "\n")
        return 3 if isinstance(problem, EngineError) and not isinstance(problem, UsageError) else 2
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:
        # The reader of our output has left (a pager, `head`).
        _let_go_of_output()
        return 0


def _let_go_of_output() -> None:
    """Python would complain again, at exit, about what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _language_wanted(arguments: list[str]) -> str:
    """``--lang`` decides in which language the options themselves are explained, so it is read first."""
    for at, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1]
    return language.preferred()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="writer-app", allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", parser_class=_Parser)
    go_on = verbs.add_parser("continue", allow_abbrev=False, help=_("Continue a text"))
    add = go_on.add_argument
    add("file", metavar="FILE", help=_("The text to continue (.md, .txt, .fountain)"))
    add(
        "--at",
        type=int,
        metavar="CODEPOINT",
        help=_("Where to continue, counted in characters; default: the end"),
    )
    add(
        "--max-tokens",
        type=int,
        default=200,
        metavar="N",
        help=_("Ends at a sentence, after at most N tokens"),
    )
    add("--seed", type=int, metavar="S", help=_("The same seed gives the same text"))
    add(
        "--temperature",
        type=float,
        metavar="T",
        help=_("0 always takes the likeliest word; default: the recipe’s"),
    )
    add(
        "--model",
        metavar="PATH",
        help=_("A GGUF file; default: an installed model that fits the text"),
    )
    add(
        "--recipe",
        default="steady",
        metavar="ID",
        help=_("The preset to write by; default: steady"),
    )
    add("--note", default="", metavar="TEXT", help=_("What happens next"))
    add(
        "--ban",
        action="append",
        default=[],
        metavar="TEXT",
        help=_("Never write this word, phrase or /pattern/; may be given several times"),
    )
    add(
        "--anyway",
        action="store_true",
        help=_("Continue even in a language the model cannot write"),
    )
    listing = verbs.add_parser("models", allow_abbrev=False, help=_("List the installed models"))
    measuring = verbs.add_parser(
        "bench",
        allow_abbrev=False,
        help=_("Measure what the engine spares you; takes many minutes"),
    )
    measuring.add_argument(
        "--text", required=True, metavar="FILE", help=_("A long text, as of a whole book")
    )
    measuring.add_argument(
        "--model", metavar="PATH", help=_("A GGUF file; default: an installed model for English")
    )
    measuring.add_argument("--only", nargs="+", metavar="PART", help=_("Measure only these parts"))
    for verb in (go_on, listing, measuring):
        verb.add_argument(
            "--json", action="store_true", help=_("Print one JSON object on one line")
        )
        verb.add_argument("--lang", metavar="LANG", help=_("Language of messages: en or zh_CN"))
    return parser


def _window_parser(verbs: list[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="writer-app",
        allow_abbrev=False,
        description=_("A writing desk with a language model that runs on your own machine."),
        epilog=_("Commands without a window: {verbs}. Each explains itself with --help.").format(
            verbs=", ".join(verbs)
        ),
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help=_("Texts to open"))
    parser.add_argument("--lang", metavar="LANG", help=_("Language of messages: en or zh_CN"))
    parser.add_argument(
        "--self-check", action="store_true", help=_("Try every bundled part and quit")
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"{language.APP_NAME} {__version__}",
        help=_("show program's version number and exit"),
    )
    return parser


def _window(paths: list[str], lang: str, verbs: list[str]) -> int:
    headless = sys.platform.startswith(("linux", "freebsd")) and not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM")
    )
    if headless:
        raise NoDisplay(verbs=", ".join(verbs))
    from importlib import import_module

    # The window is a sibling of the verbs: neither may need the other to be imported.
    return int(import_module("writer_app.app").run(paths, lang))


def _models(options: argparse.Namespace) -> int:
    places = assets.Places.standard()
    found = models.installed(places.models, places.cache)
    if options.json:
        rows = [
            {
                "name": model.name,
                "path": str(model.path),
                "bytes": model.size,
                "languages": list(model.languages),
                "bundled": model.bundled,
            }
            for model in found
        ]
        _print(json.dumps({"models": rows}, ensure_ascii=False))
        return 0
    for model in found:
        known = ", ".join(_(language.TEXT_LANGUAGES.get(code, code)) for code in model.languages)
        _print(f"{model.name}\t{model.size / 1e6:,.0f} MB\t{known}\t{model.path}")
    if not found:
        _print(
            _("No model is installed. Put GGUF files into {folder}.").format(folder=places.models)
        )
    return 0


def _bench(options: argparse.Namespace) -> int:
    # What it measures with is in nobody's way otherwise.
    from writer_app.bench import run

    text = files.read(Path(options.text)).text
    if len(text) < run.LEAST_TEXT:
        least, found = language.number(run.LEAST_TEXT), language.number(len(text))
        reason = _("the text needs {least} characters and has {found}").format(
            least=least, found=found
        )
        raise BadOption(option="--text", reason=reason)
    unknown = sorted(set(options.only or ()) - set(run.PARTS))
    if unknown:
        reason = _("there are {parts}").format(parts=", ".join(run.PARTS))
        raise BadOption(option="--only", reason=reason)
    figures = run.measure(_model_for(options.model, "en"), text, options.only or tuple(run.PARTS))
    if options.json:
        _print(json.dumps(figures))
    else:
        for key, value in figures.items():
            _print(f"{key}\t{value}")
    return 0


def _continue(options: argparse.Namespace) -> int:
    _check_options(options)
    opened = files.read(Path(options.file))
    for warning in opened.warnings:
        _warn(warning)
    text = opened.text
    caret = len(text) if options.at is None else options.at
    if not 0 <= caret <= len(text):
        reason = _("the text has {count} characters").format(count=language.number(len(text)))
        raise BadOption(option="--at", reason=reason)
    recipes, broken = recipe.load_all([assets.resources() / "recipes"], "continue")
    for problem in broken:
        _warn(problem)
    ask = continuation.Ask(
        text=text,
        caret=caret,
        recipe=recipe.choose(recipes, options.recipe),
        note=options.note,
        max_tokens=options.max_tokens,
        temperature=options.temperature,
        seed=options.seed,
        anyway=options.anyway,
        bans=tuple(options.ban),
    )
    client = _engine(assets.Places.standard())
    try:
        return _run(client, ask, _model_for(options.model, ask.language), as_json=options.json)
    finally:
        client.close()


def _engine(places: assets.Places) -> EngineClient:
    """The engine as the window would start it on this machine."""
    settings = SettingsFile(places.config)
    for problem in settings.problems:
        _warn(problem)
    client = EngineClient("llama", tried=Tried(places.machine), warned=_warn)
    if not settings.values.model.graphics:
        client.use_graphics(wanted=False)
    return client


def _check_options(options: argparse.Namespace) -> None:
    for name, value, low, high in (
        ("--max-tokens", options.max_tokens, 1, 1_000_000),
        ("--seed", options.seed, 0, 2**32 - 1),
        ("--temperature", options.temperature, 0, 5),
    ):
        # Written so that not-a-number fails too.
        if value is not None and not low <= value <= high:
            reason = _("it must be between {low} and {high}").format(low=low, high=high)
            raise BadOption(option=name, reason=reason)


def _model_for(given: str | None, tongue: str) -> str:
    if given:
        if not models.exists(given):
            raise ModelMissing(path=given)
        return given
    places = assets.Places.standard()
    found = models.installed(places.models, places.cache)
    return str(models.prepare(models.for_text(found, tongue)))


def _run(client: EngineClient, ask: continuation.Ask, path: str, *, as_json: bool) -> int:
    model: Loaded | None = None
    for event in client.load(path):
        model = event if isinstance(event, Loaded) else None
    assert model is not None
    if not ask.anyway:
        sample = honesty.sample(ask.text, ask.caret)
        honesty.check(sample, client.count([sample]), model)
    plan = continuation.plan(ask, model, counter(client), client.new_id())
    say: Callable[[str], None] = (lambda _text: None) if as_json else _stream
    say(plan.lead)
    said = [plan.lead]
    done = Done(reason=Ending.CANCELLED)
    for event in client.generate(plan.request):
        if isinstance(event, Text):
            said.append(event.text)
            say(event.text)
        elif isinstance(event, Done):
            done = event
    say("\n")
    if as_json:
        _print(json.dumps(_report("".join(said), path, model, done), ensure_ascii=False))
    return 0


def _report(text: str, path: str, model: Loaded, done: Done) -> dict[str, Any]:
    return {
        "text": text,
        "model": Path(path).name,
        "tokens_read": done.tokens_read,
        "tokens_reused": done.tokens_reused,
        "tokens_written": done.tokens_written,
        "decode_calls": done.decode_calls,
        "seconds": {
            "load": model.load_seconds,
            "read": done.seconds.read,
            "write": done.seconds.write,
        },
    }


def _warn(problem: WriterError) -> None:
    sys.stderr.write(language.explain(problem) + "\n")


def _stream(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:  # a full disk
        _let_go_of_output()
        raise OutputFailed(reason=problem.strerror or str(problem)) from problem


def _print(line: str) -> None:
    _stream(line + "\n")
