"""``writer-app --self-check``: tries every part that a build must have brought along.

A frozen build can lack a library, a data file or a plugin that a checkout has; importing is not enough to
notice, so each check uses its part. One line per check; exit status 0, or 3 if any failed.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from writer_app import assets, language
from writer_app.assets import Places

TOKENS = 20


def main() -> int:
    """Run all checks; returns the exit status."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    failed = 0
    for name, check in CHECKS.items():
        try:
            said = check()
        except Exception:  # noqa: BLE001 - the edge: whatever fails is what this is for
            failed += 1
            said = "FAILED\n" + traceback.format_exc()
        sys.stdout.write(f"{name}: {said}\n")
        sys.stdout.flush()
    return 3 if failed else 0


def _resources() -> str:
    from writer_app.craft.recipe import Preset, load_all
    from writer_app.craft.transform import Transform

    folders = [assets.resources() / "recipes"]
    presets, broken = load_all(folders, Preset)
    transforms, broken_too = load_all(folders, Transform)
    if broken or broken_too or not presets or not transforms:
        raise RuntimeError(f"{len(presets)} and {len(transforms)} recipes, {broken + broken_too}")
    language.use("zh_CN")
    translated = language._("English")
    language.use("en")
    if translated == "English":
        raise RuntimeError("no Chinese catalogue")
    return f"{len(presets) + len(transforms)} recipes, Chinese says {translated}"


def _texts() -> str:
    from writer_app.story import files
    from writer_app.text.sentences import ends_between

    words = "却说雨村忙回头看时，不是别人，乃是当日同僚一案参革的张如圭。" * 4
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_bytes(words.encode("gb18030"))
        opened = files.read(path)
    if opened.text != words or not ends_between("It was late.", " He"):
        raise RuntimeError(opened.form)
    return f"read {opened.form.encoding}"


def _rules() -> str:
    from writer_app.text.rules import RULES

    for rule in RULES.values():
        for choice in rule.choices:
            rule("后来", choice, "")
    traditional = RULES["hanzi"]("后来", "s2t", "")
    if traditional != "後來":
        raise RuntimeError(traditional)
    return f"{len(RULES)} rules, {traditional}"


def _documents() -> str:
    import anydoc

    read = anydoc.to_markdown_bytes(b"one,two\n", "csv")
    if "two" not in read:
        raise RuntimeError(read)
    return "read a table"


def _settings() -> str:
    from writer_app.settings import SettingsFile

    with tempfile.TemporaryDirectory() as folder:
        file = SettingsFile(Path(folder))
        return f"{len(file.values.__struct_fields__)} topics"


def _keyring() -> str:
    from keyring import backend

    # All but one kind are found by what the package says of itself, which a build may leave out.
    found = backend.get_all_keyring()
    if len(found) < 2:
        raise RuntimeError(found)
    return f"{len(found)} kinds"


def _engine() -> str:
    from writer_app.engine import models
    from writer_app.engine.client import EngineClient
    from writer_app.engine.protocol import Done, Generate, Loaded, Message, Part, Text

    with tempfile.TemporaryDirectory() as folder:
        found = models.installed(Path(folder), Path(folder))
        path = str(models.prepare(models.for_text(found, "en")))
        client = EngineClient("llama")
        try:
            loaded = next(
                event for event in reversed(list(client.load(path))) if isinstance(event, Loaded)
            )
            prompt = (Part(id="text", text="It was a dark night, and the old man said"),)
            request = Generate(
                id=client.new_id(), parts=prompt, max_tokens=TOKENS, min_tokens=TOKENS
            )
            events = list(client.generate(request))
            chat = (Message("user", "Say yes."),) if loaded.has_template else ()
            if chat:
                list(client.generate(Generate(id=client.new_id(), chat=chat, max_tokens=2)))
        finally:
            client.close()
    written = next(event for event in events if isinstance(event, Done)).tokens_written
    text = "".join(event.text for event in events if isinstance(event, Text))
    if written != TOKENS or not text.strip():
        raise RuntimeError(f"{written} tokens: {text}")
    return f"{written} tokens from {loaded.name}, sandbox: {loaded.machine.sandbox or 'none'}"


def _downloads() -> str:
    from writer_app.engine.download_protocol import Source
    from writer_app.engine.downloads import Downloads
    from writer_app.errors import NoConnection

    with tempfile.TemporaryDirectory() as folder:
        downloads = Downloads(Path(folder))
        try:
            # Nobody listens there, and nothing leaves this computer.
            downloads.search(Source("huggingface", "http://127.0.0.1:9"), "")
        except NoConnection:
            return "the child and the hub's library"
        finally:
            downloads.close()
    raise RuntimeError("somebody answered")


def _window() -> str:
    from writer_app import app

    with tempfile.TemporaryDirectory() as folder:
        places = Places(*(Path(folder) / name for name in ("config", "data", "state", "cache")))
        qt = app.application()
        program = app.Program(places)
        program.begin([])
        window = program.desk.windows[0]
        picture = window.grab()
        qt.processEvents()
        program.end()
        if picture.isNull():
            raise RuntimeError("nothing was painted")
        return f"{picture.width()} x {picture.height()}"


#: Each check says what it saw, or raises.
CHECKS: dict[str, Callable[[], str]] = {
    "resources": _resources,
    "texts": _texts,
    "rules": _rules,
    "documents": _documents,
    "settings": _settings,
    "keyring": _keyring,
    "engine": _engine,
    "downloads": _downloads,
    "window": _window,
}
