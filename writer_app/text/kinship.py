"""Words for kin, in English and Chinese: what they say of two people, and which of them exclude each other."""

import re
from typing import NamedTuple

#: role, sex, who is older (``+`` the one who is named so), and the words.
_TABLE = """
parent m . father dad papa daddy 父亲 爸爸 爹 爹爹 父 阿爹 老爸
parent f . mother mum mom mama mamma 母亲 妈妈 娘 母 娘亲 老妈
parent - . parent
child m . son 儿子 长子 次子 幼子 独子
child f . daughter 女儿 长女 次女 幼女 独女 闺女
child - . child
sibling m . brother half-brother stepbrother 兄弟
sibling f . sister half-sister stepsister 姐妹 姊妹
sibling - . sibling twin 双胞胎 孪生
sibling m + 哥哥 哥 兄长 大哥 二哥 三哥 胞兄
sibling m * 弟弟 弟 胞弟 小弟
sibling f + 姐姐 姐 大姐 二姐 胞姐 姊姊
sibling f * 妹妹 妹 胞妹 小妹
cousin - . cousin
cousin m + 表哥 堂哥 表兄 堂兄
cousin m * 表弟 堂弟
cousin f + 表姐 堂姐
cousin f * 表妹 堂妹
spouse - . spouse consort partner 配偶 伴侣 爱人
spouse m . husband widower 丈夫 夫君 老公 相公
spouse f . wife widow 妻子 妻 老婆 夫人 娘子
uncle m . uncle 叔叔 叔父 伯父 舅舅 舅父 姑父 姨父 伯伯
uncle f . aunt 姑姑 姑妈 姨妈 舅妈 婶婶 姨母 姑母 伯母
nephew m . nephew 侄子 侄儿 外甥
nephew f . niece 侄女 外甥女
grandparent m . grandfather grandpa 祖父 爷爷 外公 外祖父 姥爷
grandparent f . grandmother grandma 祖母 奶奶 外婆 外祖母 姥姥
grandchild m . grandson 孙子 外孙
grandchild f . granddaughter 孙女 外孙女
"""
_INVERSE = {
    "parent": "child",
    "child": "parent",
    "uncle": "nephew",
    "nephew": "uncle",
    "grandparent": "grandchild",
    "grandchild": "grandparent",
}
#: Pairs that one couple of people may be at once, or that are said for one another.
_TOGETHER = (frozenset(("spouse", "cousin")),)


class Kin(NamedTuple):
    """What one person is to another.

    Attributes:
        role: ``parent``, ``sibling``, ...
        sex: ``m``, ``f``, or ``-`` where the word does not say.
        age: ``+`` where the one who is called so is older, ``*`` younger, ``.`` where the word does not say.
        remote: By marriage, half, step or adoption: such are often called as the near ones are.
    """

    role: str
    sex: str
    age: str
    remote: bool = False

    @property
    def inverse(self) -> "Kin":
        """What the other one is to this one."""
        age = {"+": "*", "*": "+", ".": "."}[self.age]
        return Kin(_INVERSE.get(self.role, self.role), "-", age, self.remote)


_KIN = {
    word: Kin(role, sex, age)
    for role, sex, age, *words in (line.split() for line in _TABLE.strip().splitlines())
    for word in words
}
EN_KIN = "|".join(sorted((word for word in _KIN if word.isascii()), key=len, reverse=True))
ZH_KIN = "|".join(
    sorted((word for word in _KIN if not word.isascii() and len(word) > 1), key=len, reverse=True)
)
_WORD = re.compile(
    rf"(?P<how>(?:\b(?:elder|older|big|younger|little|kid|baby|half|step|foster|adopted|adoptive|twin)[- ]+)*)"
    rf"\b(?P<en>{EN_KIN})s?(?P<law>-in-law)?\b"
    rf"|(?P<step>[继养义干岳嗣亡前])?(?P<zh>{'|'.join(sorted((w for w in _KIN if not w.isascii()), key=len, reverse=True))})"
)


def kin(words: str) -> Kin | None:
    """What ``words`` ("is the younger sister of", 表妹) say that somebody is; ``None`` where it is not one kin word."""
    found = list(_WORD.finditer(words.lower()))
    if len(found) != 1:
        return None
    each = found[0]
    known = _KIN[each["en"] or each["zh"]]
    how = each["how"] or ""
    if re.search("elder|older|big", how):
        known = known._replace(age="+")
    elif re.search("younger|little|kid|baby", how):
        known = known._replace(age="*")
    remote = bool(
        each["law"] or each["step"] or re.search("half|step|foster|adopt", how) or "step" in words
    )
    return known._replace(remote=remote)


def excludes(known: Kin, told: Kin, *, polite: bool) -> bool:
    """Whether somebody who is known to be one cannot be the other to the same person.

    ``polite`` where, as in Chinese, cousins are called brothers and sisters.
    """
    if known.role != told.role:
        if known.remote or told.remote or frozenset((known.role, told.role)) in _TOGETHER:
            return False
        # Politeness makes kin nearer, never farther.
        return not polite or (known.role, told.role) != ("cousin", "sibling")
    other_sex = {known.sex, told.sex} == {"m", "f"}
    return other_sex or {known.age, told.age} == {"+", "*"}
