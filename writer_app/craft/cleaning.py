"""What a model says around its answer, taken off: greetings, reasons, marks it was not asked for.

All of it looks at the answer as far as it has come, so that a stream can be shown cleaned at any moment; what is
recognised only later disappears from view then. Nothing is taken off that the passage itself has.
"""

import re

from writer_app.text.difference import common_prefix

#: The tags that answers stand in; see :mod:`writer_app.craft.rewriting`.
TAGS = ("text", "answer", "list")

#: Reasoning models think aloud first; a template may have opened the thought for them.
_THOUGHTS = re.compile(
    r"\A(?:\s*<think(?:ing)?>)?.*?</think(?:ing)?>|\A\s*<think(?:ing)?>.*\Z", re.DOTALL
)
_TAG = re.compile(rf"</?(?:{'|'.join(TAGS)})>?", re.IGNORECASE)
_FENCE = re.compile(r"\A(?:```\w*\n\s*)+(?P<inside>.*?)(?:\n```.*)?\Z", re.DOTALL)

_MADE = (
    "re-?written|revised|corrected|edited|polished|shortened|expanded|simplified|improved|"
    "re-?phrased|translated"
)
_THING = "text|version|passage|paragraphs?|sentences?|translation|summary|dialogue|narration"
_ZH_MADE = "改写|修改|润色|扩写|缩写|翻译|简化|改正|重写|概括|译文"
#: First words that speak of the answer. Each names it, for “Sure, I can come.” and “This is what he said:” may be
#: the answer itself.
_PREAMBLE = re.compile(
    rf"""\A(?:\s*(?:
        (?:(?:sure|certainly|of\ course|okay|ok|absolutely|yes)(?:\ thing)?[,.!]?\s+)?
        (?:
            (?:here(?:'|’)?s|here\ (?:is|are)|below\ is|this\ is|the\ following\ is)\b
            [^\n:：]{{0,60}}\b(?:(?:{_MADE}|version|translation|summary)\b[^\n:：]{{0,80}}[:：]
            |(?:text|passage|paragraphs?|sentences?|answer|list|titles?|names?)\b[^\n:：]{{0,80}}[:：]\s*\n)
          | I(?:(?:'|’)(?:ll|ve|d)|\ (?:will|can|have|would))\ [^\n:：]{{0,60}}
            \b(?:re-?writ\w+|revis\w+|edit|help|correct\w*|translat\w+|shorten\w*)\b[^\n:：]{{0,60}}[:：]\s*\n
          | (?:the\ )?(?:{_MADE})\ (?:{_THING})\b[^\n:：]{{0,30}}[:：]
          | (?:the\ )?(?:formal|final|new)\ (?:{_THING})[:：]
          | (?:text|translation|answer|output|result|rewrite|summary)\s*[:：]
        )
      | (?:sure|certainly|of\ course|absolutely)(?:\ thing)?[!.]?[ \t]*\n\s*\n
      | (?:(?:好的|当然(?:可以)?|没问题|可以)[，。！,!]\s*)?
        (?:
            (?:以下|下面|这里?)(?:是|为)[^\n：:]{{0,30}}(?:{_ZH_MADE}|版本|文字|文本|结果|答案|列表)[^\n：:]{{0,20}}[：:]
          | 我(?:来|会|将|已)[^\n：:]{{0,20}}(?:{_ZH_MADE})[^\n：:]{{0,20}}[：:]
          | (?:{_ZH_MADE}|改后|原文|答案|结果)(?:后|之后|如下)?(?:的)?(?:文字|文本|版本|内容|段落|结果)?(?:如下)?[：:]
        )
      | (?:好的|当然可以|没问题)[。！!][ \t]*\n
    )\s*)+""",
    re.IGNORECASE | re.VERBOSE,
)
#: A paragraph behind the answer that speaks of what was done to the text; whatever follows it does too. “I” alone
#: tells nothing, and neither does 我: so may a story go on.
_AFTERWORD = re.compile(
    rf"""(?<=\n)(?:[-*_]{{3,}}[ \t]*\n+)?[ \t]*[(（*]*(?:
        (?:note|changes(?:\ made)?|corrections(?:\ made)?|explanation)\b\**[:：]
      | I(?:(?:'|’)ve|\ have)?\ (?:made|changed|added|replaced|removed|rewrote|rewritten|corrected|used|kept|tried|improved)\b
        [^\n]{{0,120}}\b(?:text|passage|sentences?|paragraphs?|wording|grammar|punctuation|tone|version|original|clarity|phrases?|changes)\b
      | I\ hope\ (?:this|that)\b[^\n]{{0,60}}\b(?:helps|version|rewrit\w+|meets)\b
      | (?:please\ )?let\ me\ know\ if\b[^\n]{{0,80}}\b(?:changes?|versions?|adjust\w*|revis\w+|further|text|tone)\b
      | feel\ free\ to\ (?:ask|adjust|edit|modify|change)\b
      | in\ this\ (?:version|rewrit\w*|revision)\b
      | this\ (?:version|rewrite|revision|rewritten)\b
      | the\ (?:{_MADE})\ (?:{_THING})\b
      | the\ (?:sentence|text|passage|original)\ (?:was|is\ now|has\ been)\ (?:{_MADE}|changed)\b
      | (?:说明|注|备注|修改说明|改动|改动说明)[：:]
      | 希望[^\n]{{0,30}}(?:帮助|满意|符合|要求)
      | 如果[你您][^\n]{{0,30}}(?:修改|调整|版本|改写)
      | 请告诉我[^\n]{{0,30}}(?:修改|调整|版本|改写)
      | 以上(?:是|为|内容|文字|版本)[^\n]{{0,30}}(?:{_ZH_MADE}|版本)
      | 我(?:将|把|对|已|做了|修改了|改了)[^\n]{{0,40}}(?:原文|错别字|语病|措辞|标点|语序|改写|润色)
    ).*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PAIRS = {"“": "”", '"': '"', "「": "」", "『": "』", "'": "'", "‘": "’", "**": "**"}
#: What says no, and no more. People in stories are sorry too; machines cannot assist with a request.
_REFUSALS = re.compile(
    r"""\A\s*+(?:
        (?:(?:I(?:'|’)m|I\ am)(?:\ (?:very|so|really))?\ sorry|I\ apologi[sz]e|sorry|unfortunately)?[,.:]?\s*+(?:but\ )?
        (?:I(?:'|’)m|I\ am|I)\ (?:cannot|can\ ?not|can(?:'|’)t|won(?:'|’)t|unable\ to|not\ able\ to)\ (?:
            assist\b | comply\b | fulfil | re-?write\b | translate\b | generate\b | process\ (?:this|your)
          | help\ (?:you\ )?with\ (?:this|that|your) | (?:provide|complete)\ (?:a|an|the|this|that|your|any)\b)
      | (?:I(?:'|’)m|I\ am|as)\ an?\ (?:AI|(?:large\ )?language\ model)\b
      | please\ provide\ (?:me\ with\ )?(?:the|a|some|more|your)\ (?:\w+\ )?(?:text|passage|sentence|paragraph|context|details)
      | (?:很?抱歉|对不起)[，,]?\s*我(?:无法|不能|没办法)(?:协助|帮助?您|提供|完成|改写|翻译|生成|满足|回答|处理)
      | (?:很?抱歉[，,]?)?(?:作为|我是)(?:一个|一名|一款)?(?:AI|人工智能|大?型?语言模型)
      | 请(?:您|你)?提供(?:需要|要|您|你|原文|文字|具体|更多)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BULLET = re.compile(r"\A\s*(?:[-•·]|\*(?!\*)|\d+(?:[)、．]|\.(?!\d)))\s*")
#: As much of an instruction as nobody would write by chance.
_BEGINNING = re.compile(r"[^:.：。]{6,}[:.：。]")
_MARKS = "".join(mark for pair in _PAIRS.items() for mark in pair if mark != "**")
#: What was said around an answer may itself have something around it, but not endlessly.
_LAYERS = 8


def clean(answer: str, passage: str, order: str = "", *, spoken: bool = False) -> str:
    """``answer`` without what is said around it, and without white space at its edges.

    Args:
        answer: What the model has written so far.
        passage: What it was written for.
        order: The instruction; a model that repeats it has not begun to follow it.
        spoken: Quotation marks around all of it may be meant.
    """
    text = answer.strip()
    for _layer in range(_LAYERS):
        if not text or text == passage.strip():
            break
        inside = _without_layer(text, passage, order)
        if not spoken:
            inside = _unquoted(inside, passage.strip())
        if inside == text:
            break
        text = inside
    return text


def _without_layer(text: str, passage: str, order: str) -> str:
    if not _THOUGHTS.match(passage):
        text = _THOUGHTS.sub("", text, count=1)
    if not _TAG.search(passage):
        text = _TAG.sub("", text)
    text = text.strip()
    begun = _BEGINNING.match(order)
    if begun and text.startswith(begun[0]) and not passage.startswith(begun[0]):
        text = text[common_prefix(text, order) :].lstrip(" :：\n")
    if not _PREAMBLE.match(passage):
        text = _PREAMBLE.sub("", text, count=1)
    if not _AFTERWORD.search(passage):
        text = _AFTERWORD.sub("", text, count=1).strip()
    if not passage.lstrip().startswith("```") and (fenced := _FENCE.match(text)):
        text = fenced["inside"]
    return text.strip()


def is_refusal(answer: str, passage: str) -> bool:
    """Whether the answer says that there is none."""
    return bool(_REFUSALS.match(answer)) and not _REFUSALS.match(passage)


def items(answer: str) -> list[str]:
    """The items of a list, without their marks and without repetitions."""
    bare = (_BULLET.sub("", line).strip() for line in answer.splitlines())
    return list(dict.fromkeys(item for line in bare if (item := _unquoted(line, "").strip("*_ "))))


def _unquoted(text: str, passage: str) -> str:
    """Without quotation marks around all of it, where the passage has none at its edges."""
    if passage and (passage[0] in _MARKS or passage[-1] in _MARKS):
        return text
    for left, right in _PAIRS.items():
        inner = text[len(left) : -len(right)]
        if (
            text.startswith(left)
            and text.endswith(right)
            and len(text) > len(left + right)
            and left not in inner
            and right not in inner
            and not (left == "**" and passage.startswith(left))
        ):
            return inner.strip()
    return text
