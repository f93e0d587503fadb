"""What a download makes of everything that a hub, a network and a disk can do to it."""

import asyncio
import hashlib
import json
import os
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.scripted_hub import HTML, QUICK, REPOSITORY, Fault, Hub, model, serve
from writer_app import language
from writer_app.engine import filename, models, partial
from writer_app.engine.download import Download, Rate, local_names
from writer_app.engine.download_child import Means
from writer_app.engine.download_protocol import (
    Fetched,
    Get,
    Order,
    Phase,
    Piece,
    Setup,
    Source,
    Told,
)
from writer_app.errors import (
    AlreadyThere,
    BeingFetched,
    ConnectionCut,
    DownloadError,
    HashWrong,
    LicenceNeeded,
    NameRefused,
    NoConnection,
    NoModelThere,
    NoRoom,
    NotOffered,
    NotTrusted,
    OtherFile,
    ProxyAnswered,
    ProxyRefused,
    RedirectRefused,
    ServerFailed,
    ServerStrange,
    SizeWrong,
    Stalled,
    TokenRefused,
    TooManyRequests,
    from_code,
)

NAME = "tales-Q4.gguf"
DATA = model(300_000)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve({NAME: DATA}) as hub:
        yield hub


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., tuple[Fetched, list]]:
    """Fetches an order into the folder; gives what came of it and what was told on the way."""

    def run(order: Order, *, token: str = "", **setup: object) -> tuple[Fetched, list]:
        told: list = []

        async def work() -> Fetched:
            means = Means(Setup(patience=QUICK, **({"reserve": 0} | setup)))
            request = Get(id=1, order=order, folder=str(tmp_path), token=token)
            download = Download(request, means.locate, means.client, means.setup, told.append)
            try:
                return await download.run()
            finally:
                await means.close()

        try:
            return asyncio.run(work()), told
        except DownloadError as problem:
            problem.told = told
            raise

    return run


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def said(told: list) -> list[str]:
    """The sentences of what was told on the way."""
    events = [event for event in told if isinstance(event, Told)]
    return [language.explain(from_code(event.code, event.params)) for event in events]


def test_a_model_arrives_whole_and_proven_and_nothing_else_is_left(hub, fetch, tmp_path):
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert done.proven
    assert done.sha256 == (hashlib.sha256(DATA).hexdigest(),)
    assert left(tmp_path) == [NAME]
    assert list(tmp_path.iterdir()) == [tmp_path / NAME]
    assert told[-1].phase is Phase.FETCHING
    assert (told[-1].done, told[-1].total) == (len(DATA), len(DATA))


def test_what_is_on_its_way_is_never_listed_as_a_model(hub, fetch, tmp_path):
    hub.faults.extend([Fault(cut=200_000)] + [Fault(cut=0)] * 3)
    with pytest.raises(ConnectionCut):
        fetch(hub.order(NAME))
    assert left(tmp_path) == [f"{NAME}.part", f"{NAME}.part.json"]
    assert not [each for each in models.installed(tmp_path, tmp_path) if not each.bundled]


def test_a_connection_that_is_cut_is_taken_up_where_it_broke(hub, fetch):
    hub.faults.extend([Fault(cut=100_000), Fault(cut=50_000)])
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert [start for start, _count in hub.sent] == [0, 100_000, 150_000]
    assert len(said(told)) == 2
    assert any(event.again_in for event in told if isinstance(event, Told))


def test_what_was_fetched_in_an_earlier_life_is_not_fetched_again(hub, fetch):
    hub.faults.extend([Fault(cut=200_000)] + [Fault(cut=0)] * 3)
    with pytest.raises(ConnectionCut):
        fetch(hub.order(NAME))
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert hub.sent[-1] == (200_000, 100_000)
    assert any(event.phase is Phase.CHECKING for event in told if not isinstance(event, Told))


def test_the_same_file_of_another_source_goes_on_with_what_is_there(hub, fetch):
    hub.faults.extend([Fault(cut=200_000)] + [Fault(cut=0)] * 3)
    with pytest.raises(ConnectionCut):
        fetch(hub.order(NAME))
    with serve({NAME: DATA}) as mirror:
        done, _told = fetch(mirror.order(NAME))
        assert Path(done.path).read_bytes() == DATA
        assert mirror.sent == [(200_000, 100_000)]


def test_a_server_that_cannot_continue_makes_it_begin_anew_and_that_is_said(hub, fetch):
    hub.faults.extend([Fault(cut=100_000), Fault(ignores_range=True)])
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert "begins again from the start" in said(told)[-1]
    assert "does not continue" in said(told)[-1]


