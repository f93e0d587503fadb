"""What Chinese words say of a time: 建安五年, 三月初二, 第三天夜里, 次日清晨, 十年前."""

import re
from typing import Any

from writer_app.text.chronology import DAY
from writer_app.text.spelling import from_digitwise, from_hanzi

_DIGITS = "〇零一二三四五六七八九"
_NUMBER = rf"(?:\d{{1,4}}|[{_DIGITS}两十百千]{{1,9}})"
#: The first year of each era as it is usually counted; of those that come twice, the better known one.
ERAS = {
    name: int(year)
    for name, year in re.findall(
        r"(\w+)=(-?\d+)",
        "建元=-139 元光=-133 元朔=-127 元狩=-121 元鼎=-115 元封=-109 天汉=-99 征和=-91 永平=58 建宁=168 熹平=172 光和=178 "
        "中平=184 初平=190 兴平=194 建安=196 黄初=220 章武=221 建兴=223 青龙=233 景初=237 正始=240 嘉平=249 泰始=265 "
        "太康=280 永嘉=307 太元=376 开皇=581 仁寿=601 大业=605 武德=618 贞观=627 永徽=650 显庆=656 开元=713 天宝=742 "
        "至德=756 大历=766 贞元=785 元和=806 长庆=821 会昌=841 大中=847 咸通=860 乾符=874 建隆=960 太平兴国=976 咸平=998 "
        "景德=1004 大中祥符=1008 天圣=1023 庆历=1041 嘉祐=1056 治平=1064 熙宁=1068 元丰=1078 元祐=1086 绍圣=1094 "
        "崇宁=1102 政和=1111 宣和=1119 靖康=1126 建炎=1127 绍兴=1131 隆兴=1163 淳熙=1174 嘉定=1208 至元=1264 咸淳=1265 "
        "大德=1297 至正=1341 洪武=1368 建文=1399 永乐=1403 洪熙=1425 宣德=1426 正统=1436 景泰=1450 天顺=1457 成化=1465 "
        "弘治=1488 正德=1506 嘉靖=1522 隆庆=1567 万历=1573 泰昌=1620 天启=1621 崇祯=1628 顺治=1644 康熙=1662 雍正=1723 "
        "乾隆=1736 嘉庆=1796 道光=1821 咸丰=1851 同治=1862 光绪=1875 宣统=1909 民国=1912 明治=1868 大正=1912 昭和=1926 "
        "平成=1989 令和=2019",
    )
}
#: Before a year these say nothing.
_NO_ERA = ("公元", "西元", "大约", "约", "差不多", "那是", "正是")
_UNITS = {"分钟": 1.0, "刻钟": 15.0, "小时": 60.0, "钟头": 60.0, "时辰": 120.0, "天": DAY} | {
    "日": DAY,
    "夜": DAY,
    "周": 7.0 * DAY,
    "星期": 7.0 * DAY,
    "礼拜": 7.0 * DAY,
    "个月": 30.4375 * DAY,
    "年": 365.25 * DAY,
    "载": 365.25 * DAY,
}
_AMOUNTS = {"半": 0.5, "几": 3.0, "数": 3.0, "多": 10.0, "好几": 5.0, "许多": 10.0, "若干": 5.0}
_STEP = re.compile(
    rf"(?P<n>{'|'.join(sorted(_AMOUNTS, key=len, reverse=True))}|{_NUMBER})多?(?P<i>个半?)?"
    rf"(?P<u>{'|'.join(_UNITS)}|(?<=个)月|(?<=个半)月)(?P<h>半)?(?:之|以)?(?P<w>后|前)"
)
_STEPS = (
    (re.compile("次日|翌日|隔天|隔日|转天|明[日天早晚]"), DAY),
    (re.compile("前一[天日夜晚]|昨[天日夜晚]|头天"), -DAY),
    (re.compile("次年|翌年|来年|明年|第二年"), 366 * DAY),
    (re.compile("去年|前一年|上一年"), -365 * DAY),
    (re.compile("次月|下个?月"), 30 * DAY),
    (re.compile("上个?月"), -30 * DAY),
    (re.compile("下个?(?:星期|礼拜)(?![一二三四五六日天])|下周(?![一二三四五六日])"), 7 * DAY),
    (re.compile("[同当是该]年|[同当是该][天日]|(?=[同当是][晚夜])"), 0),
)
_NOW = re.compile("同时|同一时[刻间]|[这此]时|随后|稍后|不久|片刻|紧接着")
_MONTH = re.compile(
    "闰?(?P<m>1[0-2]|0?[1-9]|正|十[一二]?|冬|腊|[一二三四五六七八九])月"
    "(?:(?P<r>上旬|中旬|下旬|初(?![一二三四五六七八九十])|中(?!旬|午)|底|末)"
    "|(?P<d>初[一二三四五六七八九十]|三十一?|[廿卅][一二三四五六七八九]?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
    "|3[01]|[12]\\d|0?[1-9])[日号]?(?![点时更]))?"
)
_ROUGH = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20)} | {
    "下旬": (21, 30),
    "底": (25, 31),
    "末": (25, 31),
}
_DAY_ALONE = re.compile(
    "(?P<d>初[一二三四五六七八九十]|(?:三十一?|[廿卅][一二三四五六七八九]?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
    "|3[01]|[12]\\d|0?[1-9])(?=[日号]))"
)
_SEASON = re.compile("(?<![立中])(?P<s>[春夏秋冬])(?![节分至])")
_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}
_BEFORE_CHRIST = re.compile(rf"公元前(?P<n>{_NUMBER})年")
_ERA = re.compile(rf"(?P<e>{'|'.join(sorted(ERAS, key=len, reverse=True))})(?P<n>元|{_NUMBER})年")
_OWN_ERA = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<e>(?:(?![{_DIGITS}年月第])[\u4e00-\u9fff]){{2,6}}?)(?P<n>元|{_NUMBER})年(?!前|后)"
)
_YEAR = re.compile(rf"(?P<n>{_NUMBER})年(?!前|后)")
_COUNT = re.compile(rf"第(?P<n>{_NUMBER})(?:个)?(?:天|日|(?=[夜晚早]))")
_WEEKDAY = re.compile("(?:星期|礼拜|周)(?P<w>[一二三四五六日天])")
#: Hours; those beyond 24 belong to the next day.
_HOURS = tuple(
    (re.compile(pattern), span)
    for pattern, span in (
        ("凌晨", (0, 5)),
        ("三更|半夜|午夜|子夜|子时", (23, 26)),
        ("丑时|四更", (25, 27)),
        ("寅时|五更", (3, 5)),
        ("清晨|黎明|拂晓|破晓|天[亮明]|日出|卯时", (5, 7)),
        ("上午|巳时", (8, 12)),
        ("中午|正午|晌午|午时", (11, 14)),
        ("下午|午后|未时|申时", (13, 18)),
        ("傍晚|黄昏|日落|酉时", (17, 20)),
        ("早|辰时|(?<!今)晨", (5, 10)),
        ("深夜|夜[里间半晚深]|二更|亥时", (20, 30)),
        ("晚|入夜|戌时|初更", (18, 26)),
        ("夜", (20, 30)),
    )
)
_CLOCK = re.compile(rf"(?P<h>{_NUMBER})点钟?(?:(?P<half>半)|(?P<q>[一三])刻|(?P<m>{_NUMBER})分?)?")
_TRADITIONAL = str.maketrans(
    "後個鐘點時號兩週禮閏臘歲載幾數間裡裏", "后个钟点时号两周礼闰腊岁载几数间里里"
)


