"""What each verb does. With ``--json`` standard output carries one object on one line and nothing else."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from writer_app import assets, language
from writer_app.craft import continuation, honesty, recipe
from writer_app.craft.account import Account, Portion, account
from writer_app.craft.candidate import Candidate, Judge, by_rule
from writer_app.craft.gathering import from_disk
from writer_app.craft.method import Method
from writer_app.craft.outlining import LOGLINE, SYNOPSIS, Filling, Growing, grown
from writer_app.craft.passage import Passage
from writer_app.craft.question import Plan, Question
from writer_app.craft.recipe import R
from writer_app.craft.rewriting import Rewriting, verified
from writer_app.craft.samplers import Overrides
from writer_app.craft.surroundings import Surroundings
from writer_app.craft.transform import Result, Transform
from writer_app.engine import keys, models, servers
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.measuring import Speeds
from writer_app.engine.processor import Tried
from writer_app.engine.protocol import Done, Ending, Loaded, Text
from writer_app.errors import (
    BadOption,
    ChecksFailed,
    FormattingLost,
    ModelMissing,
    NothingUseful,
    OutputFailed,
    PassageCut,
    SentOpenly,
    WriterError,
)
from writer_app.language import _
from writer_app.settings import SettingsFile
from writer_app.story import files, importing, inspection, project
from writer_app.story.outline import Node, Outline
from writer_app.story.project import Project
from writer_app.story.texts import Texts
from writer_app.story.tree import Kind, Section
from writer_app.text.habits import ALL_ON
from writer_app.text.hidden import spelt
from writer_app.text.revision import revise

#: Names the variable of the environment that has the key of a server.
_KEY = "LONGHAND_KEY"
#: Digits of a place that no text has.
_MANY = 18
#: Exit status where a project was looked over and something does not fit together.
_FAULTY = 1


def let_go_of_output() -> None:
    """Python would complain again, at exit, about what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    figures = run.measure(_model_for(options, "en"), text, options.only or tuple(run.PARTS))
    if options.json:
        put(json.dumps(figures))
    else:
        for key, value in figures.items():
            put(f"{key}\t{value}")
    return 0


def _continue(options: argparse.Namespace) -> int:
    _check_options(options)
    text = _text(options.file)
    ask = continuation.Ask(
        text=text,
        caret=_place(options.at, len(text)),
        recipe=recipe.choose(_recipes(recipe.Preset), options.recipe),
        note=options.note,
        max_tokens=options.max_tokens,
        overrides=Overrides(temperature=options.temperature),
        seed=options.seed,
        anyway=options.anyway,
        bans=tuple(options.ban),
    )
    client = _client(options)
    try:
        return _run(client, ask, _model_for(options, ask.language), as_json=options.json)
    finally:
        client.close()


def _context(options: argparse.Namespace) -> int:
    text = _text(options.file)
    ask = continuation.Ask(
        text=text,
        caret=_place(options.at, len(text)),
        recipe=recipe.choose(_recipes(recipe.Preset), options.recipe),
        note=options.note,
        around=_around(Path(options.file).resolve()),
        anyway=True,  # nothing is written
    )
    client = _client(options)
    try:
        model = _load(client, _model_for(options, ask.language))
        plan = ask.plan(model, counter(client), client.new_id())
        found = account(ask, plan, counter(client))
    finally:
        client.close()
    if options.json:
        put(json.dumps(_as_object(found), ensure_ascii=False))
    else:
        _print_table(found)
    return 0


def _around(path: Path) -> Surroundings | None:
    """What the project of a file says around it; ``None`` where it belongs to none."""
    folder = project.folder_of(path)
    if folder is None:
        return None
    opened = project.Project.open(folder)
    item = opened.item_at(path)
    found, problems = from_disk(opened, item.id if item else "")
    for problem in problems:
        warn(problem)
    return found


def _as_object(found: Account) -> dict[str, Any]:
    def described(each: Portion) -> dict[str, Any]:
        return {
            "id": each.id,
            "kind": each.kind.value,
            "title": each.title,
            "tokens": each.tokens,
            "why": each.why,
            "text": each.text,
        }

    return {
        "parts": [described(each) for each in found.parts],
        "left_out": [described(each) for each in found.left_out],
        "tokens": found.tokens,
        "budget": found.budget,
    }


def _print_table(found: Account) -> None:
    rows = [*found.parts, None, *found.left_out] if found.left_out else list(found.parts)
    for each in rows:
        if each is None:
            put("\n" + _("Not told:"))
        else:
            title = f" ({each.title})" if each.title else ""
            put(spelt(f"{each.tokens:>7,}  {each.id}{title}: {each.why}"))
    said = _("{tokens} of {budget} tokens").format(
        tokens=language.number(found.tokens), budget=language.number(found.budget)
    )
    put("\n" + said)


