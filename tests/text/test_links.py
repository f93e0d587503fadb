"""Links: where they are, and where they really lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import LinkRefused
from writer_app.text.links import address, is_local, link_at


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("see [the text](https://a.org/x) there", "https://a.org/x"),
        ("[t](https://a.org/x_(y) 'title')", "https://a.org/x_(y)"),
        ("[t](<chapter two.md>)", "chapter two.md"),
        ("![pic](file:///etc/passwd)", "file:///etc/passwd"),
        ("<https://a.org/x?y=1>", "https://a.org/x?y=1"),
        ("<mailto:a@b.org>", "mailto:a@b.org"),
        ("Look at https://a.org/x_(y), and go.", "https://a.org/x_(y)"),
        ("看https://a.org/红楼梦。然后", "https://a.org/红楼梦"),
        ("(https://a.org/x).", "https://a.org/x"),
    ],
)
def test_a_link_is_found_from_each_of_its_places_and_from_no_other(text, target):
    found = [link_at(text, at) for at in range(len(text) + 1)]
    assert {link.target for link in found if link} == {target}
    link = next(filter(None, found))
    assert [at for at, each in enumerate(found) if each] == list(range(link.start, link.end + 1))


@pytest.mark.parametrize("text", ["plain", "[no](", "[a]\n(x.md)", "a < b > c", ""])
def test_other_text_is_no_link(text):
    assert all(link_at(text, at) is None for at in range(len(text) + 1))


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("https://a.org", "https://a.org/"),
        ("HTTP://A.Org:8080/X?y#z", "http://a.org:8080/X?y#z"),
        ("https://a.org/红", "https://a.org/%E7%BA%A2"),
        ("https://a.org/a\u202eb\\c", "https://a.org/a%E2%80%AEb%5Cc"),
        ("https://bücher.de/", "https://xn--bcher-kva.de/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
        ("https://a_b.7up.com./", "https://a_b.7up.com./"),
        ("mailto:attach@b.org", "mailto:attach@b.org"),
        ("mailto:a@b.org?subject=hi there", "mailto:a@b.org?subject=hi%20there"),
    ],
)
def test_what_is_opened_is_plain_ascii(target, url):
    assert address(target).url == url


def test_a_name_before_the_at_sign_is_told_from_the_site():
    found = address("https://my-bank.com:x@evil.org/my-bank.com")
    assert (found.user, found.site) == ("my-bank.com:x", "evil.org")


def test_letters_that_look_like_others_are_shown_in_punycode():
    found = address("https://аррӏе.com/")
    assert (found.site, found.code) == ("аррӏе.com", "xn--80ak6aa92e.com")


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "smb://host/share",
        "ms-word:x",
        "https:a.org",
        "https:///a.org",
        "https://a.org\\@evil.org/",
        "https://a\u202e.org/",
        "https://a%2eorg/",
        "https://a b/",
        "https://\ud800.org/",
        "https://" + "ä" * 400 + ".org",
        "mailto:a@b.org?attach=/etc/passwd",
        "mailto:a@b.org&attach=/etc/passwd",
        "mailto:a@b.org?x=1;attach=/etc/passwd",
        "mailto:a@b.org?subject=x%27,%61ttachment=%27file:///etc/passwd",
        "https://faß.de/",
        "https://βόλος.com/",
        "https://نامه\u200cای.com/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://1.2.3/",
        "https://127.0.0.01/",
        "https://[::1%25eth0]/",
        "https://[1.2]/",
        "https://a.org:99999/",
        "https://a..org/",
        "https://-a.org/",
        "MAILTO:a@b.org?x=1&Attachment=%2Fetc%2Fpasswd",
        "C:\\windows\\x.md",
        "",
    ],
)
def test_everything_else_is_refused_with_a_sentence(target):
    with pytest.raises(LinkRefused) as refused:
        address(target)
    assert refused.value.params["reason"]


def test_a_local_target_has_neither_scheme_nor_host():
    assert is_local("chapter2.md")
    assert is_local("../x.md")
    assert not any(
        map(is_local, ("//host/share/x.md", "\\\\host\\x.md", "C:x.md", "https://a.org"))
    )


@given(st.text(max_size=60))
def test_an_address_is_ascii_or_refused_whatever_is_written(text):
    for target in (text, "https://" + text, "https://a.org/" + text, "mailto:" + text):
        try:
            found = address(target)
        except LinkRefused:
            continue
        assert found.url.isascii()
        assert found.url.isprintable()
        assert not set(found.url) & set(' "<>\\')


@given(st.text(st.sampled_from("[]()<>\"' ahtps:/.\n"), max_size=200), st.integers(0, 200))
def test_looking_for_a_link_never_fails(text, at):
    link = link_at(text, min(at, len(text)))
    assert link is None or 0 <= link.start < link.end <= len(text)
