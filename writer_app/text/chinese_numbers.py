"""Numbers in Chinese prose: 汉字 or digits, and only where they count, order or date something."""

import re

from writer_app.text.spelling import digitwise, from_digitwise, from_hanzi, in_hanzi

_NUMERAL = "〇零一二三四五六七八九十百千万亿两萬億兩"
#: What is counted or measured. Not 分, 步, 面, 手 and the like, which make words with numbers (十分, 七步).
_MEASURES = (
    "个個只隻条條张張位名人天年月岁歲次回层層楼樓块塊元米公里斤两尺丈寸亩畝辆輛架艘匹头頭颗顆粒棵朵本册冊封幅"
    "件套双雙对對杯碗瓶盒箱袋间間座栋棟所家户戶口句首篇章节節页頁卷集季期届屆代世遍趟顿頓场場把支枝根片枚里"
)
_COUNTED = re.compile(
    rf"(?<![A-Za-z0-9_.,:/+\-–—~～至到、%#])(?<![A-Za-z] )([1-9]\d{{0,7}})(?=(?:[{_MEASURES}]|多[{_MEASURES}]|小时|小時|分钟|分鐘|公里|点钟|點鐘))"
)
_ORDINAL = re.compile(r"第([1-9]\d{0,4})(?![\d.,:\-])")
_PLACED = "章回节節页頁卷集季幕条條款讲講课課册冊"
_ORDINAL_SAID = re.compile(rf"第([{_NUMERAL}]{{1,9}})(?=(?:[{_PLACED}](?![{_NUMERAL}])))")
#: A year, month and day, or two of them that follow each other.
_DATE = re.compile(
    r"(?<![\d.,:/\-])(?:(?P<y>[12]\d{3})年(?:(?P<m>1[0-2]|0?[1-9])月(?:(?P<d>[12]\d|3[01]|0?[1-9])(?P<n>[日号號]))?)?"
    r"|(?P<m2>1[0-2]|0?[1-9])月(?P<d2>[12]\d|3[01]|0?[1-9])(?P<n2>[日号號]))(?:(?<=[日号號])(?!代)|(?![代\d]))"
)
_DIGIT = "〇零一二三四五六七八九"
_MONTH_SAID = "十[一二]?|[一二三四五六七八九]"
_DAY_SAID = "三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_DATE_SAID = re.compile(
    rf"(?<![{_NUMERAL}])(?:(?P<y>[一二][{_DIGIT}]{{3}})年(?:(?P<m>{_MONTH_SAID})月(?:(?P<d>{_DAY_SAID})(?P<n>[日号號]))?)?"
    rf"|(?P<m2>{_MONTH_SAID})月(?P<d2>{_DAY_SAID})(?P<n2>[日号號]))(?!代)"
)
#: At least two characters, so that 一个 and 十分 stay; behind none that makes it a rough number or a word.
_COUNTED_SAID = re.compile(
    rf"(?<![{_NUMERAL}几幾数數第好成上近每逢初])([一二三四五六七八九十两兩][{_NUMERAL}]{{1,15}})"
    rf"(?=[{_MEASURES}]|小时|小時|分钟|分鐘)"
)
#: With a number before them, these begin words of their own.
_IDIOMS = re.compile(
    "三十六计|三十六計|七十二变|七十二變|八十一难|八十一難|十八般|十八层地狱|十八層地獄|二十四节气|二十四節氣|三百六十行"
    "|二十四孝|一百零八将|一百零八將|十三点|十二生肖|十万八千里|十萬八千里|五十步|九十九朵"
)
_ROUND = re.compile(r"(?<![A-Za-z0-9_.,:/\-])([1-9]\d{4,14})(?=[\u4e00-\u9fff])")
#: Two of a kind are 两个, but the second floor and the second of the month are 二.
_AS_TWO = frozenset("楼樓月")


def in_characters(line: str, *, traditional: bool = False) -> str:
    """Dates, ordinals and counts in 汉字."""
    line = _DATE.sub(_date_in_characters, line)
    line = _ORDINAL.sub(lambda found: "第" + in_hanzi(int(found[1]), traditional=traditional), line)
    return _COUNTED.sub(lambda found: _count(found, traditional), line)


def _count(found: re.Match[str], traditional: bool) -> str:
    digits, following = found[1], found.string[found.end() : found.end() + 1]
    # What looks like a date and is none is left alone as a whole.
    is_part_of_date = following == "月" and found.string[: found.start()].endswith("年")
    if is_part_of_date or (following == "年" and len(digits) == 4):
        return digits
    if digits == "2" and following not in _AS_TWO:
        return "兩" if traditional else "两"
    return in_hanzi(int(digits), traditional=traditional)


def _date_in_characters(found: re.Match[str]) -> str:
    said = digitwise(found["y"]) + "年" if found["y"] else ""
    month, day = found["m"] or found["m2"], found["d"] or found["d2"]
    said += in_hanzi(int(month)) + "月" if month else ""
    return said + (in_hanzi(int(day)) + (found["n"] or found["n2"]) if day else "")


def in_digits(line: str) -> str:
    """Dates, numbered chapters and the like, and counts of at least two characters, in digits."""
    line = _DATE_SAID.sub(_date_in_digits, line)
    line = _ORDINAL_SAID.sub(lambda found: _value(found, found[1], "第"), line)
    idioms = [found.span() for found in _IDIOMS.finditer(line)]
    return _COUNTED_SAID.sub(
        lambda found: (
            found[0]
            if any(start < found.end() and found.start() < end for start, end in idioms)
            else _value(found, found[1])
        ),
        line,
    )


def _date_in_digits(found: re.Match[str]) -> str:
    said = from_digitwise(found["y"]) + "年" if found["y"] else ""
    month, day = found["m"] or found["m2"], found["d"] or found["d2"]
    said += f"{from_hanzi(month)}月" if month else ""
    return said + (f"{from_hanzi(day)}{found['n'] or found['n2']}" if day else "")


def _value(found: re.Match[str], said: str, before: str = "") -> str:
    value = from_hanzi(said)
    if value is None:
        return found[0]
    for name in "亿億万萬":
        if said.endswith(name):
            head = from_hanzi(said[:-1])
            return f"{before}{head}{name}" if head else found[0]
    return f"{before}{value}"


def rounded(line: str, *, traditional: bool = False) -> str:
    """Numbers of whole ten thousands and hundred millions with 万 and 亿: 30000人 becomes 3万人."""
    names = ("億", "萬") if traditional else ("亿", "万")

    def shorter(found: re.Match[str]) -> str:
        value = int(found[1])
        for unit, name in zip((10**8, 10**4), names, strict=True):
            if value % (unit // 10) == 0 and value >= unit:
                return f"{value / unit:g}{name}"
        return found[0]

    return _ROUND.sub(shorter, line)
