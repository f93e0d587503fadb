"""What is said of a candidate: how much it changes, and what a check has found."""

from writer_app.craft.checks import Check, Verdict
from writer_app.errors import N_
from writer_app.language import _, ngettext, number
from writer_app.text.script import language_of
from writer_app.ui.session.review import Review

_FAILED = {
    Check.LENGTH: N_("Not the length asked for: {about}"),
    Check.LANGUAGE: N_("Not in the language asked for"),
    Check.NAMES: N_("Names are gone: {about}"),
    Check.NUMBERS: N_("Numbers are gone: {about}"),
    Check.QUOTATIONS: N_("Quotations are not word for word: {about}"),
    Check.BALANCED: N_("Quotation marks do not come in pairs"),
    Check.GLOSSARY: N_("Not as the glossary has it: {about}"),
    Check.PARAGRAPHS: N_("The number of paragraphs changes: {about}"),
}
#: More words than these are not listed.
_MOST = 4
#: Characters that tell the language.
_SAMPLE = 2_000


def failure(verdict: Verdict) -> str:
    """The sentence for a check that did not pass."""
    about = [each if len(each) <= 40 else each[:40] + "…" for each in verdict.about]
    more = "…" if len(about) > _MOST else ""
    return _(_FAILED[verdict.check]).format(about=", ".join(about[:_MOST]) + more)


def warnings(review: Review) -> list[str]:
    """A line for each check that failed, and for formatting that found no place."""
    lines = [failure(each) for each in review.candidate.failed]
    if review.candidate.lost:
        marks = "  ".join(review.candidate.lost[:_MOST])
        lines.append(_("Formatting without a place: {marks}").format(marks=marks))
    return lines


def facts(review: Review, at: int, among: int) -> str:
    """``3 changes · 58 → 27 words · 1 of 3``."""
    parts = []
    if review.revision.original:
        count = review.changes
        parts.append(
            ngettext("{count} change", "{count} changes", count).format(count=number(count))
            if count
            else _("no change")
        )
    if review.revision.original and review.sizes:
        before, after = review.sizes
        chinese = language_of(review.revision.original[:_SAMPLE]) == "zh"
        unit = _("{before} → {after} 字") if chinese else _("{before} → {after} words")
        parts.append(unit.format(before=number(before), after=number(after)))
    if among > 1:
        parts.append(_("{number} of {count}").format(number=at + 1, count=among))
    return " · ".join(parts)
