"""A continuation opens no socket to anywhere, and needs none: the kernel's own account of a real run."""

import sys

import pytest

from tests.faults import network

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="strace and namespaces are Linux's"),
    pytest.mark.timeout(300),  # every system call is looked at
]


def test_a_real_continuation_asks_for_no_internet_socket_and_writes_the_same_without_a_network(
    starter, tmp_path
):
    figures = network.run(tmp_path)
    assert figures["inet_sockets"] == 0
    assert figures["offline_same_text"]
    assert figures["programs_started"] >= 4, "the verb and its engine child, twice"


def test_a_socket_would_be_counted_whether_it_is_granted_or_refused(tmp_path):
    source = (
        "import socket; from writer_app.engine import sandbox\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()\n"
        "sandbox.enter(())\n"
        "try:\n    socket.socket(socket.AF_INET6)\nexcept PermissionError:\n    print('no')"
    )
    figures = network.traced(tmp_path, [sys.executable, "-c", source])
    assert figures["text"].strip() == "no"
    assert figures["inet_sockets"] == 2


def test_without_strace_it_is_an_error_and_not_a_zero(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        network.run(tmp_path)
