"""Collects the words for people: extracts them, updates the catalogues, compiles them.

    python packaging/strings.py           update everything
    python packaging/strings.py --check   change nothing; exit 1 if something is stale or untranslated

The template (.pot), the translations (.po) and the compiled catalogues (.mo) are all committed, so that a
clean clone runs in both languages with nothing done by hand.
"""

import argparse
import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "i18n"
DOMAIN = "longhand"
LOCALES = ("zh_CN",)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
#: A fixed date: a catalogue must not change when its words do not.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def extract() -> Catalog:
    """All messages of the program, with the files they stand in."""
    catalogue = _signed(Catalog(charset="utf-8"))
    found = extract_from_dir(
        str(ROOT / "writer_app"),
        [("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    )
    for filename, _line, message, comments, context in sorted(
        found, key=lambda row: (row[0], row[1])
    ):
        # No line numbers: they would make every edit of the code an edit of the catalogues.
        catalogue.add(
            message,
            locations=[(f"writer_app/{filename}", 0)],
            auto_comments=comments,
            context=context,
        )
    return catalogue


def update(template: Catalog, locale: str) -> Catalog:
    """The translations of ``locale`` brought to the messages of ``template``; none is guessed."""
    path = _po(locale)
    catalogue = Catalog(locale=locale, domain=DOMAIN)
    if path.is_file():
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=locale)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return _signed(catalogue)


def _signed(catalogue: Catalog) -> Catalog:
    """The same header in every catalogue, without a date or an address to keep up."""
    catalogue.project, catalogue.version, catalogue.fuzzy = "Longhand", "1", False
    catalogue.creation_date = catalogue.revision_date = _DATE
    catalogue.header_comment = (
        "# The words of Longhand. Made by packaging/strings.py; edit the translations only."
    )
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "Longhand"
    return catalogue


def problems(catalogue: Catalog) -> list[str]:
    """Messages without a translation, and translations whose placeholders differ."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if message.fuzzy or not all(strings):
            found.append(f"untranslated: {ids[0]}")
        elif any(_placeholders(text) != _placeholders(ids[-1]) for text in strings):
            found.append(f"other placeholders: {ids[0]}")
    return found


def _placeholders(text: str) -> set[str]:
    return {"".join(names) for names in re.findall(r"\{(\w*)\}|%\((\w+)\)", text)}


def render(catalogue: Catalog, *, compiled: bool = False) -> bytes:
    """The bytes of a .po/.pot file, or of the compiled catalogue."""
    stream = io.BytesIO()
    if compiled:
        write_mo(stream, catalogue)
    else:
        write_po(
            stream,
            catalogue,
            width=100,
            sort_output=True,
            include_lineno=False,
            ignore_obsolete=True,
        )
    return stream.getvalue()


def _po(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    template = extract()
    wanted = {FOLDER / f"{DOMAIN}.pot": render(template)}
    complaints = []
    for locale in LOCALES:
        catalogue = update(template, locale)
        wanted[_po(locale)] = render(catalogue)
        wanted[_po(locale).with_suffix(".mo")] = render(catalogue, compiled=True)
        complaints += [f"{locale}: {problem}" for problem in problems(catalogue)]
    for path, content in wanted.items():
        if path.is_file() and path.read_bytes() == content:
            continue
        if check:
            complaints.append(f"stale: {path.relative_to(ROOT)} (run packaging/strings.py)")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
