"""The language of the interface: catalogues, plural and number forms, sentences for errors.

English is the language of the message ids, so it needs no catalogue of its own; every other language is
``resources/i18n/<tag>/LC_MESSAGES/longhand.mo``. The language is chosen once, at the start of a process
(:func:`use`), as gettext is made for: switching it in the window restarts the window.
Everything here works without Qt, because the window and the command line share it.
"""

import gettext as _gettext
import locale
import os

from writer_app import assets
from writer_app.errors import N_, WriterError

APP_NAME = "Longhand"
DOMAIN = "longhand"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()


def preferred() -> str:
    """The supported language that fits this system best; ``"en"`` where none does."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((name for name in names if name), "") or (locale.getlocale()[0] or "")
    return normal(chosen)


def normal(tag: str) -> str:
    """Map a tag as people and systems write it (``zh``, ``zh-Hans``, ``zh_CN.UTF-8``) to one of ours."""
    return "zh_CN" if tag.replace("-", "_").lower().startswith(("zh", "chinese")) else "en"


def use(tag: str) -> str:
    """Choose the language for this process and return the tag in use."""
    global _catalogue  # noqa: PLW0603 - gettext's own model: one catalogue per process, set at start
    chosen = normal(tag)
    folder = assets.resources() / "i18n"
    _catalogue = _gettext.translation(DOMAIN, folder, [chosen], fallback=chosen == "en")
    # argparse speaks through gettext's own default domain; children inherit the choice.
    os.environ["LANGUAGE"] = chosen
    _gettext.bindtextdomain(DOMAIN, folder)
    _gettext.textdomain(DOMAIN)
    return chosen


def current() -> str:
    """The tag in use: ``"en"`` or ``"zh_CN"``."""
    return "zh_CN" if _catalogue.info().get("language", "").startswith("zh") else "en"


def _(message: str) -> str:
    """Translate a sentence or label."""
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Translate with the plural form for ``count``; the caller formats ``{count}``."""
    return _catalogue.ngettext(one, many, count)


def explain(error: WriterError) -> str:
    """The sentence for ``error``: what happened and what to do next."""
    params = {
        name: _(value) if isinstance(value, str) else value for name, value in error.params.items()
    }
    try:
        return _(error.sentence).format(**params)
    except (
        KeyError
    ):  # a child of another version may leave out a parameter; a rough sentence beats none
        return f"{_(error.sentence)} {params}"


def number(value: int) -> str:
    """A count with thousands separators, the same in both languages."""
    return f"{value:,}"


def seconds(value: float) -> str:
    """A rough waiting time in seconds, at least one."""
    count = max(1, round(value))
    return ngettext("{count} second", "{count} seconds", count).format(count=count)


def size(count: float) -> str:
    """So many bytes in decimal units, as disks are sold: ``1.2 GB``; the same in both languages."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1_000:
            return f"{count:.0f} {unit}"
        count /= 1_000
    return f"{count:,.1f} GB"


#: Names of languages a text can be in, for sentences such as "the model cannot write Chinese".
TEXT_LANGUAGES = {
    "en": N_("English"),
    "zh": N_("Chinese"),
    "fr": N_("French"),
    "de": N_("German"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
    "nl": N_("Dutch"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "ru": N_("Russian"),
    "ar": N_("Arabic"),
    "he": N_("Hebrew"),
    "el": N_("Greek"),
    "th": N_("Thai"),
    "hi": N_("Hindi"),
    "other": N_("this language"),
}
