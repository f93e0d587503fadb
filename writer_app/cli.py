"""The verbs: the same core as the window, without one.

With ``--json`` standard output carries one object on one line and nothing else; sentences for people go
to standard error. Exit status: 0, 1 (a project that was checked has faults), 2 (a mistake of
the user's), 3 (the engine failed).
"""

import argparse
import os
import sys
from typing import Any, NoReturn

from writer_app import __version__, language, model_verbs, verbs
from writer_app.errors import N_, EngineError, NoDisplay, UsageError, WriterError
from writer_app.language import _
from writer_app.text.hidden import spelt

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
    known = verbs.VERBS | model_verbs.VERBS
    try:
        if arguments and arguments[0] in known:
            options = _parser().parse_args(arguments)
            return known[options.verb](options)
        options = _window_parser(list(known)).parse_args(arguments)
        return _window(options.files, options.lang or "", list(known))
    except WriterError as problem:
        sys.stderr.write(spelt(language.explain(problem)) + "\n")
        return 3 if isinstance(problem, EngineError) and not isinstance(problem, UsageError) else 2
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:
        # The reader of our output has left (a pager, `head`).
        verbs.let_go_of_output()
        return 0


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
    made = parser.add_subparsers(dest="verb", parser_class=_Parser)
    go_on = made.add_parser("continue", allow_abbrev=False, help=_("Continue a text"))
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
    add(
        "--recipe",
        default="steady",
        metavar="ID",
        help=_("The preset to write by; default: steady"),
    )
    add("--note", default="", metavar="TEXT", help=_("What happens next"))
    telling = made.add_parser(
        "context", allow_abbrev=False, help=_("Show what a model would read, and why")
    )
    add = telling.add_argument
    add("file", metavar="FILE", help=_("The text to continue; its project is found by its folder"))
    add(
        "--at",
        type=int,
        metavar="CODEPOINT",
        help=_("Where to continue, counted in characters; default: the end"),
    )
    add("--note", default="", metavar="TEXT", help=_("What happens next"))
    add(
        "--recipe",
        default="steady",
        metavar="ID",
        help=_("The preset to write by; default: steady"),
    )
    add(
        "--model",
        metavar="PATH",
        help=_("A GGUF file; default: an installed model that fits the text"),
    )
    rewriting = made.add_parser("rewrite", allow_abbrev=False, help=_("Rewrite a passage"))
    add = rewriting.add_argument
    add("file", metavar="FILE", help=_("The text that the passage is in"))
    add(
        "--recipe",
        required=True,
        metavar="ID",
        help=_("What is to be done; “writer-app recipes” lists what there is"),
    )
    add(
        "--span",
        metavar="A:B",
        help=_("The passage, from character A up to B; default: the whole text"),
    )
    add("--candidates", type=int, default=1, metavar="N", help=_("Answers to choose from, 1 to 4"))
    add(
        "--instruction",
        default="",
        metavar="TEXT",
        help=_("What the recipe asks for: one of its choices, or your own words"),
    )
    outlining = made.add_parser(
        "outline", allow_abbrev=False, help=_("Outline a book from an idea")
    )
    add = outlining.add_argument
    add("premise", metavar="PREMISE", help=_("The idea, in a sentence or a few"))
    add(
        "--method",
        required=True,
        metavar="ID",
        help=_("How it is outlined; “writer-app recipes” lists what there is"),
    )
    add("--depth", type=int, metavar="N", help=_("How many levels; default: as the method has it"))
    add(
        "--counts",
        default="",
        metavar="N,N",
        help=_("How many there are on each level, as in 3,4; default: as the method has it"),
    )
    for verb in (go_on, rewriting, outlining):
        _add_engine_options(verb)
    for verb in (go_on, telling, rewriting, outlining):
        verb.add_argument(
            "--endpoint",
            default="",
            metavar="ADDRESS",
            help=_(
                "Ask this server instead; --model is its name for the model, LONGHAND_KEY in the environment its key"
            ),
        )
    listing, *acts = _add_models(made)
    recipes = made.add_parser(
        "recipes", allow_abbrev=False, help=_("List what can be done to a text")
    )
    measuring = made.add_parser(
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
    for verb in (
        go_on,
        telling,
        rewriting,
        outlining,
        listing,
        recipes,
        measuring,
        *_add_project(made),
    ):
        _add_output_options(verb)
    for verb in acts:
        # What was said before the act holds, unless it is said again.
        _add_output_options(verb, default=argparse.SUPPRESS)
    return parser


def _add_project(
    made: "argparse._SubParsersAction[_Parser]",
) -> tuple["_Parser", "_Parser"]:
    """What can be done to a project: it has verbs of its own."""
    parser = made.add_parser("project", allow_abbrev=False, help=_("Check or import a project"))
    inner = parser.add_subparsers(dest="act", parser_class=_Parser, required=True)
    checking = inner.add_parser(
        "check", allow_abbrev=False, help=_("Say what in a project does not fit together")
    )
    checking.add_argument("folder", metavar="DIR", help=_("The folder of the project"))
    importing = inner.add_parser(
        "import", allow_abbrev=False, help=_("Make a project of a manuscript")
    )
    importing.add_argument("file", metavar="FILE", help=_("The manuscript (.md, .txt, .docx)"))
    importing.add_argument(
        "folder", metavar="DIR", help=_("A new folder, or an empty one, for the project")
    )
    importing.add_argument(
        "--scenes", action="store_true", help=_("Cut chapters at scene breaks too")
    )
    return checking, importing


def _add_models(made: "argparse._SubParsersAction[_Parser]") -> tuple["_Parser", ...]:
    """What can be done to models; without a word more they are listed."""
    parser = made.add_parser(
        "models", allow_abbrev=False, help=_("List, judge, fetch, import or remove models")
    )
    inner = parser.add_subparsers(dest="act", parser_class=_Parser)
    listing = inner.add_parser(
        "list", allow_abbrev=False, help=_("List what is installed and what can be had")
    )
    fitting = inner.add_parser(
        "fit",
        allow_abbrev=False,
        help=_("Measure this machine, once, and say how fast each model will be"),
    )
    getting = inner.add_parser("get", allow_abbrev=False, help=_("Fetch a model"))
    getting.add_argument(
        "model", metavar="ID", help=_("As it is listed; ID:QUANTISATION for a certain one")
    )
    importing = inner.add_parser(
        "import",
        allow_abbrev=False,
        help=_("Use model files that are here already, without a copy"),
    )
    importing.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        default="",
        help=_("A GGUF file, or a folder; default: what other programs hold"),
    )
    removing = inner.add_parser(
        "remove", allow_abbrev=False, help=_("Remove a model; of a link, its target stays")
    )
    removing.add_argument("model", metavar="ID", help=_("As it is listed"))
    return parser, listing, fitting, getting, importing, removing


def _add_output_options(verb: argparse.ArgumentParser, **more: Any) -> None:  # noqa: ANN401 - of argparse
    verb.add_argument(
        "--json", action="store_true", help=_("Print one JSON object on one line"), **more
    )
    verb.add_argument("--lang", metavar="LANG", help=_("Language of messages: en or zh_CN"), **more)


def _add_engine_options(verb: argparse.ArgumentParser) -> None:
    """What can be said of any answer of a model."""
    add = verb.add_argument
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


def _window_parser(known: list[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="writer-app",
        allow_abbrev=False,
        description=_("A writing desk with a language model that runs on your own machine."),
        epilog=_("Commands without a window: {verbs}. Each explains itself with --help.").format(
            verbs=", ".join(known)
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


def _window(paths: list[str], lang: str, known: list[str]) -> int:
    headless = sys.platform.startswith(("linux", "freebsd")) and not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM")
    )
    if headless:
        raise NoDisplay(verbs=", ".join(known))
    from importlib import import_module

    # The window is a sibling of the verbs: neither may need the other to be imported.
    return int(import_module("writer_app.app").run(paths, lang))
