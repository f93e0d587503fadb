"""What can be compared about people and things, in English and Chinese: names of attributes, and values that exclude each other.

A value is compared by what it allows (hazel eyes may pass for brown ones); two values clash where they share nothing.
"""

import re

from writer_app.text.quantities import quantities

#: Words for an attribute, as a bible or a text has them, by the name that we use.
_NAMES = {
    "eyes": "eyes eye eye-colour eye-color eye_colour eye_color 眼睛 眼眸 双眼 眼珠 眸子 瞳孔 瞳色 眼瞳 双眸 眼 眼睛颜色 眼色",
    "hair": "hair hair-colour hair-color hair_colour hair_color locks curls 头发 长发 短发 发丝 发色 秀发 卷发 头发颜色",
    "beard": "beard moustache mustache whiskers facial-hair 胡子 胡须 胡 髯",
    "mole": "mole moles 痣 黑痣 美人痣",
    "birthmark": "birthmark 胎记",
    "tattoo": "tattoo tattoos 纹身 刺青",
    "height": "height stature build tall 身高 个子 身材 个头",
    "age": "age aged 年龄 岁数 年纪",
    "born": "born birth birthday birth-year birth_year birthdate date-of-birth year-of-birth birth_date 出生 生日 生于 出生年 出生年份 出生日期 生年",
    "alive": "alive living status state life 生死 存活 状态 在世 死活 活着",
    "dead": "dead death died deceased killed 死亡 去世 已死 死 死于 亡故 身亡 卒 卒于",
    "place": "place location where whereabouts position 位置 地点 所在 下落 在 所在地 存放 放在 存放处",
    "hand": "hand handed handedness dominant-hand 惯用手 左右手 用手",
    "scar": "scar scars 疤 伤疤 疤痕 刀疤 伤痕",
    "lost": "limb limbs missing lost amputated disability arm leg finger 残疾 断肢 肢体 缺失 断臂 断腿",
    "limp": "limp lame 跛 瘸 跛足",
    "sex": "sex gender 性别",
    "fate": "fate condition destroyed broken 下场 状况 结局 损坏",
}
_ATTRIBUTE = {word: name for name, words in _NAMES.items() for word in words.split()}

_COLOURS = {
    "blue": "blue azure sapphire cobalt 蓝 湛蓝 蔚蓝 宝蓝 碧蓝 天蓝 冰蓝 海蓝 靛蓝",
    "green": "green emerald jade 绿 翠绿 碧绿 墨绿 翠",
    "grey": "grey gray 灰",
    "brown": "brown chestnut 棕 褐 栗 咖啡",
    "black": "black jet-black raven ebony 黑 乌黑 漆黑 乌",
    "violet": "violet purple 紫",
    "red": "red crimson scarlet ginger copper carroty 红 赤 火红",
    "white": "white 白 雪白",
    "silver": "silver silvery 银",
    "yellow": "yellow 黄",
    "gold": "golden gold 金",
    "blond": "blond blonde fair-haired flaxen straw-coloured straw-colored 亚麻 金黄",
    "hazel": "hazel",
    "amber": "amber 琥珀",
    "auburn": "auburn",
    "pink": "pink 粉 粉红",
    "orange": "orange 橙",
}
_COLOUR = {word: colour for colour, words in _COLOURS.items() for word in words.split()}
#: What a colour may pass for, where the attribute lets it.
_ALIKE = {
    "eyes": {
        "hazel": "hazel brown green amber",
        "amber": "amber brown gold hazel yellow",
        "black": "black brown",
        "brown": "brown black hazel amber",
        "gold": "gold amber yellow",
        "silver": "silver grey",
        "grey": "grey silver",
    },
    "hair": {
        "gold": "blond",
        "yellow": "blond",
        "blond": "blond",
        "fair": "blond",
        "sandy": "blond brown red",
        "auburn": "red brown",
        "brown": "brown",
        "chestnut": "brown red",
        "dark": "black brown",
        "brunette": "black brown",
        "silver": "grey",
        "white": "grey",
        "grey": "grey",
        "orange": "red",
    },
}
_HAIR_ONLY = {"fair": "fair", "sandy": "sandy", "dark": "dark", "brunette": "brunette"}
#: Eyes are red from weeping, and white or pink never by nature.
_NEVER = {"eyes": frozenset(("red", "white", "pink", "orange"))}