def _client(options: argparse.Namespace) -> EngineClient:
    """The engine on this machine, or one that asks the server she named."""
    # A child would inherit it, and others could read it there.
    key = os.environ.pop(_KEY, "")
    if not options.endpoint:
        return engine(assets.Places.standard())
    address = servers.checked(options.endpoint)
    if servers.is_open(address):
        warn(SentOpenly(host=servers.host(address)))
    return EngineClient("endpoint", address, key=keys.checked(key))


def engine(places: assets.Places) -> EngineClient:
    """The engine as the window would start it on this machine."""
    settings = SettingsFile(places.config)
    for problem in settings.problems:
        warn(problem)
    client = EngineClient("llama", tried=Tried(places.machine), warned=warn)
    if not settings.values.model.graphics:
        client.use_graphics(wanted=False)
    return client


def _check_options(options: argparse.Namespace) -> None:
    for name, value, low, high in (
        ("--max-tokens", getattr(options, "max_tokens", None), 1, 1_000_000),
        ("--candidates", getattr(options, "candidates", None), 1, 4),
        ("--seed", options.seed, 0, 2**32 - 1),
        ("--temperature", options.temperature, 0, 5),
    ):
        # Written so that not-a-number fails too.
        if value is not None and not low <= value <= high:
            reason = _("it must be between {low} and {high}").format(low=low, high=high)
            raise BadOption(option=name, reason=reason)


def _model_for(options: argparse.Namespace, *tongues: str) -> str:
    given: str = options.model or ""
    if getattr(options, "endpoint", ""):
        return given
    if given:
        if not models.exists(given):
            raise ModelMissing(path=given)
        return given
    places = assets.Places.standard()
    found = models.installed(places.models, places.cache)
    return str(models.prepare(models.for_text(found, *tongues)))


def _run(client: EngineClient, ask: continuation.Ask, path: str, *, as_json: bool) -> int:
    model = _load(client, path)
    plan = _plan(client, ask, model)
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
    Speeds(assets.Places.standard().speeds).note(Path(path), done)
    say("\n")
    if as_json:
        put(json.dumps(_report("".join(said), path, model, done), ensure_ascii=False))
    return 0


def _load(client: EngineClient, path: str) -> Loaded:
    model: Loaded | None = None
    for event in client.load(path):
        model = event if isinstance(event, Loaded) else None
    assert model is not None
    return model


def _plan(client: EngineClient, asked: Question, model: Loaded) -> Plan:
    if not asked.anyway:
        honesty.check(asked.sample, client.count([asked.sample]), model)
    return asked.plan(model, counter(client), client.new_id())


def _rewrite(options: argparse.Namespace) -> int:
    _check_options(options)
    text = _text(options.file)
    asked = Rewriting(
        text=text,
        span=_span(options.span, len(text)),
        recipe=recipe.choose(_recipes(Transform), options.recipe),
        wish=options.instruction,
        candidates=options.candidates,
        seed=options.seed,
        overrides=Overrides(temperature=options.temperature),
        anyway=options.anyway,
        bans=tuple(options.ban),
    )
    if asked.recipe.rule:
        candidates = [by_rule(asked)]
    else:
        client = _client(options)
        try:
            path = _model_for(options, *filter(None, (asked.language, asked.target)))
            candidates = _ask(client, Passage(asked), path)
        finally:
            client.close()
    for number, candidate in enumerate(candidates, 1):
        _warn_of(candidate, number)
    if options.json:
        found = [_described(each, asked) for each in candidates]
        put(json.dumps({"recipe": asked.recipe.id, "candidates": found}, ensure_ascii=False))
    else:
        put("\n\n---\n\n".join(each.text for each in candidates))
    return 0


def _ask(client: EngineClient, passage: Passage, path: str) -> list[Candidate]:
    """All candidates for a passage, its pieces asked one after the other.

    Raises:
        NothingUseful: There is nothing in what the model has answered.
    """
    model = _load(client, path)
    asked = passage.asked
    while not passage.is_complete:
        question = passage.question()
        answers = [""] * asked.candidates
        for event in client.generate(_plan(client, question, model).request):
            if isinstance(event, Text):
                answers[event.alternative] += event.text
        judge = Judge(question, ALL_ON)
        passage.take([judge.finish(answer) for answer in answers])
    if passage.is_cut:
        warn(PassageCut())
    useful = [number for number in range(asked.candidates) if passage.is_useful(number)]
    if not useful:
        raise NothingUseful(model=model.name)
    if asked.recipe.result is not Result.REPLACE:
        return [passage.done[0][number] for number in useful]
    judge = Judge(asked, ALL_ON)
    return [judge.verified(passage.text(number), passage.lost(number)) for number in useful]


