"""What is asked of hubs, where they may send us, and what is believed of their answers."""

import httpx2
import pytest

from tests.engine.scripted_hub import COMMIT, HTML, QUICK, REPOSITORY, Fault, model, serve
from writer_app.engine import web
from writer_app.engine.download_protocol import Files, Search, Source
from writer_app.engine.hub import Hub
from writer_app.errors import (
    NameRefused,
    NoConnection,
    NotOffered,
    ProxyAnswered,
    RedirectRefused,
    ServerFailed,
    ServerStrange,
    TooManyRequests,
)

FILES = {
    "tales-Q8_0.gguf": model(2_000),
    "Q4/tales-Q4_K_M-00001-of-00002.gguf": model(600, 1),
    "Q4/tales-Q4_K_M-00002-of-00002.gguf": model(500, 2),
    "tales-bf16-00001-of-00002.gguf": model(700, 3),
    "../tales.gguf": model(10, 4),
    "README.md": b"# Tales",
}


@pytest.fixture
def scripted():
    with serve(FILES) as made:
        yield made


@pytest.fixture(scope="module")
def hub():
    made = Hub("", QUICK)
    yield made
    made.close()


@pytest.mark.parametrize("kind", ["huggingface", "modelscope"])
def test_a_repository_is_listed_with_split_files_as_one_and_hostile_names_left_out(
    scripted, hub, kind
):
    source = Source(kind, scripted.address)
    listed = hub.files(Files(id=7, source=source, repository=REPOSITORY))
    assert [(each.name, each.size) for each in listed.models] == [
        ("Q4/tales-Q4_K_M.gguf", 1_100),
        ("tales-Q8_0.gguf", 2_000),
    ]
    assert [len(each.pieces) for each in listed.models] == [2, 1]
    assert all(len(piece.sha256) == 64 for each in listed.models for piece in each.pieces)
    assert listed.left_out == 2
    assert listed.repository.licence.lower().startswith("apache")
    assert listed.commit == (COMMIT if kind == "huggingface" else "master")


def test_what_the_hub_knows_of_the_inside_of_a_model_is_told(scripted, hub):
    listed = hub.files(Files(id=7, source=scripted.source, repository=REPOSITORY))
    assert (listed.architecture, listed.context, listed.parameters) == ("llama", 8192, 135_000_000)
    assert not listed.repository.gated
    scripted.info = {"gated": "manual", "gguf": None, "tags": None}
    listed = hub.files(Files(id=7, source=scripted.source, repository=REPOSITORY))
    assert listed.repository.gated


@pytest.mark.parametrize("kind", ["huggingface", "modelscope"])
def test_repositories_are_found(scripted, hub, kind):
    found = hub.search(Search(id=1, source=Source(kind, scripted.address), words="tales"))
    assert [(each.id, each.downloads, each.likes) for each in found] == [(REPOSITORY, 5, 2)]


def test_nothing_is_told_of_us_but_our_name(scripted, hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_of_another_program")
    hub.search(Search(id=1, source=scripted.source, words="tales"))
    hub.files(Files(id=7, source=scripted.source, repository=REPOSITORY))
    assert len(scripted.asked) == 2, "nothing besides is asked"
    for _method, _path, headers in scripted.asked:
        assert headers["user-agent"].startswith("longhand/")
        assert "authorization" not in headers
        assert "torch" not in headers["user-agent"]


def test_a_token_is_sent_when_it_was_handed_over(scripted, hub):
    hub.files(Files(id=7, source=scripted.source, repository=REPOSITORY, token="hf_mine"))
    assert scripted.asked[0][2]["authorization"] == "Bearer hf_mine"


@pytest.mark.parametrize("kind", ["huggingface", "modelscope"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=503), ServerFailed),
        (Fault(status=404), NotOffered),
        (Fault(status=429, headers={"Retry-After": "90"}), TooManyRequests),
        (Fault(body=HTML, headers={"Content-Type": "text/html"}), ProxyAnswered),
        (Fault(body=b"{"), ServerStrange),
        (Fault(body=b"[1, 2]"), ServerStrange),
        (Fault(body=b'{"id": 5, "siblings": 7, "Data": 1}'), ServerStrange),
        (Fault(body=b"[" * 100_000), ServerStrange),
        (Fault(headers={"Content-Length": str(10**9)}), ServerStrange),
        (Fault(status=302, headers={"Location": "/api/models"}), RedirectRefused),
        (Fault(status=302, headers={"Location": "ftp://host/x"}), RedirectRefused),
    ],
)
def test_each_bad_answer_is_one_sentence_at_once(scripted, hub, kind, fault, error):
    scripted.head = fault
    source = Source(kind, scripted.address)
    for ask in (
        lambda: hub.search(Search(id=1, source=source, words="tales")),
        lambda: hub.files(Files(id=7, source=source, repository=REPOSITORY)),
    ):
        with pytest.raises(error):
            ask()


def test_a_hub_that_is_not_there_is_named(hub):
    for kind in ("huggingface", "modelscope"):
        with pytest.raises(NoConnection):
            hub.search(Search(id=1, source=Source(kind, "http://127.0.0.1:9")))


@pytest.mark.parametrize("name", ["../x", "a/b/c", "a//b", "a b/c", "x" * 200, "a/b?c", "", "a/.."])
def test_a_repository_that_cannot_be_one_is_not_asked_for(scripted, hub, name):
    for kind in ("huggingface", "modelscope"):
        with pytest.raises(NameRefused):
            hub.files(Files(id=7, source=Source(kind, scripted.address), repository=name))
    assert scripted.asked == []


SAFE, PUBLIC = "https://93.184.216.34/x", "http://93.184.216.34/x"


@pytest.mark.parametrize(
    ("start", "target", "words"),
    [
        (SAFE, "http://93.184.216.34/x", "not be safe"),
        (SAFE, "https://127.0.0.1/x", "inside this computer"),
        (SAFE, "https://localhost/x", "inside this computer"),
        (SAFE, "https://10.1.2.3/x", "inside this computer"),
        (SAFE, "https://192.168.0.1/x", "inside this computer"),
        (SAFE, "https://[::1]/x", "inside this computer"),
        (SAFE, "https://[fe80::1]/x", "inside this computer"),
        (SAFE, "https://[::ffff:127.0.0.1]/x", "inside this computer"),
        (SAFE, "https://169.254.169.254/latest/meta-data", "inside this computer"),
        (SAFE, "https://0.0.0.0/x", "inside this computer"),
        (SAFE, "https://2130706433/x", "inside this computer"),
        (PUBLIC, "http://127.0.0.1/x", "inside this computer"),
        (SAFE, "file:///etc/passwd", "no address"),
        (SAFE, "ftp://93.184.216.34/x", "no address"),
    ],
)
def test_nobody_sends_us_from_the_internet_into_this_computer_or_out_of_safety(
    start, target, words
):
    with pytest.raises(RedirectRefused) as raised:
        web.check_hop(httpx2.URL(start), httpx2.URL(target))
    assert words in str(raised.value.params["reason"])


@pytest.mark.parametrize(
    ("start", "target"),
    [
        (SAFE, "https://93.184.216.35/y"),
        (PUBLIC, "https://93.184.216.35/y"),
        ("http://127.0.0.1:8000/x", "http://localhost:9000/y"),
        ("http://192.168.0.5/x", "http://192.168.0.6/y"),
    ],
)
def test_a_server_may_send_us_on_to_its_like(start, target):
    web.check_hop(httpx2.URL(start), httpx2.URL(target))