def read(words: str) -> tuple[dict[str, Any], str]:
    """The fields of a :class:`~writer_app.text.chronology.Time`, and the words that said nothing."""
    words = words.translate(_TRADITIONAL)
    found: dict[str, Any] = {}
    for reader in (_before_christ, _steps, _years, _counts, _months, _hours):
        said, words = reader(words)
        found = said | found
    return found, words


def _take(pattern: re.Pattern[str], words: str) -> tuple[re.Match[str] | None, str]:
    """The first place of a pattern, and the words without it."""
    found = pattern.search(words)
    return found, words[: found.start()] + "|" + words[found.end() :] if found else words


def _before_christ(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_BEFORE_CHRIST, words)
    return ({"year": 1 - _value(found["n"])} if found else {}), rest


def _steps(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_STEP, words)
    amount = 0.0
    if found:
        amount = _AMOUNTS.get(found["n"]) or _value(found["n"])
    # 1812年前 is no step of so many years.
    if found and amount < 1_000:
        unit = _UNITS.get(found["u"]) or _UNITS["个月"]
        amount += 0.5 if found["h"] or (found["i"] or "").endswith("半") else 0
        way = 1 if found["w"] == "后" else -1
        return {"step": round(way * amount * unit), "is_fine": unit < DAY}, rest
    for pattern, step in _STEPS:
        found, rest = _take(pattern, words)
        if found:
            # 明早 names a part of the day besides.
            return {"step": step}, rest + (found[0][-1:] if found[0][-1:] in "早晚夜" else "")
    found, rest = _take(_NOW, words)
    return ({"step": 0, "is_fine": True} if found else {}), rest