def _warn_of(candidate: Candidate, number: int) -> None:
    """Say what a writer should look at before she takes a candidate."""
    if candidate.failed:
        found = (f"{each.check.value} ({', '.join(each.about)})" for each in candidate.failed)
        warn(ChecksFailed(number=number, checks="; ".join(found)))
    if candidate.lost:
        warn(FormattingLost(number=number, marks=" ".join(candidate.lost)))


def _described(candidate: Candidate, asked: Rewriting) -> dict[str, Any]:
    replaces = asked.recipe.result is Result.REPLACE
    return {
        "text": candidate.text,
        "checks": {each.check.value: each.passed for each in candidate.verdicts},
        "changes": len(revise(asked.passage, candidate.text).changes) if replaces else 0,
    }


def _place(given: int | None, length: int) -> int:
    """Where in a text of this length to go on."""
    if given is None:
        return length
    if not 0 <= given <= length:
        reason = _("the text has {count} characters").format(count=language.number(length))
        raise BadOption(option="--at", reason=reason)
    return given


def _span(given: str | None, length: int) -> tuple[int, int]:
    if given is None:
        return 0, length
    start, _colon, end = given.partition(":")
    if not all(each.isdecimal() and len(each) < _MANY for each in (start, end)):
        raise BadOption(option="--span", reason=_("it is written A:B, two numbers of characters"))
    if not int(start) <= int(end) <= length:
        reason = _("the text has {count} characters").format(count=language.number(length))
        raise BadOption(option="--span", reason=reason)
    return int(start), int(end)


def _outline(options: argparse.Namespace) -> int:
    _check_options(options)
    premise = " ".join(options.premise.split())
    if not premise:
        raise BadOption(option="PREMISE", reason=_("it has no words"))
    method = recipe.choose(_recipes(Method), options.method)
    asked = Filling(
        method,
        Outline(method=method.id, premise=premise),
        LOGLINE,
        seed=options.seed,
        overrides=Overrides(temperature=options.temperature),
        anyway=options.anyway,
        bans=tuple(options.ban),
    )
    outline, places = grown(method, asked.outline, _counts(options, method), asked.tongue)
    growing = Growing(replace(asked, outline=outline), (LOGLINE, SYNOPSIS, *places))
    client = _client(options)
    try:
        _grow(client, growing, _model_for(options, asked.language))
    finally:
        client.close()
    made = growing.outline
    if options.json:
        tree = {
            "title": made.logline,
            "summary": made.synopsis,
            "children": [_branch(each) for each in made.nodes],
        }
        put(json.dumps(tree, ensure_ascii=False))
    else:
        put(f"{made.logline}\n\n{made.synopsis}\n")
        put("\n".join(_rows(made.nodes)))
    return 0


def _counts(options: argparse.Namespace, method: Method) -> tuple[int | None, ...]:
    """How many children a node has on each level that is asked for; ``None``: as the method has it."""
    given = options.counts.split(",") if options.counts else []
    deepest = len(method.levels)
    if options.depth is not None and not 1 <= options.depth <= deepest:
        reason = _("it must be between {low} and {high}").format(low=1, high=deepest)
        raise BadOption(option="--depth", reason=reason)
    depth = options.depth or min(len(given), deepest) or method.depth
    if len(given) > depth or not all(each.isdecimal() and len(each) < _MANY for each in given):
        reason = _("it has a number for each level, as in 3,4: at most {depth}").format(depth=depth)
        raise BadOption(option="--counts", reason=reason)
    for number, level in zip(map(int, given), method.levels, strict=False):
        low, high = level.bounds
        if not low <= number <= high:
            name = level.name.in_language(language.current())
            reason = _("“{level}” can be there {low} to {high} times").format(
                level=name, low=low, high=high
            )
            raise BadOption(option="--counts", reason=reason)
    return (*map(int, given), *[None] * (depth - len(given)))


def _grow(client: EngineClient, growing: Growing, path: str) -> None:
    """Ask for one place after the other until the outline is whole."""
    model = _load(client, path)
    while question := growing.question():
        plan = _plan(client, question, model)
        events = client.generate(plan.request)
        growing.take("".join(event.text for event in events if isinstance(event, Text)))


def _branch(node: Node) -> dict[str, Any]:
    children = [_branch(each) for each in node.children]
    return {"title": node.title, "summary": node.summary, "children": children}


def _rows(nodes: tuple[Node, ...], depth: int = 0) -> Iterator[str]:
    """The tree as a nested Markdown list."""
    for node in nodes:
        yield f"{'  ' * depth}- **{node.title}**: {node.summary}"
        yield from _rows(node.children, depth + 1)