EN_COLOUR = "|".join(
    sorted((word for word in (*_COLOUR, *_HAIR_ONLY) if word.isascii()), key=len, reverse=True)
)
ZH_COLOUR = "|".join(
    sorted((word for word in _COLOUR if not word.isascii()), key=len, reverse=True)
)
_COLOUR_WORD = re.compile(rf"\b({EN_COLOUR})\b|({ZH_COLOUR})", re.IGNORECASE)

_MATERIAL = {
    word: name
    for name, words in {
        "wood": "wood wooden oak oaken pine 木 木头 木制",
        "stone": "stone marble granite 石 石头 石制",
        "brick": "brick 砖",
        "iron": "iron steel 铁 钢",
        "brass": "brass bronze copper 铜 青铜 黄铜",
        "gold": "gold golden 金 黄金",
        "silver": "silver 银 白银",
        "glass": "glass crystal 玻璃 水晶",
        "leather": "leather 皮 皮革",
        "jade": "jade 玉 玉石",
    }.items()
    for word in words.split()
}

_SIDE = re.compile(
    r"\b(?P<side>left|right)(?:[- ]hand(?: side)?)? (?P<part>\w+)|(?P<zside>[左右])(?:边的?|侧的?)?(?P<zpart>[\u4e00-\u9fff])"
)
_PARTS = {
    "cheek": "face", "face": "face", "脸": "face", "颊": "face", "eye": "eye", "眼": "eye", "eyebrow": "brow",
    "brow": "brow", "眉": "brow", "hand": "hand", "手": "hand", "wrist": "wrist", "arm": "arm", "forearm": "arm",
    "臂": "arm", "胳": "arm", "shoulder": "shoulder", "肩": "shoulder", "leg": "leg", "腿": "leg", "foot": "foot",
    "脚": "foot", "knee": "knee", "膝": "knee", "ear": "ear", "耳": "ear", "temple": "temple", "额": "temple",
    "palm": "palm", "掌": "palm", "thigh": "leg", "ankle": "foot",
}  # fmt: skip
_METRES = re.compile(
    r"(?P<m>[12])\.(?P<cm>\d{1,2}) ?(?:m\b|metres?|meters?|米)|(?P<zm>[12一二两])米(?P<zcm>[\d〇零一二三四五六七八九]{1,2})"
    r"|(?P<whole>1\d\d|2[0-2]\d) ?(?:cm|公分|厘米|centimet)"
    r"|(?P<ft>[4-7]|four|five|six|seven)[- ]?(?:foot|feet|ft|[’'])[- ]?(?P<in>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven)?"
)
_DIGIT = {d: i for i, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WORD = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
        ]
    )
}
_TALL = re.compile(r"\b(?:tall|towering|lanky)\b|高大|高挑|魁梧|很高|个子高|^高$|高个")
_SHORT = re.compile(r"\b(?:short|tiny|diminutive|petite)\b|矮小|很矮|矮个|个子矮|^矮$|小个子")


def attribute(word: str) -> str:
    """Our name of an attribute; the word itself in lower case where it is none that we know."""
    plain = word.strip().lower()
    return _ATTRIBUTE.get(plain) or _ATTRIBUTE.get(re.sub(r"[ _]+", "-", plain)) or plain


def trait_of(part: str) -> str:
    """The attribute that a colour of ``part`` (plait, whiskers, 发辫) is of."""
    if re.match("eye|[^发]*[眼眸瞳]", part):
        return "eyes"
    return "beard" if re.search("beard|mou?st|whisk|[胡髯]", part) else "hair"


