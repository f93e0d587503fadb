"""Where a thing is said to be: places of one kind, such as rooms or pieces of furniture, exclude each other."""

import re

_KINDS = {
    "room": "kitchen study library bedroom attic cellar basement parlour parlor hall bathroom office nursery pantry dining-room garage stable barn "
    "shed crypt vault dungeon 书房 卧室 卧房 厨房 地窖 阁楼 祠堂 客厅 柴房 密室 库房 地下室 正厅 花厅",
    "house": "church chapel museum bank tower station school inn tavern palace castle cathedral monastery temple hospital hotel theatre lighthouse "
    "prison courthouse 客栈 寺庙 皇宫 王府 当铺 银行 医院 学校 教堂 博物馆 衙门 山洞 钟楼",
    "piece": "drawer desk table shelf safe chest box cupboard mantelpiece trunk cabinet wardrobe bed altar bookcase strongbox mantel dresser pocket "
    "抽屉 书桌 桌上 柜 箱 匣 书架 床 枕 保险柜 神龛 供桌 梁 袖",
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_WORD = re.compile(
    r"\b(?:"
    + "|".join(w for w in _KIND if w.isascii())
    + r")\b|"
    + "|".join(sorted((w for w in _KIND if not w.isascii()), key=len, reverse=True))
)
#: A thing that is spoken of with one of these may be elsewhere from then on.
MOVED = re.compile(
    r"(?i)\b(?:mov\w+|took|tak\w+|carr\w+|brought|put|plac\w+|hid\w*|gave|given|hand\w+|stole\w*|slip\w+|pocket\w+|left|dropp\w+|remov\w+|fetch\w*|return\w+|sent|ship\w+"
    r"|lock\w+|bur(?:y|ied)|dug|transfer\w*|found|set|laid|tuck\w+|stash\w+|gone|missing)\b|[拿取带放移搬藏送偷挪交递丢落埋收捧抱塞换]"
)
AT_EN = r"(?:lay|was|is|hung|stood|sat|rested|waited|was (?:kept|locked|still)) (?:\w+ )?(?:in|on|inside|under|behind|at) (?P<where>(?:the|his|her|a) (?:\w+ ){0,2}\w+)"


def places(words: str) -> dict[str, str]:
    """The places that ``words`` name, by their kind; of each kind the last."""
    return {_KIND[found[0].lower()]: found[0].lower() for found in _WORD.finditer(words.lower())}


def exclude(one: str, other: str) -> bool:
    """Whether nothing can be in both: another room, another piece of furniture."""
    a, b = places(one), places(other)
    shared = a.keys() & b.keys()
    return bool(shared) and all(a[kind] != b[kind] for kind in shared)
