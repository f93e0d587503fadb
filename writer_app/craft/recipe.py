"""Recipes: a transform, a form or a continuation preset is one TOML file.

From the file alone follow the menu entry, the palette entry, the panel's choice, the command line's name and
the tests, so the loader is strict: an unknown key, a missing title or a value out of range is a
:class:`~writer_app.errors.RecipeError` naming file and line. The same folders in the user's data
directory extend the program without code; a user's recipe with a shipped id replaces it.

Each kind is a folder and a struct: :class:`Preset` here, :class:`~writer_app.craft.transform.Transform` beside.
"""

import re
import stat
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeVar

import msgspec

from writer_app.engine.bans import Bans as Banned
from writer_app.engine.protocol import Sampling
from writer_app.errors import BadBan, RecipeError, UnknownRecipe
from writer_app.text import toml

Words = Annotated[str, msgspec.Meta(pattern=r"\S")]
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z")]

#: Bytes of a recipe; what is larger was put into the folder by mistake.
_LARGEST = 200_000


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages; both are required, because both are first-class."""

    en: Words
    zh: Words

    def in_language(self, tag: str) -> str:
        """The text for an interface or text language such as ``"zh_CN"``, ``"zh"`` or ``"en"``."""
        return self.zh if tag.startswith("zh") else self.en


class Bans(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases and ``/patterns/`` that are never written, in each language; see :class:`Generate`."""

    en: tuple[Words, ...] = ()
    zh: tuple[Words, ...] = ()

    def in_language(self, tag: str) -> tuple[str, ...]:
        """Those for a text in this language."""
        return self.zh if tag.startswith("zh") else self.en


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all kinds of recipe say of themselves.

    Attributes:
        folder: Of the files of this kind.
        id: The file's name without ``.toml``; lower case, digits and hyphens.
        titles: What the writer sees in menus.
        summary: One sentence on what it is good for.
        order: Place among its like in menus, small first.
        sampling: The sampler chain; unnamed samplers are off.
        stop: Strings before which an answer ends.
        bans: What is never written.
    """

    folder: ClassVar[str] = ""

    id: Id
    titles: Phrase
    summary: Phrase
    order: int = 100
    sampling: Sampling = Sampling()
    stop: tuple[Annotated[str, msgspec.Meta(min_length=1)], ...] = ()
    bans: Bans = Bans()

    def title(self, language: str) -> str:
        """The title in the interface language."""
        return self.titles.in_language(language)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What types cannot say: (the key, what is wrong with it)."""
        for language in ("en", "zh"):
            try:
                Banned(self.bans.in_language(language))
            except BadBan as refused:
                yield f"bans.{language}", f"{refused.params['entry']}: {refused.params['reason']}"


class Preset(Recipe, frozen=True, kw_only=True):
    """How to continue a text.

    Attributes:
        note: How "what happens next" is put to the model; ``{note}`` is replaced.
    """

    folder: ClassVar[str] = "continue"

    kind: Literal["continue"]
    note: Phrase
    sampling: Sampling

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What types cannot say; a note that does not say where the writer's words go."""
        yield from super().mistakes()
        if any("{note}" not in words for words in (self.note.en, self.note.zh)):
            yield "note", "note lacks {note}"


R = TypeVar("R", bound=Recipe)


def load(path: Path, shape: type[R]) -> R:
    """Read one recipe file.

    Raises:
        RecipeError: With file, line and reason, whatever is wrong with it.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe or a device may never end
            raise RecipeError(path=str(path), line=1, reason="it is not a file")
        if status.st_size > _LARGEST:
            raise RecipeError(path=str(path), line=1, reason=f"it has more than {_LARGEST} bytes")
        # Some editors put a byte order mark first, which TOML does not know.
        source = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise RecipeError(path=str(path), line=1, reason=str(problem)) from problem
    try:
        recipe: R = _convert(source, shape)
    except msgspec.ValidationError as problem:
        line = _line_of(source, str(problem))
        raise RecipeError(path=str(path), line=line, reason=str(problem)) from problem
    except (ValueError, RecursionError) as problem:  # TOML, or numbers and brackets without end
        found = re.search(r"line (\d+)", str(problem))
        line = int(found[1]) if found else source.count("\n") + 1
        raise RecipeError(path=str(path), line=line, reason=str(problem)) from problem
    mistakes = list(recipe.mistakes())
    if recipe.id != path.stem:
        mistakes.append(("id", f"id is not the file's name: {recipe.id}"))
    for key, reason in mistakes:
        raise RecipeError(path=str(path), line=_line_of(source, f"`$.{key}`"), reason=reason)
    return recipe


@lru_cache(maxsize=512)
def _convert(source: str, shape: type[R]) -> R:
    """Kept, for every window reads the same files; recipes cannot be changed."""
    return msgspec.convert(toml.parse(source), shape)


def load_all(folders: Iterable[Path], shape: type[R]) -> tuple[dict[str, R], list[RecipeError]]:
    """All recipes of a kind, later folders replacing earlier ones, in menu order.

    A broken file is reported and left out: one bad recipe must not cost the writer the others.
    """
    recipes: dict[str, R] = {}
    problems: list[RecipeError] = []
    for folder in folders:
        for path in sorted((folder / shape.folder).glob("*.toml")):
            try:
                recipe = load(path, shape)
            except RecipeError as problem:
                problems.append(problem)
            else:
                recipes[recipe.id] = recipe
    in_order = sorted(recipes.values(), key=lambda recipe: (recipe.order, recipe.id))
    return {recipe.id: recipe for recipe in in_order}, problems


def choose(recipes: dict[str, R], recipe_id: str) -> R:
    """The recipe with this id. Raises :class:`UnknownRecipe` naming those there are."""
    if recipe_id not in recipes:
        raise UnknownRecipe(recipe=recipe_id, known=", ".join(recipes))
    return recipes[recipe_id]


def _line_of(source: str, complaint: str) -> int:
    """The line that msgspec's complaint (``... - at `$.parameter.choices[3].words```) is about, as well as text tells."""
    path = re.search(r"`\$([^`]*)`", complaint)
    steps = re.findall(r"\.(\w+)(?:\[(\d+)\])?", path[1] if path else "")
    if named := re.search(r"unknown field `(\w+)`", complaint):
        steps.append((named[1], ""))
    lines = source.splitlines()
    line = 0
    for key, index in steps:
        heads = _lines_with(lines, line, rf"\s*\[\[(?:[\w\s]+\.)*\s*{re.escape(key)}\s*\]\]")
        if index and int(index) < len(heads):
            line = heads[int(index)]
        else:
            rest = _lines_with(lines, line, rf"\s*\[*\s*{re.escape(key)}\b")
            line = next(
                iter(rest or _lines_with(lines, line, rf".*[{{,]\s*{re.escape(key)}\s*=")), line
            )
    return line + 1


def _lines_with(lines: list[str], first: int, pattern: str) -> list[int]:
    """Indices, from ``first`` on, of the lines that begin like ``pattern``."""
    return [at for at in range(first, len(lines)) if re.match(pattern, lines[at])]
