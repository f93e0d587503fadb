"""Sentences in which one sign stands for each known name, so that one pattern serves all of them."""

from typing import NamedTuple

#: Signs for people: private characters, which no text means anything by.
PERSON, PERSONS = "\ue000", "\ue07f"
#: Signs for everything else.
THING, THINGS = "\ue080", "\ue0ff"
WHO = f"[{PERSON}-{PERSONS}]"
WHAT = f"[{THING}-{THINGS}]"


class Found(NamedTuple):
    """What a pattern found in such a sentence.

    Attributes:
        what: One of :class:`writer_app.text.claims.What`.
        who: The sign of whom it is about.
        attribute, value: As of a claim.
        other: The sign of the other one; may be empty.
    """

    what: str
    who: str
    attribute: str = ""
    value: str = ""
    other: str = ""
