"""Reading along while the writer pauses, and finding it read after a restart."""

import threading
import time

import pytest

from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Done, Ending, Generate, Part, Read

PROJECT = "A novel.md"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "memory"


@pytest.fixture
def start(starter, folder):
    made = []

    def make():
        made.append(EngineClient("llama", str(folder)))
        list(made[-1].load(starter))
        return made[-1]

    yield make
    for client in made:
        client.close()


def parts(text):
    return (Part(id="text", text=text),)


def read(client, text, **more):
    return client.read(Read(id=client.new_id(), parts=parts(text), **more))


def ask(client, text, **more):
    request = Generate(id=client.new_id(), parts=parts(text), max_tokens=1, seed=1, **more)
    done = list(client.generate(request))[-1]
    assert isinstance(done, Done)
    return done


def test_what_was_read_along_is_not_read_again(start, sherlock):
    client, text = start(), sherlock[20_000:21_500]
    assert read(client, text).tokens_read > 250
    assert read(client, text).tokens_read == 1
    done = ask(client, text)
    assert done.tokens_read <= 8
    assert done.decode_calls <= 8


def test_only_what_is_new_is_read(start, sherlock):
    client, text = start(), sherlock[20_000:21_500]
    read(client, text)
    assert read(client, text + sherlock[21_500:21_700]).tokens_read < 80


def test_a_request_ends_reading_along_at_once_and_finds_what_was_read(start, sherlock):
    client, text = start(), sherlock[20_000:31_000]
    done = []
    reading = threading.Thread(target=lambda: done.append(read(client, text)))
    reading.start()
    time.sleep(2.0)
    # As a second asker would: the child hears it while it reads.
    client._send(Generate(id=client.new_id(), parts=parts(text[:400]), max_tokens=1))
    reading.join()
    assert done[0].reason is Ending.CANCELLED
    assert 0 < done[0].tokens_read < 2_500
    assert read(client, text[:800]).tokens_reused > 50


def test_after_a_restart_a_project_is_read_from_disk(start, sherlock):
    text = sherlock[20_000:21_500]
    first = start()
    before = ask(first, text, project=PROJECT)
    first.save()
    first.close()
    after = ask(start(), text + sherlock[21_500:21_600], project=PROJECT)
    assert before.tokens_read > 250
    assert after.tokens_read < 60
    assert after.tokens_reused > 250


def test_at_rest_it_is_kept_unasked(start, folder, sherlock, monkeypatch):
    client = start()
    ask(client, sherlock[20_000:21_200], project=PROJECT)
    deadline = time.monotonic() + 40
    while not list(folder.rglob("*.memory")) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(list(folder.rglob("*.memory"))) == 1
    assert ask(client, "Still here.").reason is Ending.LENGTH


def test_a_text_of_no_project_is_never_kept(start, folder, sherlock):
    client = start()
    ask(client, sherlock[20_000:21_200])
    client.save()
    assert not list(folder.rglob("*.memory"))


@pytest.mark.parametrize(
    "damage",
    ["truncated", *(pytest.param(each, marks=pytest.mark.soak) for each in ("altered", "foreign"))],
)
def test_a_damaged_memory_is_read_again_by_a_living_engine(start, folder, sherlock, damage):
    text = sherlock[20_000:21_200]
    first = start()
    answer = ask(first, text, project=PROJECT)
    first.save()
    first.close()
    (path,) = folder.rglob("*.memory")
    data = bytearray(path.read_bytes())
    if damage == "truncated":
        data = data[: len(data) // 2]
    elif damage == "altered":
        data[-1000] ^= 255
    else:
        (folder / "key").write_bytes(b"x" * 32)
    path.write_bytes(data)
    again = ask(start(), text, project=PROJECT)
    assert again.tokens_read == answer.tokens_read
    assert again.reason is Ending.LENGTH


def test_a_forgotten_project_is_read_anew(start, folder, sherlock):
    client, text = start(), sherlock[20_000:21_200]
    ask(client, text, project=PROJECT)
    client.save()
    client.forget(PROJECT)
    assert not list(folder.rglob("*.memory"))
    assert ask(client, text, project=PROJECT).tokens_reused <= 1