def clash(about: str, one: str, other: str) -> bool:
    """Whether two values of an attribute cannot both be true; false wherever that is not plain."""
    if about == "height":
        return _clash_of_heights(one, other)
    if about in ("scar", "mole", "birthmark", "tattoo", "lost", "limp", "hand"):
        return _clash_of_sides(about, one, other)
    if about in ("eyes", "hair", "beard"):
        about = "eyes" if about == "eyes" else "hair"
        a, b = colours(one, about), colours(other, about)
        return bool(a and b and not a & b)
    return any(_disjoint(read(one), read(other)) for read in (_plain_colours, _materials, _numbers))


def is_comparable(value: str) -> bool:
    """Whether ``value`` names a colour, a material or a number."""
    return bool(_plain_colours(value) or _materials(value) or _numbers(value))


def colours(value: str, about: str = "") -> frozenset[str]:
    """The colours that ``value`` allows; empty where it names none."""
    found: set[str] = set()
    for each in _COLOUR_WORD.finditer(value):
        word = each[0].lower()
        if word in _HAIR_ONLY and (about != "hair" or (word == "dark" and len(value.split()) > 2)):
            continue
        name = _COLOUR.get(word) or _HAIR_ONLY[word]
        found |= set(_ALIKE.get(about, {}).get(name, name).split())
    return frozenset(found - _NEVER.get(about, frozenset()))


def _disjoint(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _plain_colours(value: str) -> frozenset[str]:
    return colours(value)


def _materials(value: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", value.lower()) + ([value] if not value.isascii() else [])
    return frozenset(_MATERIAL[word] for word in words if word in _MATERIAL)


def _numbers(value: str) -> frozenset[str]:
    return frozenset(quantities(value))


def sides(value: str) -> dict[str, str]:
    """The parts of the body that ``value`` names with a side, each with that side."""
    found: dict[str, str] = {}
    for each in _SIDE.finditer(value.lower()):
        part = _PARTS.get(each["part"] or each["zpart"] or "")
        if part:
            side = each["side"] or {"左": "left", "右": "right"}[each["zside"]]
            found[part] = "both" if found.get(part, side) != side else side
    return found


def handed(value: str) -> str:
    """``left`` or ``right``, by which hand somebody prefers; empty where it is not said."""
    low = value.lower()
    left = "left" in low or "左" in low
    right = "right" in low or "右" in low
    return "" if left == right else "left" if left else "right"


def _clash_of_sides(about: str, one: str, other: str) -> bool:
    if about == "hand":
        return bool(handed(one) and handed(other) and handed(one) != handed(other))
    a, b = sides(one), sides(other)
    return any({a[part], b[part]} == {"left", "right"} for part in a.keys() & b.keys())


def centimetres(value: str) -> int | None:
    """A height that is stated in figures or words."""
    found = _METRES.search(value.lower())
    if found is None:
        return None
    if found["whole"]:
        return int(found["whole"])
    if found["m"]:
        return int(found["m"]) * 100 + int(found["cm"].ljust(2, "0"))
    if found["zm"]:
        metres = _DIGIT.get(found["zm"]) or int(found["zm"])
        said = "".join(str(_DIGIT.get(c, c)) for c in found["zcm"])
        return metres * 100 + int(said.ljust(2, "0"))
    feet, inches = (_WORD.get(each or "zero", each or 0) for each in (found["ft"], found["in"]))
    return round((int(feet) * 12 + int(inches)) * 2.54)


def _clash_of_heights(one: str, other: str) -> bool:
    a, b = centimetres(one), centimetres(other)
    if a and b:
        return abs(a - b) > 4
    low = (
        bool(_SHORT.search(one)) or (a or 999) <= 160,
        bool(_SHORT.search(other)) or (b or 999) <= 160,
    )
    high = (
        bool(_TALL.search(one)) or (a or 0) >= 185,
        bool(_TALL.search(other)) or (b or 0) >= 185,
    )
    return (low[0] and not high[0] and high[1] and not low[1]) or (
        high[0] and not low[0] and low[1] and not high[1]
    )
