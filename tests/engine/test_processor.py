"""Which variant is tried, and what is remembered of it."""

import pytest

from writer_app.engine import processor
from writer_app.engine.processor import Found, Tried

#: What the variants of llama.cpp say of a processor that announces AMX, shortened.
SCORES = {
    "x64": 1,
    "haswell": 64,
    "icelake": 1472,
    "zen4": 1984,
    "sapphirerapids": 4032,
    "apple": 0,
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cache" / "machine.json"


def test_the_variants_are_the_libraries_of_that_name_on_every_system(tmp_path):
    names = ["libggml-cpu-haswell.so", "ggml-cpu-armv8.2_1.dll", "libggml-cpu-apple_m1.so"]
    others = ["libggml-cpu.so", "libggml-cuda.so", "libggml-cpu-zen4.so.0", "python3.11", "README"]
    for name in [*names, *others]:
        (tmp_path / name).touch()
    assert set(processor.variants(tmp_path)) == {"haswell", "armv8.2_1", "apple_m1"}


def test_a_build_without_variants_has_none(tmp_path):
    assert processor.variants(tmp_path / "bin") == {}
    assert processor.best({}, ()) == ""


def test_the_highest_score_goes_first_then_the_next_lower_one_until_none_is_left():
    tried = []
    while name := processor.best(SCORES, tried):
        tried.append(name)
    assert tried == ["sapphirerapids", "zen4", "icelake", "haswell", "x64"]


def test_what_died_and_what_served_is_known_at_the_next_start(file):
    first = Tried(file)
    assert first.note_death("amx")
    first.note_service("avx2")
    assert Tried(file).found == Found(died=("amx",), served=("avx2",))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_variant_dies_only_once_and_does_not_serve_afterwards(file):
    tried = Tried(file)
    tried.note_service("amx")
    assert tried.note_death("amx")
    assert not tried.note_death("amx")
    assert tried.found.served == ()


def test_another_processor_or_another_llama_cpp_tries_again_and_keeps_what_the_first_knew(file):
    Tried(file, "one").note_service("avx2")
    other = Tried(file, "other")
    assert other.found == Found()
    other.note_service("amx")
    assert Tried(file, "one").found.served == ("avx2",)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"one": 7}', b'{"one": {"died": 3}}']
)
def test_a_damaged_file_is_an_empty_one_and_is_written_anew(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    tried = Tried(file, "one")
    assert tried.found == Found()
    tried.note_service("avx2")
    assert Tried(file, "one").found.served == ("avx2",)


def test_a_disk_that_refuses_costs_only_the_memory(tmp_path):
    (tmp_path / "file").touch()
    tried = Tried(tmp_path / "file" / "machine.json")
    tried.note_service("avx2")
    assert tried.found.served == ("avx2",)


def test_the_key_names_processor_and_library():
    name, _comma, library = processor.here().rpartition(", ")
    assert name
    assert library == "llama-cpp-python 0.3.36"
