"""Which names of people and places a text has, as far as its spelling shows them."""

import re
from collections import Counter
from collections.abc import Iterator

_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'\-]*\w")
_JOINED = re.compile(r"[’'](?:s?|ll|d|m|ve|re)\Z")
_LOWER = re.compile(r"\b[a-z]{2,}\b")
#: Behind these a capital letter says nothing.
_BEGINNING = re.compile(
    r"(?:^|(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)\.|[!?…:;\n]|[“\"‘'(\[«—–])[\s*_#>+\-“”\"‘’'()\[\]]*\Z"
)
_NO_NAMES = frozenset(
    [
        "Mr",
        "Mrs",
        "Ms",
        "Miss",
        "Dr",
        "Sir",
        "Lady",
        "Lord",
        "Madam",
        "Mister",
        "Captain",
        "Colonel",
        "Professor",
        "Aunt",
        "Uncle",
        "Chapter",
        "English",
    ]
)
#: Whoever says something, in Chinese fiction: 黛玉笑道：
_SPEAKER = re.compile(
    r"(?:^|[，。！？；”」\n\u3000 ])([\u4e00-\u9fff]{2,3}?)"
    r"(?:[便忙也又因乃]?(?:[冷微含陪]?[笑哭泣叹怒喝问答回接]|点头)?[道说]道?|问|答道)[：，:]"
)
#: What stands there too and names nobody: how something is said, and who says it without a name.
_NO_NAME = re.compile(
    "[笑说问道听忙便又因见想叹向看头依都也众他我你含口回这那方先劝啐悄写拍咐如自]|人$|子$|们$|太[监爷]|先生|老尼|大夫|丫鬟"
)
#: So often a speaker must be named, for what stands before 道 may be any two characters.
_TWICE = 2
#: Surnames that are hardly ever words of their own: not 和, 于, 时.
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许吕张孔曹严魏陶姜戚谢邹喻窦章苏潘葛范彭郎鲁韦马凤柳唐薛雷贺倪汤滕殷罗毕郝邬"
    "傅卞齐伍余顾孟黄穆萧尹姚邵汪祁毛禹狄臧宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄危江颜郭梅林刁钟徐邱骆高夏蔡田樊胡凌"
    "霍虞万柯昝卢莫裘缪丁邓郁杭洪诸左石崔吉龚程嵇邢裴陆荣翁荀甄曲封储靳段富乌焦巴牧谷车侯宓蓬郗班仰仲伊宁仇栾厉戎祖武符"
    "刘景詹束龙叶幸司韶黎溥印怀蒲邰鄂索籍赖卓蔺屠蒙池乔阴胥苍闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿边扈燕冀浦尚温庄晏"
    "柴瞿阎慕茹习宦艾容易慎戈廖庾暨居衡步耿弘匡寇广禄阙殴沃利蔚越夔隆师巩聂晁勾敖融冷訾辛阚那简饶曾沙丰关相查荆游权逯盖"
) - frozenset(
    "万路相居步广利越师那简曾关容易司凤闻石左高车印怀索谷温祖武游权盖劳党项边寿尚勾冷富危班仰融慎丰季习祝段束堵扶幸宁章席荣江温隆桂"
)


def begins_sentence(before: str) -> bool:
    """Whether a capital letter behind ``before`` says nothing, because a sentence may begin there."""
    return not before or bool(_BEGINNING.search(before))


def names_in(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Names in ``text`` in order: those that are ``known`` from elsewhere, and those it shows itself."""
    places: dict[str, int] = {}
    for name, start in _capitalised(text):
        if name in known or _shows_name(text, name, start):
            places.setdefault(name, start)
    # Where no spaces say what a word is, it is looked for everywhere.
    unspaced = ((name, text.find(name)) for name in known if not _CAPITALISED.match(name))
    places |= {name: start for name, start in unspaced if start >= 0}
    return sorted(places, key=places.__getitem__)


def names_of(manuscript: str) -> frozenset[str]:
    """The names that a whole manuscript shows; those of it that stand in a passage are names there too."""
    speakers = Counter(each for each in _SPEAKER.findall(manuscript) if not _NO_NAME.search(each))
    counted = Counter(
        name for name, start in _capitalised(manuscript) if _shows_name(manuscript, name, start)
    )
    plain = Counter(_LOWER.findall(manuscript)) if counted else Counter[str]()
    return frozenset(
        [
            name
            for name, times in counted.items()
            if times >= _TWICE and plain[name.lower()] <= times
        ]
        + [name for name, times in speakers.items() if times >= _TWICE]
    )


def _capitalised(text: str) -> Iterator[tuple[str, int]]:
    """Words with a capital letter, without what is joined to them (Tom’s, Tom’ll), and where they stand."""
    for word in _CAPITALISED.finditer(text):
        yield _JOINED.sub("", word[0]), word.start()


def _shows_name(text: str, word: str, start: int) -> bool:
    """Whether a capitalised word is a name: no sentence begins there, and it is no title or abbreviation."""
    if len(word) < 2 or word in _NO_NAMES or word.isupper():
        return False
    before = text[max(0, start - 12) : start]
    return bool(before) and not _BEGINNING.search(before)