def _years(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_ERA, words)
    if found:
        return {"year": ERAS[found["e"]] + _value(found["n"]) - 1}, rest
    found, rest = _take(_OWN_ERA, words)
    if found and found["e"] not in _NO_ERA:
        return {"year": _value(found["n"]), "calendar": found["e"]}, rest
    found, rest = _take(_YEAR, words)
    return ({"year": _value(found["n"])} if found else {}), rest


def _counts(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_COUNT, words)
    if found:
        return {"nth": _value(found["n"])}, rest
    found, rest = _take(_WEEKDAY, words)
    return (
        {"weekday": "一二三四五六日".index(found["w"].replace("天", "日"))} if found else {}
    ), rest


def _months(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_MONTH, words)
    if found:
        month = {"正": 1, "冬": 11, "腊": 12}.get(found["m"]) or _value(found["m"])
        made: dict[str, Any] = {"months": (month, month)}
        if found["d"]:
            made["days"] = (_day(found["d"]),) * 2
        elif found["r"]:
            made["days"] = _ROUGH[found["r"]]
        return made, rest
    found, rest = _take(_SEASON, words)
    if found:
        return {"months": _SEASONS[found["s"]]}, rest
    found, rest = _take(_DAY_ALONE, words)
    return ({"days": (_day(found["d"]),) * 2} if found else {}), rest


def _hours(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_CLOCK, words)
    part = next((span for pattern, span in _HOURS if pattern.search(rest)), None)
    if found is None or _value(found["h"]) > 24:
        return ({"clock": (part[0] * 60, part[1] * 60)} if part else {}), rest
    hour = _value(found["h"])
    if hour < 12 and part is not None and part[0] >= 12:
        hour += 12
    minute = 30 if found["half"] else 15 * _value(found["q"] or "0")
    minute += _value(found["m"] or "0")
    return {"clock": (hour * 60 + minute, hour * 60 + minute + 1)}, rest


def _day(said: str) -> int:
    said = said.removeprefix("初")
    if said[0] in "廿卅":
        return {"廿": 20, "卅": 30}[said[0]] + _value(said[1:] or "0")
    return _value(said)


def _value(said: str) -> int:
    """The value of a number in figures or 汉字; 元 is the first, and what is no number is 0."""
    if said == "元":
        return 1
    if said.isascii():
        return int(said)
    if all(each in _DIGITS for each in said):
        return int(from_digitwise(said))
    return from_hanzi(said) or 0
