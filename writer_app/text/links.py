"""Links in Markdown, and the true address behind one.

What is opened is exactly what is shown: an address in plain ASCII, the name of its site in punycode, everything
else that is not ASCII in percent signs. There nothing can hide, look like something else, or turn around.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote

from writer_app.errors import N_, LinkRefused
from writer_app.text.hidden import revealed

#: Characters of a line, on each side of a place, in which a link is looked for.
_REACH = 2_500
_INLINE = re.compile(
    r"\[[^\[\]\n]{0,500}\]\("
    r"(?:<(?P<angled>[^<>\n]{0,2000})>|(?P<plain>[^\s()<>]{1,2000}(?:\([^\s()]{0,500}\)[^\s()]{0,500}){0,4}))"
    r"(?:[ \t]{1,9}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?[ \t]{0,9}\)"
)
_AUTOLINK = re.compile(r"<(?P<angled>[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^<>\s]{1,2000})>")
_BARE = re.compile(
    r"(?<![A-Za-z0-9])(?P<plain>(?:https?://|mailto:)[^\s<>\"“”‘’「」『』（）【】《》，。、；：！？]{1,2000})"
)
_TRAILING = ".,;:!?'*_~"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_AUTHORITY = re.compile(r"//([^/?#\\]*)([/?#].*)?", re.DOTALL)
_PORT = re.compile(r"(.*?)(:\d{0,5})?", re.DOTALL)
_LABEL = r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?")
#: Some programs read a name that ends so as a number, each in its own way.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?")
#: They are others in the names of sites by the rules of 2003, which ``idna`` knows, than by those of today.
_AMBIGUOUS = re.compile("[ßẞς\u200c\u200d]")
#: Not only in its place: some mail programs look for it behind any mark, also where it is written in percent signs.
_ATTACHING = re.compile(r"attach\w{0,20}\s*=", re.IGNORECASE)
#: What stays as it is in the rest of an address.
_SAFE = "/?#[]@!$&'()*+,;=:%-._~"


class Link(NamedTuple):
    """A link as it stands in a text.

    Attributes:
        start: Of its span in the text, half-open.
        target: What it leads to, as written.
    """

    start: int
    end: int
    target: str


class Address(NamedTuple):
    """Where a link really leads.

    Attributes:
        url: Plain ASCII.
        site: Name of the site, or the domain of a mail address, as its reader knows it.
        code: The same in punycode, where that is another.
        user: What stands before an ``@``, which is no part of the site, however much it looks like one.
    """

    url: str
    site: str
    code: str = ""
    user: str = ""


def link_at(text: str, offset: int) -> Link | None:
    """The link that the place is in, or at the edge of; the first of those that overlap."""
    start = max(text.rfind("\n", 0, offset) + 1, offset - _REACH)
    end = text.find("\n", offset)
    end = min(len(text) if end < 0 else end, offset + _REACH)
    for pattern in (_INLINE, _AUTOLINK, _BARE):
        for found in pattern.finditer(text, start, end):
            groups = found.groupdict()
            target = groups.get("angled") or groups.get("plain") or ""
            stop = found.end()
            if pattern is _BARE:
                target = _bare(target)
                stop = found.start() + len(target)
            if found.start() <= offset <= stop and target:
                return Link(found.start(), stop, target)
    return None


def _bare(target: str) -> str:
    """Without the punctuation of the sentence that it stands in."""
    while target and (
        target[-1] in _TRAILING or (target[-1] in ")]" and target.count("(") < target.count(")"))
    ):
        target = target[:-1]
    return target


def is_local(target: str) -> bool:
    """Whether ``target`` names no scheme and no host: a file beside the document, if anything."""
    return not _SCHEME.match(target) and not target.startswith(("//", "\\\\"))


def address(target: str) -> Address:
    """The address that a web or mail link leads to.

    Raises:
        LinkRefused: It is neither, or cannot be read in one way only.
    """
    target = target.strip()
    scheme = _SCHEME.match(target)
    name = scheme[1].lower() if scheme else ""
    if scheme is None or name not in ("http", "https", "mailto"):
        raise _refused(target, N_("only web pages and mail addresses are opened from a text"))
    rest = target[scheme.end() :]
    if name == "mailto":
        return _mail(target, rest)
    parts = _AUTHORITY.fullmatch(rest)
    if parts is None:
        raise _refused(target, N_("it is not written as an address is"))
    user, _at, place = parts[1].rpartition("@")
    port = _PORT.fullmatch(place)
    assert port  # matches anything
    if port[2] and int(port[2][1:] or 0) > 0xFFFF:
        raise _refused(target, N_("it is not written as an address is"))
    code = _punycode(target, port[1])
    login = quote(user, safe="!$&'()*+,;=:%-._~", errors="replace") + "@" if user else ""
    url = f"{name}://{login}{code}{port[2] or ''}{_rest(parts[2] or '/')}"
    site = revealed(port[1])
    return Address(url, site, "" if site.lower() == code else code, revealed(user))


def _mail(target: str, rest: str) -> Address:
    if _ATTACHING.search(unquote(rest, errors="replace")):
        # Some mail programs would send the file along.
        raise _refused(target, N_("it would attach a file to a mail"))
    people = rest.partition("?")[0]
    return Address("mailto:" + _rest(rest), revealed(people.rpartition("@")[2]))


def _rest(text: str) -> str:
    return quote(text, safe=_SAFE, errors="replace")


def _punycode(target: str, site: str) -> str:
    """The name of the site as the network knows it."""
    code = site.lower()
    if _AMBIGUOUS.search(site):
        raise _refused(
            target, N_("the name of its site leads to different sites in different programs")
        )
    if not site.isascii() and len(site) <= 253:
        try:
            code = site.encode("idna").decode("ascii").lower()
        except UnicodeError as problem:
            raise _refused(target, N_("the name of its site is not valid")) from problem
    if not _is_name(code):
        raise _refused(target, N_("the name of its site is not valid"))
    return code


def _is_name(code: str) -> bool:
    """Whether this is the name of a site, or its number, which every program reads alike."""
    try:
        if code.startswith("["):
            return code.endswith("]") and "%" not in code and bool(IPv6Address(code[1:-1]))
        return bool(_NAME.fullmatch(code) and (not _NUMBER.fullmatch(code) or IPv4Address(code)))
    except AddressValueError:
        return False


def _refused(target: str, reason: str) -> LinkRefused:
    shown = revealed(target)
    return LinkRefused(target=shown if len(shown) <= 200 else shown[:200] + "…", reason=reason)
