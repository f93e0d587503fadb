"""Servers that she has connected: their addresses, their keys, and when they take the place of this machine."""

import threading
from pathlib import Path

import pytest

from tests.engine import recorded
from writer_app.engine import keys, servers
from writer_app.engine.client import EngineClient
from writer_app.engine.engines import Engines
from writer_app.engine.keys import Keys
from writer_app.engine.protocol import Done, Generate, Part
from writer_app.errors import BadAddress, BadKey, EndpointUnreachable, ServerMissing
from writer_app.settings import Server, SettingsFile

HERE, THERE = "http://localhost:8080", "https://gpu.example.org"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" http://localhost:8080/v1/ ", HERE),
        ("HTTPS://GPU.Example.org/v1", THERE),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://10.0.0.7:8000/llama/v1", "http://10.0.0.7:8000/llama"),
        ("https://例え.jp", "https://xn--r8jz45g.jp"),
    ],
)
def test_an_address_is_kept_as_it_is_asked(typed, address):
    assert servers.checked(typed) == address
    assert servers.checked(address) == address


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "begin with"),
        ("localhost:8080", "begin with"),
        ("file:///etc/passwd", "begin with"),
        ("ftp://x", "begin with"),
        ("http://", "name of its site"),
        ("http://localhost:port", "port"),
        ("http://localhost:99999", "port"),
        ("http://localhost:0", "port"),
        ("http://127.0.0.1\\@evil.example", "not written"),
        ("http://me:secret@gpu", "password"),
        ("http://gpu?key=secret", "end with"),
        ("http://gpu/#v1", "end with"),
        ("http://2130706433", "name of its site"),
        ("http://gp\u202eu", "name of its site"),
        ("http://" + "a" * 400, "long"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(typed, word):
    with pytest.raises(BadAddress) as refusal:
        servers.checked(typed)
    assert word in str(refusal.value.params["reason"])


def test_it_is_known_where_text_goes_and_whether_it_can_be_read_on_its_way():
    found = {
        each: (servers.host(each), servers.is_open(each))
        for each in (HERE, "http://127.0.0.1:1", "http://[::1]", THERE, "http://gpu:8000")
    }
    assert list(found.values()) == [("", False)] * 3 + [("gpu.example.org", False), ("gpu", True)]


def test_the_chosen_model_names_a_server_or_a_file():
    known = (Server(name="a:b", address=HERE), Server(name="c", address=THERE))
    assert servers.find(servers.model_of(known[0]), known) == known[0]
    assert servers.find("", known) is servers.find("/models/endpoint.gguf", known) is None
    with pytest.raises(ServerMissing):
        servers.find("endpoint:gone", known)
    assert servers.chosen("endpoint:gone", known) is None


def test_servers_are_kept_in_the_settings_without_a_key(tmp_path):
    file = SettingsFile(tmp_path)
    file.set("model", "servers", (Server(name="Team", address=THERE, model="m"),))
    file.save()
    assert SettingsFile(tmp_path).values.model.servers == file.values.model.servers
    assert "key" not in file.path.read_text()


def test_a_key_lies_in_the_keyring_by_the_address_it_was_given_for(keyring_held):
    held = Keys()
    held.hold(THERE, "secret")
    assert held.keep(THERE)
    assert keyring_held == {("Longhand", THERE): "secret"}
    later = Keys()
    assert (later.get(THERE), later.get(HERE)) == ("secret", "")
    later.hold(THERE, "")
    assert later.keep(THERE)
    assert keyring_held == {}
    assert Keys().get(THERE) == ""


def test_without_a_keyring_a_key_is_held_until_the_end():
    held = Keys()
    held.hold(THERE, "secret")
    assert not held.keep(THERE)
    assert held.get(THERE) == "secret"
    assert Keys().get(THERE) == ""


def test_a_keyring_that_waits_for_her_password_can_be_left_alone(keyring_held, monkeypatch):
    leave = threading.Event()
    monkeypatch.setattr(keys, "_asked", lambda _address: str(leave.wait(20)))
    assert Keys().get(THERE, is_wanted=lambda: False) == ""
    leave.set()


@pytest.mark.parametrize("key", ["geheim\u00fc", "two\nlines", "\x00"])
def test_a_key_that_cannot_be_sent_is_refused(key):
    with pytest.raises(BadKey):
        keys.checked(key)
    assert keys.checked(" sk-1 ") == "sk-1"


def ask(client: EngineClient) -> str:
    request = Generate(id=client.new_id(), parts=(Part(id="text", text="Once"),), max_tokens=4)
    (done,) = (event for event in client.generate(request) if isinstance(event, Done))
    return done.reason


def test_going_to_a_server_and_back_ends_the_child_that_is_left_and_shows_the_key_to_nobody(
    scripted,
):
    local = scripted({"answers": [[{"text": "a"}]]})
    engines, held = Engines(local), Keys()
    list(engines.now.load("file"))
    with recorded.server(recorded.completion()) as (address, _asked):
        held.hold(address, "sk-secret")
        engines.know((Server(name="s", address=address, model="m"),), held)
        assert engines.use("endpoint:s", lambda: True)
        assert not engines.use("endpoint:s", lambda: True)
        assert local.pid is None
        assert engines.is_remote
        assert (engines.fits("endpoint:s"), engines.fits("file")) == (True, False)
        remote = engines.now
        list(remote.load("m"))
        assert ask(remote) == "end"
        said = Path(f"/proc/{remote.pid}")
        for name in ("cmdline", "environ"):
            assert b"sk-secret" not in (said / name).read_bytes()
        assert "sk-secret" not in remote.log + repr(remote)
        assert engines.count_quietly(["林黛玉 said yes"]) == [6]
        assert engines.use("file", lambda: True)
        assert remote.pid is None
        assert engines.now is local
    engines.close()


def test_a_server_is_tried_in_a_process_of_its_own():
    with recorded.server(b"") as (address, asked):
        assert servers.look(address + "/v1", "").offered == ()
    assert asked == []
    with pytest.raises(EndpointUnreachable):
        servers.look("http://127.0.0.1:9", "")
