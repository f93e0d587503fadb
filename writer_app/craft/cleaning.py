"""What a model says around its answer, taken off: greetings, reasons, marks it was not asked for.

All of it looks at the answer as far as it has come, so that a stream can be shown cleaned at any moment; what is
recognised only later disappears from view then. Nothing is taken off that the passage itself has.
"""

import re

#: The tags that answers stand in; see :mod:`writer_app.craft.rewriting`.
TAGS = ("text", "answer", "list")

#: Reasoning models think aloud first.
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_TAG = re.compile(rf"</?(?:{'|'.join(TAGS)})>?", re.IGNORECASE)
_FENCE = re.compile(r"\A```\w*\n(?P<inside>.*?)(?:\n```\s*)?\Z", re.DOTALL)
#: A first line that speaks of the answer, with the colon behind it.
_PREAMBLE = re.compile(
    r"""\A\s*(?:
        (?:sure|certainly|of\ course|okay|absolutely|yes)\b[^\n:：]{0,80}[:：!.]\s*(?=\n|\S)
      | (?:here(?:'|’)?s|here\ is|here\ are|below\ is|this\ is)\b[^\n:：]{0,120}[:：]\s*
      | (?:the\ )?(?:re-?written|revised|corrected|edited|shortened|expanded|translated|improved|polished|
            simplified|formal|final|new)\ (?:text|version|passage|paragraph|sentence|translation)\b
            [^\n:：]{0,60}[:：]\s*
      | (?:text|translation|answer|output|result|rewrite)\s*[:：]\s*
      | (?:好的|当然|没问题|可以)[，。！,!][^\n：:]{0,60}(?:[：:]|\n)\s*
      | (?:以下|下面)(?:是|为)[^\n：:]{0,40}[：:]\s*
      | (?:改写|修改|润色|扩写|缩写|翻译|译文|改后|原文|答案|结果|简化)(?:后|之后)?(?:的)?(?:文字|文本|版本|内容|段落|结果)?[：:]\s*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: A paragraph at the end that speaks of what was done.
_AFTERWORD = re.compile(
    r"""\n\s*(?:
        (?:I\ (?:made|have|hope|changed|added|replaced|removed|rewrote|corrected|used)|I(?:'|’)ve\b
        |let\ me\ know|please\ let|feel\ free|note\ that|note:|changes?\ made|explanation|in\ this\ (?:version|rewrit)
        |the\ (?:revised|rewritten|above|corrected|edited)\ (?:text|version|passage|sentence)
        |the\ (?:sentence|text|passage|original)\ (?:was|is\ now|has\ been)\b
        |this\ (?:version|rewrite|revision|rewritten))
      | (?:希望|如果你|如果您|请告诉|说明[：:]|注[：:]|修改说明|以上|我(?:将|把|对|已|做|修改|改))
    )[^\n]*(?:\n.*)?\Z""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PAIRS = {"“": "”", '"': '"', "「": "」", "『": "』", "'": "'", "‘": "’", "**": "**"}
#: What says no, and no more.
_REFUSALS = re.compile(
    r"""\A\W*(?:
        I(?:'|’)?\s?a?m\ sorry | I\ apologi[sz]e | I\ can(?:not|(?:'|’)t)\ (?:help|assist|do|rewrite|provide|fulfil)
      | as\ an?\ (?:AI|language\ model) | I(?:'|’)m\ an?\ (?:AI|language) | I\ am\ an?\ (?:AI|language)
      | please\ provide | (?:抱歉|对不起)，?我 | 作为(?:一个|一名)?(?:AI|人工智能|语言模型) | 请提供
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def clean(answer: str, passage: str) -> str:
    """``answer`` without what is said around it, and without white space at its edges."""
    text = _THOUGHTS.sub("", answer, count=1)
    text = _TAG.sub("", text) if not _TAG.search(passage) else text
    if not passage.lstrip().startswith("```") and (fenced := _FENCE.match(text.strip())):
        text = fenced["inside"]
    if not _PREAMBLE.match(passage):
        text = _PREAMBLE.sub("", text, count=1)
    if not _AFTERWORD.search(passage):
        text = _AFTERWORD.sub("", text, count=1)
    return _unquoted(text.strip(), passage.strip())


def is_refusal(answer: str, passage: str) -> bool:
    """Whether the answer says that there is none."""
    return bool(_REFUSALS.match(answer)) and not _REFUSALS.match(passage)


def items(answer: str) -> list[str]:
    """The items of a list, without their marks and without repetitions."""
    lines = (re.sub(r"\A\s*(?:[-*•·]|\d+[.)、．])\s*", "", line) for line in answer.splitlines())
    return list(dict.fromkeys(item for line in lines if (item := line.strip(" *_“”\"'"))))


def _unquoted(text: str, passage: str) -> str:
    """Without quotation marks around all of it, where the passage has none around it."""
    for left, right in _PAIRS.items():
        if (
            len(text) > len(left + right)
            and text.startswith(left)
            and text.endswith(right)
            and not (passage.startswith(left) or passage.endswith(right))
            and left not in (inner := text[len(left) : -len(right)])
            and right not in inner
        ):
            return inner.strip()
    return text