def _list_recipes(options: argparse.Namespace) -> int:
    shapes = (recipe.Preset, Transform, Method)
    found = [each for shape in shapes for each in _recipes(shape).values()]
    if options.json:
        put(json.dumps({"recipes": [_about(each) for each in found]}, ensure_ascii=False))
    for each in () if options.json else found:
        tongue = language.current()
        title, summary = spelt(each.title(tongue)), spelt(each.summary.in_language(tongue))
        put(f"{each.folder}\t{each.id}\t{title}\t{summary}")
    return 0


def _about(found: recipe.Recipe) -> dict[str, Any]:
    about: dict[str, Any] = {
        "id": found.id,
        "kind": found.folder,
        "titles": {"en": found.titles.en, "zh": found.titles.zh},
        "summary": {"en": found.summary.en, "zh": found.summary.zh},
    }
    if isinstance(found, Transform):
        parameter = found.parameter
        about |= {
            "group": found.group.value,
            "result": found.result.value,
            "needs_model": not found.rule,
            "checks": [] if found.rule else [each.value for each in verified(found)],
            "choices": [each.id for each in parameter.choices] if parameter else [],
            "free": bool(parameter and parameter.free),
            "needed": bool(parameter and parameter.needed),
        }
    if isinstance(found, Method):
        about["levels"] = [
            {
                "name": {"en": level.name.en, "zh": level.name.zh},
                "becomes": level.becomes,
                "count": level.count,
                "bounds": list(level.bounds),
                "slots": [{"en": slot.title.en, "zh": slot.title.zh} for slot in level.slots],
            }
            for level in found.levels
        ]
        about["depth"] = found.depth
    return about


def _recipes(shape: type[R]) -> dict[str, R]:
    """The recipes of a kind; what is wrong with one is said and costs only that one."""
    found, broken = recipe.load_all(assets.Places.standard().recipes, shape)
    for problem in broken:
        warn(problem)
    return found


def _project(options: argparse.Namespace) -> int:
    if options.act == "import":
        return _import(options)
    project = Project.open(Path(options.folder))
    texts = Texts(project)
    found = inspection.inspect(project, texts)
    if options.json:
        report = _about_project(project, texts)
        report["problems"] = [
            {name: value for name, value in each._asdict().items() if value} for each in found
        ]
        put(json.dumps(report, ensure_ascii=False))
        return _FAULTY if found else 0
    for each in found:
        # Why a file cannot be read may be of the catalogue.
        what = _(each.what) if each.fault is inspection.Fault.FILE and each.what else each.what
        said = each._replace(what=what)._asdict()
        put(spelt(_(inspection.SENTENCES[each.fault]).format(**said)))
    if not found:
        put(_("Everything fits together."))
    return _FAULTY if found else 0


def _import(options: argparse.Namespace) -> int:
    project = importing.import_file(Path(options.file), Path(options.folder), scenes=options.scenes)
    report = _about_project(project, Texts(project))
    if options.json:
        put(json.dumps(report, ensure_ascii=False))
    else:
        said = _("{folder}: {volumes} volumes, {chapters} chapters, {scenes} scenes")
        counted = {
            name: language.number(report[name]) for name in ("volumes", "chapters", "scenes")
        }
        put(spelt(said.format(folder=project.folder, **counted)))
    return 0


def _about_project(project: Project, texts: Texts) -> dict[str, Any]:
    kinds = [item.kind for item in project.tree.section(Section.TEXT)]
    total = texts.total(project.tree.manuscript)
    return {
        "folder": str(project.folder),
        "title": project.facts.title,
        "language": project.facts.language,
        "volumes": kinds.count(Kind.VOLUME),
        "chapters": kinds.count(Kind.CHAPTER),
        "scenes": kinds.count(Kind.SCENE),
        "words": total.words,
        "characters_zh": total.characters_zh,
    }


def _text(path: str) -> str:
    opened = files.read(Path(path))
    for warning in opened.warnings:
        warn(warning)
    return opened.text


def _report(text: str, path: str, model: Loaded, done: Done) -> dict[str, Any]:
    return {
        "text": text,
        "model": Path(path).name or model.name,
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


def warn(problem: WriterError) -> None:
    """Say what went wrong and was got over."""
    sys.stderr.write(spelt(language.explain(problem)) + "\n")


def _stream(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:  # a full disk
        let_go_of_output()
        raise OutputFailed(reason=problem.strerror or str(problem)) from problem


def put(line: str) -> None:
    """Write a line to standard output."""
    _stream(line + "\n")


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "continue": _continue,
    "context": _context,
    "rewrite": _rewrite,
    "outline": _outline,
    "recipes": _list_recipes,
    "bench": _bench,
    "project": _project,
}
