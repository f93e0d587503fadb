"""What is said between quotation marks."""

import re

_PAIRS = {"“": "”", "「": "」", "『": "』", "«": "»"}
#: In each paragraph: what stands between a pair of marks, one level deep.
_QUOTED = re.compile(
    "|".join(rf"{left}([^{left}{right}\n]*){right}" for left, right in _PAIRS.items())
    + r'|"([^"\n]*)"'
)
_INNER = str.maketrans("‘’“”「」『』", "''''''''")


def quotations(text: str) -> list[str]:
    """What stands between double or corner quotation marks, in order, with marks inside it made plain."""
    found = (next(filter(None, each.groups()), "") for each in _QUOTED.finditer(text))
    return [" ".join(said.split()).translate(_INNER) for said in found if said]


def is_balanced(text: str) -> bool:
    """Whether every quotation that is opened is closed.

    A quotation that runs on over paragraphs opens anew in each and is closed once, so a paragraph that follows
    one without a closing mark may leave the count uneven by custom; only closing marks too many, or an open
    last paragraph, are mistakes.
    """
    paragraphs = [each for each in text.split("\n") if each.strip()]
    for left, right in _PAIRS.items():
        for number, paragraph in enumerate(paragraphs, 1):
            balance = paragraph.count(left) - paragraph.count(right)
            if balance < 0 or (balance > 0 and number == len(paragraphs)):
                return False
    return all(paragraph.count('"') % 2 == 0 for paragraph in paragraphs[-1:])
