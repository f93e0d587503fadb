"""The three kinds of child behind one client: the real engine, a script, a recorded server."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine import recorded
from tests.engine.contexts import loaded
from writer_app.engine.client import _ENVIRONMENT, EngineClient
from writer_app.engine.native import NativeModel

# Some tests compute in their own process: there threads wait for each other as they do in the child, before the
# library is loaded that reads this.
for name, value in _ENVIRONMENT.items():
    os.environ.setdefault(name, value)

SCRIPT = {
    "loads": [{"wait": 0.01}],
    "answers": [
        [{"text": text} for text in [" It", " was", " 林", "黛玉", " who", " came", "."]]
        + [{"wait": 0.05}, {"text": " More."}] * 40
    ],
}


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Callable[[dict], EngineClient]]:
    """Makes clients whose child plays the given script."""
    made = []

    def make(script: dict) -> EngineClient:
        path = tmp_path / f"script{len(made)}.json"
        path.write_text(json.dumps(script), "utf-8")
        made.append(EngineClient("scripted", str(path)))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture(params=["llama", "scripted", "endpoint"])
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[EngineClient, str]]:
    """(client, model to load) for each backend."""
    if request.param == "llama":
        client, model = EngineClient("llama"), request.getfixturevalue("starter")
        yield client, model
        client.close()
    elif request.param == "scripted":
        yield request.getfixturevalue("scripted")(SCRIPT), "script"
    else:
        with recorded.server(recorded.completion(), pause=0.01) as (address, _asked):
            client = EngineClient("endpoint", address)
            yield client, "served"
            client.close()


@pytest.fixture
def client(starter: str) -> Iterator[EngineClient]:
    """A child of its own with the starter model, which remembers nothing yet."""
    made = EngineClient("llama")
    list(made.load(starter))
    yield made
    made.close()


@pytest.fixture
def load() -> Iterator[Callable[[str], NativeModel]]:
    """Loads models into this process."""
    made = list[NativeModel]()

    def make(path: str) -> NativeModel:
        made.append(loaded(path))
        return made[-1]

    yield make
    for model in made:
        model.free()