def test_a_file_that_changed_meanwhile_is_begun_anew_and_that_is_said(hub, fetch):
    hub.faults.extend([Fault(cut=100_000), Fault(etag='"new"')])
    done, told = fetch(hub.plain(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert "has changed" in said(told)[-1]
    assert hub.sent[-1] == (0, len(DATA))


def test_a_changed_file_is_noticed_where_the_server_does_not_compare_states(hub, fetch):
    """It answers 206 of the new file: by its length, and by what it calls that state, it is seen."""
    hub.faults.extend([Fault(cut=100_000), Fault(headers={"ETag": '"new"'})])
    done, told = fetch(hub.plain(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert "has changed" in said(told)[-1]


def test_where_the_hash_is_known_several_servers_may_name_one_state_as_they_like(hub, fetch):
    hub.faults.extend([Fault(cut=100_000), Fault(etag='"other"')])
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert hub.sent[-1] == (100_000, 200_000)
    assert not [words for words in said(told) if "begins again" in words]


def test_a_server_that_breaks_off_and_cannot_continue_is_given_up(hub, fetch):
    """Each time it gets a little less far: to go on like that would fetch the same for ever."""
    cuts = [150_000, 140_000, 130_000, 120_000, 110_000]
    hub.faults.extend([Fault(cut=cut, ignores_range=True) for cut in cuts])
    with pytest.raises(ConnectionCut):
        fetch(hub.order(NAME))
    assert len(hub.sent) == 3


def test_a_range_beyond_the_end_makes_it_begin_anew(hub, fetch):
    hub.faults.extend([Fault(cut=100_000), Fault(status=416)])
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert "begins again" in said(told)[-1]


def test_a_server_that_refuses_every_range_is_given_up(hub, fetch):
    hub.faults.extend([Fault(status=416)] * 4)
    with pytest.raises(ServerStrange):
        fetch(hub.order(NAME))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_fault_of_the_server_is_waited_out(hub, fetch, status):
    hub.faults.extend([Fault(status=status)] * 2)
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert len(said(told)) == 2
    assert str(status) in said(told)[0]


def test_a_server_that_stays_broken_is_named(hub, fetch):
    hub.faults.extend([Fault(status=503)] * 3)
    with pytest.raises(ServerFailed) as raised:
        fetch(hub.order(NAME))
    assert "choose another source" in language.explain(raised.value)


def test_a_server_that_wants_a_pause_gets_it(hub, fetch):
    hub.faults.append(Fault(status=429, headers={"Retry-After": "0"}))
    done, told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA
    assert len(said(told)) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3600"}, 3600),
        ({"ratelimit": '"resolvers";r=0;t=77'}, 77),
        ({}, 30),
    ],
)
def test_a_pause_that_is_too_long_is_told_in_seconds(hub, fetch, headers, seconds):
    hub.faults.append(Fault(status=429, headers=headers))
    with pytest.raises(TooManyRequests) as raised:
        fetch(hub.order(NAME))
    assert f"{seconds} seconds" in language.explain(raised.value)


def test_silence_ends_in_a_sentence_and_keeps_what_came(hub, fetch, tmp_path):
    hub.faults.extend([Fault(stall=200_000)] + [Fault(stall=0)] * 3)
    with pytest.raises(Stalled):
        fetch(hub.order(NAME))
    assert (tmp_path / f"{NAME}.part").stat().st_size == 200_000


def test_a_model_behind_a_licence_says_where_to_accept_it(hub, fetch):
    hub.token = "hf_secret"
    with pytest.raises(LicenceNeeded) as raised:
        fetch(hub.order(NAME))
    assert f"{hub.address}/{REPOSITORY}" in language.explain(raised.value)


def test_a_token_opens_the_door_and_goes_to_no_other_server(hub, fetch, tmp_path):
    hub.token = "hf_secret"
    hub.faults.extend([Fault(cut=100_000)])
    done, _told = fetch(hub.order(NAME), token="hf_secret")
    assert Path(done.path).read_bytes() == DATA
    of_bytes = [headers for _method, path, headers in hub.asked if path.startswith("/cdn/")]
    assert of_bytes
    assert not any("authorization" in headers for headers in of_bytes)


def test_neither_token_nor_signature_is_left_on_the_disk(hub, fetch, tmp_path):
    hub.token = "hf_secret"
    hub.faults.extend([Fault(cut=200_000)] + [Fault(cut=0)] * 3)
    with pytest.raises(ConnectionCut):
        fetch(hub.order(NAME), token="hf_secret")
    assert b"secret" not in (tmp_path / f"{NAME}.part.json").read_bytes()


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_without_a_licence_speaks_of_the_token(hub, fetch, status):
    hub.head = Fault(status=status)
    with pytest.raises(TokenRefused):
        fetch(hub.order(NAME))


def test_what_is_gone_is_named(hub, fetch):
    order = hub.order(NAME)
    del hub.files[NAME]
    with pytest.raises(NotOffered) as raised:
        fetch(order)
    assert NAME in language.explain(raised.value)


@pytest.mark.parametrize("where", ["page", "model"])
def test_a_page_for_people_is_no_model(hub, fetch, tmp_path, where):
    fault = (
        Fault(body=HTML, headers={"Content-Type": "text/html"})
        if where == "page"
        else Fault(body=HTML)
    )
    hub.faults.append(fault)
    order = hub.plain(NAME)
    with pytest.raises(ProxyAnswered):
        fetch(order)
    assert left(tmp_path) == []


def test_a_page_instead_of_the_hub_itself_is_no_hub(hub, fetch):
    hub.head = Fault(body=HTML, headers={"Content-Type": "text/html"})
    with pytest.raises(ProxyAnswered):
        fetch(hub.order(NAME))


def test_a_network_that_wants_a_login_is_told(hub, fetch):
    hub.faults.append(Fault(status=511))
    with pytest.raises(ProxyAnswered):
        fetch(hub.order(NAME))


def test_what_is_no_model_file_is_refused_at_its_first_bytes(hub, fetch, tmp_path):
    hub.files[NAME] = b"version https://git-lfs.github.com/spec/v1\n" * 2000
    with pytest.raises(NoModelThere):
        fetch(hub.order(NAME))
    assert left(tmp_path) == []


def test_a_proxy_that_wants_a_password_says_so(hub, fetch):
    hub.faults.append(Fault(status=407))
    with pytest.raises(ProxyRefused):
        fetch(hub.plain(NAME), proxy=hub.address)
    assert hub.asked[-1][1].startswith("http://127.0.0.1"), "it went through the proxy"


def test_the_proxy_of_the_environment_is_used(hub, fetch, monkeypatch):
    monkeypatch.setenv("http_proxy", hub.address)
    order = Order(Source("web"), (Piece(f"http://models.invalid/cdn/{NAME}"),))
    assert Path(fetch(order)[0].path).read_bytes() == DATA
    assert hub.asked[-1][1] == f"http://models.invalid/cdn/{NAME}"


def test_a_certificate_that_nobody_signed_is_not_accepted(fetch):
    with serve({NAME: DATA}, safely=True) as hub:
        with pytest.raises(NotTrusted) as raised:
            fetch(hub.plain(NAME))
        assert hub.asked == []
    assert "certificate" in language.explain(raised.value)


def test_a_server_that_leads_round_in_a_circle_is_left(hub, fetch):
    there = f"{hub.address}/cdn/{NAME}"
    hub.faults.extend([Fault(status=302, headers={"Location": there})] * 20)
    with pytest.raises(RedirectRefused):
        fetch(hub.plain(NAME))
    assert len(hub.asked) < 12


def test_a_server_nobody_can_reach_is_named(hub, fetch):
    order = Order(Source("web"), (Piece(f"http://127.0.0.1:9/{NAME}"),))
    with pytest.raises(NoConnection) as raised:
        fetch(order)
    assert "refuses the connection" in language.explain(raised.value)


def test_a_name_nobody_knows_is_said_to_be_unknown(fetch):
    order = Order(Source("web"), (Piece(f"http://models.invalid/{NAME}"),))
    with pytest.raises(NoConnection):
        fetch(order)


def test_a_wrong_hash_deletes_the_file_and_says_so(hub, fetch, tmp_path):
    hub.faults.append(Fault(body=model(len(DATA), seed=9)))
    with pytest.raises(HashWrong) as raised:
        fetch(hub.order(NAME))
    assert "deleted" in language.explain(raised.value)
    assert left(tmp_path) == []


def test_a_hash_that_the_hub_does_not_know_is_known_to_whoever_orders(hub, fetch):
    hub.names_hash = False
    hub.faults.append(Fault(body=model(len(DATA), seed=9)))
    with pytest.raises(HashWrong):
        fetch(hub.order(NAME))


def test_a_hub_that_offers_another_file_than_was_chosen_is_noticed_before_a_byte_is_fetched(
    hub, fetch
):
    order = hub.order(NAME)
    hub.files[NAME] = model(len(DATA), seed=9)
    with pytest.raises(OtherFile):
        fetch(order)
    assert hub.sent == []


def test_without_any_hash_it_is_said_that_nothing_is_proven(hub, fetch):
    done, _told = fetch(hub.plain(NAME))
    assert not done.proven
    assert done.sha256 == (hashlib.sha256(DATA).hexdigest(),)


@pytest.mark.parametrize("length", [len(DATA) - 5, len(DATA) + 5])
def test_a_length_that_differs_from_the_hubs_is_not_believed(hub, fetch, length):
    hub.faults.append(Fault(length=length, cut=0))
    with pytest.raises(ServerStrange):
        fetch(hub.order(NAME))


def test_more_bytes_than_a_file_has_make_it_void(hub, fetch, tmp_path):
    hub.faults.append(Fault(more=b"x" * 10))
    with pytest.raises(SizeWrong):
        fetch(hub.order(NAME))
    assert left(tmp_path) == []


def test_a_stream_that_says_no_length_is_taken_to_its_end(hub, fetch):
    hub.faults.append(Fault(headers={}, more=b"tail"))
    done, _told = fetch(hub.plain(NAME))
    assert Path(done.path).read_bytes() == DATA + b"tail"


def test_too_little_room_is_said_before_anything_is_fetched(hub, fetch, tmp_path):
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(NoRoom) as raised:
        fetch(hub.order(NAME), reserve=free + 1_200_000_000)
    assert "1.2 GB are missing" in language.explain(raised.value)
    assert hub.sent == []
    assert left(tmp_path) == []


def test_a_disk_that_fills_up_on_the_way_keeps_what_came(fetch, tmp_path, monkeypatch):
    monkeypatch.setattr(partial, "STEP", 65_536)
    usage = namedtuple("usage", "total used free")
    room = iter([10**9, 10**9] + [1000] * 9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(0, 0, next(room)))
    with serve({NAME: DATA}) as hub:
        with pytest.raises(NoRoom):
            fetch(hub.order(NAME), reserve=100_000)
        monkeypatch.undo()
        assert 0 < (tmp_path / f"{NAME}.part").stat().st_size < len(DATA)
        done, _told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA


def test_a_disk_that_is_full_at_once_keeps_what_came(hub, fetch, tmp_path, monkeypatch):
    real, written = os.write, []

    def write(descriptor: int, data: bytes) -> int:
        if len(data) > 1000:
            written.append(len(data))
            if len(written) > 2:
                raise OSError(28, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(partial.os, "write", write)
    with pytest.raises(NoRoom):
        fetch(hub.order(NAME))
    monkeypatch.undo()
    assert 0 < (tmp_path / f"{NAME}.part").stat().st_size < len(DATA)
    done, _told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA


def test_two_windows_do_not_write_one_file(hub, fetch, tmp_path):
    order = hub.order(NAME)
    mine = partial.Partial(tmp_path / NAME, partial.Record(order))
    with pytest.raises(BeingFetched):
        fetch(order)
    mine.close()
    assert Path(fetch(order)[0].path).read_bytes() == DATA


def test_a_model_that_is_there_is_not_fetched_again(hub, fetch):
    fetch(hub.order(NAME))
    count = hub.bytes_sent
    assert fetch(hub.order(NAME))[0].proven
    assert hub.bytes_sent == count


def test_another_model_of_the_same_name_is_left_alone(hub, fetch, tmp_path):
    other = model(len(DATA), seed=5)
    (tmp_path / NAME).write_bytes(other)
    with pytest.raises(AlreadyThere):
        fetch(hub.order(NAME))
    assert left(tmp_path) == [NAME]
    assert (tmp_path / NAME).read_bytes() == other
    assert Path(fetch(hub.order(NAME, save_as="other.gguf"))[0].path).name == "other.gguf"


def test_a_damaged_model_is_mended_when_asked_to(hub, fetch, tmp_path):
    (tmp_path / NAME).write_bytes(b"GGUF damaged")
    done, _told = fetch(hub.order(NAME, replace=True))
    assert Path(done.path).read_bytes() == DATA


def test_a_model_in_several_files_appears_when_all_of_them_are_there(fetch, tmp_path):
    parts = {f"Q8/big-0000{n}-of-00003.gguf": model(50_000, n) for n in (1, 2, 3)}
    with serve(parts) as hub:
        hub.faults.extend([Fault(), Fault()] + [Fault(cut=10_000)] + [Fault(cut=0)] * 3)
        with pytest.raises(ConnectionCut):
            fetch(hub.order(*parts))
        assert not [name for name in left(tmp_path) if name.endswith(".gguf")]
        done, told = fetch(hub.order(*parts))
        assert [each for each in hub.sent if each[0] == 0 and each[1] == 50_000] == [
            (0, 50_000)
        ] * 2
    assert left(tmp_path) == [path.removeprefix("Q8/") for path in parts]
    assert done.path.endswith("00001-of-00003.gguf")
    [listed] = [each for each in models.installed(tmp_path, tmp_path) if not each.bundled]
    assert (listed.name, str(listed.path), listed.size) == ("big", done.path, 150_000)
    Path(done.path.replace("00001-of", "00002-of")).unlink()
    assert not [each for each in models.installed(tmp_path, tmp_path) if not each.bundled]
    assert done.size == 150_000
    assert told[-1].total == 150_000


@pytest.mark.parametrize(
    "path",
    [
        *("../evil.gguf", "/etc/evil.gguf", "a/../b.gguf", "..\\evil.gguf", "C:evil.gguf"),
        *("CON.gguf", "lpt1.Q4.gguf", "nul .gguf", "model.gguf.", "model.gguf ", ".model.gguf"),
        *("mod\u202eel.gguf", "mod\u200bel.gguf", "mod\nel.gguf", "mod\x00el.gguf", "\ud800.gguf"),
        *("x" * 250 + ".gguf", "長" * 80 + ".gguf", "aux/model.gguf", "model.exe", "", "a//b.gguf"),
        "m-00001-of-00002.gguf",
    ],
)
def test_names_that_do_harm_are_refused(hub, path):
    with pytest.raises(NameRefused) as raised:
        local_names(Order(hub.source, (Piece(path),), REPOSITORY))
    sentence = language.explain(raised.value)
    assert "name is refused" in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "name", ["红楼梦-Q4_K_M.gguf", "Smol LM2 (135M).gguf", "a.b-c_d.Q8_0.GGUF"]
)
def test_names_that_do_no_harm_are_kept(hub, name):
    assert local_names(Order(hub.source, (Piece(f"folder/{name}"),), REPOSITORY)) == [name]


def test_a_name_of_an_address_is_read_as_it_is_written_there(hub):
    order = Order(Source("web"), (Piece("https://host/a%2F..%2Ftales%20Q4.gguf?x=/y"),))
    assert local_names(order) == ["tales Q4.gguf"]
    for address in (
        "https://host/x.gguf/",
        "file:///etc/x.gguf",
        "ftp://host/x.gguf",
        "x.gguf",
        "https://host/..%5Cx.gguf",
    ):
        with pytest.raises(NameRefused):
            local_names(Order(Source("web"), (Piece(address),)))


def test_split_files_are_one_model_and_incomplete_ones_none():
    paths = ["a.gguf", "b-00002-of-00002.gguf", "b-00001-of-00002.gguf", "c-00001-of-00002.gguf"]
    assert dict(filename.whole(paths)) == {
        "a.gguf": ("a.gguf",),
        "b.gguf": ("b-00001-of-00002.gguf", "b-00002-of-00002.gguf"),
    }


def test_a_record_that_makes_no_sense_costs_the_partial_file_and_nothing_else(hub, fetch, tmp_path):
    hub.faults.extend([Fault(cut=200_000)] + [Fault(cut=0)] * 3)
    with pytest.raises(ConnectionCut):
        fetch(hub.order(NAME))
    record = tmp_path / f"{NAME}.part.json"
    for nonsense in (b"", b"{", json.dumps({"order": 1}).encode(), b"\xff" * 50):
        record.write_bytes(nonsense)
        assert partial.unfinished(tmp_path) == []
    done, _told = fetch(hub.order(NAME))
    assert Path(done.path).read_bytes() == DATA


def test_a_partial_file_that_somebody_shortened_or_lengthened_does_no_harm(hub, fetch, tmp_path):
    for change in (lambda size: size - 50_000, lambda size: size + 50_000):
        hub.faults.clear()
        hub.faults.extend([Fault(cut=200_000)] + [Fault(cut=0)] * 3)
        with pytest.raises(ConnectionCut):
            fetch(hub.order(NAME, replace=True))
        part = tmp_path / f"{NAME}.part"
        os.truncate(part, change(part.stat().st_size))
        hub.faults.clear()
        done, _told = fetch(hub.order(NAME, replace=True))
        assert Path(done.path).read_bytes() == DATA


def test_the_rate_is_of_the_last_seconds_and_falls_when_nothing_comes():
    rate = Rate(window=8)
    for second in range(20):
        last = rate.after(second, second * 1000)
    assert last == pytest.approx(1000)
    assert rate.after(24, 19_000) < 600
    assert rate.after(25, 0) == 0, "it began anew"
