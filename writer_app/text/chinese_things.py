"""What becomes of things in a Chinese sentence: lost, given away, used; see :mod:`writer_app.text.chinese_claims`."""

import re
from collections.abc import Iterator

from writer_app.text.marking import PERSON, THING, THINGS, WHAT, WHO, Found
from writer_app.text.whereabouts import MOVED

_M = "[把枚块封只条个张幅本支件盏串对副卷尊]"
_OWN = rf"(?:(?:{WHO}|自己|他|她)的?)?(?:那|这)?{_M}?"
_DEEP = "[江河湖海水池塘井渊崖谷沟溪潭浪]"
_FIRE = "[火炉灶焰]"
_BROKEN = (
    "烧成|烧毁|烧掉|烧光|烧了|焚毁|焚了|毁了|毁掉|毁于|摔碎|摔坏|摔成|摔烂|摔得(?:粉碎|稀碎|稀烂)|砸碎|砸烂|砸成|砸坏|打碎|打破|碎成|碎了|碎作|化为|化成|熔成|熔了|熔掉|沉入|沉没|沉到|沉进|掉进|掉入|掉到|落入|落进|落到|坠入|滚进|滚落|进了|滑进|滑入"
    "|炸毁|炸成|撕碎|撕成|撕了|撕掉|扯碎|踩碎|踩断|踩烂|折断|折成|拗断|断成|断了|烧得(?:干干净净|精光|一干二净|一点不剩|只剩)|劈成|劈了|砍断|压碎|压扁|碾碎|裂成|拆了|吞没|冲走|卷走|刮走|弄丢|丢了|遗失"
)
#: These lose a thing only where it goes into deep water, a fire or a gorge.
_NEEDS_PLACE = re.compile(
    "掉进|掉入|掉到|落入|落进|落到|坠入|滚进|滚落|进了|滑进|滑入|沉到|扔|投|丢|抛|掷|甩"
)
_PLACE = rf"(?:[^，。；\x00]{{0,5}}(?:{_DEEP}|{_FIRE})[里中心底下面]?)"
_GONE = (
    re.compile(
        rf"(?P<who>{WHAT})(?:已经|已|早已|早就|就此|从此|便|就|也|都|全|竟)?(?:(?:被|让|叫|给)[^，。]{{0,10}}?)?(?P<v>{_BROKEN})(?P<rest>{_PLACE}?)"
    ),
    re.compile(
        rf"(?P<who>{WHAT})[^，。；\x00]{{0,14}}(?:，[^，。；\x00{PERSON}-{THINGS}]{{0,16}})?，(?:一下子?|啪[的地]一声|哗啦一声|就|便|当场|顿时|立刻)?(?P<v>摔得(?:粉碎|稀碎|稀烂)|摔成|碎了一地|碎成|碎了|裂成|断成|沉了下去|烧成|化成|没了影)(?P<rest>)"
    ),
    re.compile(
        rf"(?P<who>{WHAT})[^，。；\x00]{{0,10}}(?:，[^。；\x00{THING}-{THINGS}]{{0,20}})?，(?P<v>掉进|掉入|掉到|落入|落进|坠入|滚进|进|滑进|滑入|沉进|沉入)了?(?P<rest>{_PLACE})"
    ),
    re.compile(
        rf"(?:把|将){_OWN}(?P<who>{WHAT})(?:一?把|一页一页地?|一脚|一刀|一锤|随手|狠狠|远远|全都?|都|用力)?地?(?:[^，。；\x00]{{0,6}}，)?(?P<v>{_BROKEN}|[扔投丢抛掷甩](?:进|入|到|下|在|了))(?P<rest>{_PLACE}?)"
    ),
    re.compile(
        rf"(?:烧毁|烧掉|烧了|焚了|摔碎|砸碎|砸烂|撕碎|撕了|踩断|踩碎|踩烂|毁掉|毁了|折断|打碎|打破|吞没|卷走|冲走|刮走|弄丢)(?P<v>)了?{_OWN}(?P<who>{WHAT})(?P<rest>)(?=[，。；！]|\Z)"
    ),
    re.compile(
        rf"(?:把|将){_OWN}(?P<who>{WHAT})(?P<v>忘在|落在|丢在|遗忘在)(?P<rest>了?[^，。；\x00]{{0,4}}[车船机铁][上里])"
    ),
    re.compile(
        rf"(?P<who>{WHAT})[^，。；\x00]{{0,4}}，?[^，。；\x00]{{0,4}}[砸摔掼扔]在[^，。；\x00]{{1,4}}[上里]，(?:[^，。；\x00{PERSON}-{THINGS}]{{0,6}}，)?[^，。；\x00{PERSON}-{THINGS}]{{0,4}}(?P<v>断成|断了|碎成|碎了|裂成|摔成|砸成|粉碎)(?P<rest>)"
    ),
    # What is taken off, and thrown away behind the comma.
    re.compile(
        rf"(?:褪|摘|解|取|掏|拔|扯|拿)(?:下|出|起)来?了?{_OWN}(?P<who>{WHAT})(?:来)?，[^，。；\x00]{{0,8}}?(?P<v>[扔投丢抛掷甩](?:进|入|到|下))了?(?P<rest>{_PLACE})"
    ),
    re.compile(
        rf"(?:把|将){_OWN}(?P<who>{WHAT})[^，。；\x00]{{0,10}}，[^。；\x00]{{0,16}}?，?(?P<v>[扔投丢抛掷甩](?:进|入|到|下)|烧成|砸成|摔成)了?(?P<rest>{_PLACE})"
    ),
    re.compile(
        rf"(?:一把|大|一场)火(?:就|便)?(?:把|将){_OWN}(?P<who>{WHAT})(?P<v>烧成|烧了|烧毁|烧光)(?P<rest>)"
    ),
)
#: Somebody who had it has it no more, and somebody else does.
_AWAY = "送给|送了|赠给|赠与|转赠|传给|留给|卖给|卖了|卖掉|变卖|当了|典当|当给|抵给|抵了|抵债|输给|输了|输掉|赔给|捐给|捐了|捐出|让给|嫁妆"
_GIVEN = (
    re.compile(rf"(?:把|将){_OWN}(?P<who>{WHAT})(?:也|都|悄悄|亲手|转手|一咬牙)?(?P<v>{_AWAY})"),
    re.compile(
        rf"(?P<v>卖了|卖掉了?|变卖了|当了|当掉了?|典了|输掉了?|输了|捐了)(?:自己的|{_OWN})(?P<who>{WHAT})(?=[，。；！]|\Z)"
    ),
    # From one's own hand on to another's.
    re.compile(
        rf"(?:把|将)[^，。；\x00]{{0,6}}?{_OWN}(?P<who>{WHAT})(?:[褪摘解取脱]下来?)?，?(?P<v>套|戴|挂|系|别|插|佩)(?:到|在|上|进)(?:了)?(?:{WHO}的?|[他她]的?|对方的?|妹妹的?|女儿的?|新娘的?)(?:[手腕脖颈头胸腰指襟发])"
    ),
)
_NOT_GONE = re.compile(
    "想|要(?!塞)|打算|准备|欲|扬言|威胁|试图|企图|差点|捞|接住|抓住|拾|抢回|夺下|拦|险些|作势|假装"
)
_USED = (
    re.compile(
        rf"(?P<v>拿起|拿出|取出|取下|掏出|拔出|拔下|抽出|握着|握紧|握住|举起|戴上|戴着|佩着|打开|翻开|点燃|点上|点亮|点着|递过|递给|接过|摩挲着?|抚摸着?|擦拭着?|挥动|挥起|捧着|捧起|展开|吹响|吹起|弹起|骑上|拿着|提着|提起|拎起|拎着|端起|端着|系着|系上|挂着|别着|别上|插上|插着|佩戴着?|揣着|攥着"
        rf"|把玩着?|托着|抱着|摸出|摸了摸|解下|褪下|摘下|卸下|背着|背上|扛着|撑开|撑着|翻看|翻着|合上|吹着|拉着|敲响|转着|看了看|穿上|穿着|披上|披着|推开|锁上|骑着|牵着|牵出|擦着|擦了擦|拨着|弹着|拉起|架起|搬出|拧开|倒空|上满)"
        rf"(?:了)?(?:[^，。；\x00{PERSON}-{THINGS}]{{0,6}}的)?{_OWN}(?:腰间的?|怀里的?|怀中的?|手上的?|自己的?)?(?P<who>{WHAT})(?!盒|袋|套|铺|店|的(?:影子|碎|残|主人))"
    ),
    re.compile(
        rf"(?:^|[，。；])[^，。；]{{0,12}}(?P<v>用|拿|(?:从|自)[^，。；\x00]{{1,8}}(?:掏出|拔出|拔下|拿出|取出|摸出|抽出|褪下|摘下|解下))[^，。；\x00{PERSON}-{THINGS}]{{0,6}}?{_OWN}(?P<who>{WHAT})"
    ),
)
_NOT_USED = re.compile(
    f"[一两几]{_M}(?=[{THING}-{THINGS}])|另|新(?=[的做买打造铸换把枚块封只条个张幅本支{THING}-{THINGS}])|[换重崭]新|第二|仿|赝|假|一样|相似|相同|备用|碎|残|灰|修[好复]|补好|找回|寻回|捞|失而复得|还给|归还|重铸|复制|剩|废墟|空|原来|曾|相仿|一模一样|拼|想|记起|打算|半截|半块|赎|买[了回来]"
)
_BACK = re.compile(
    rf"(?<!没)(?<!没有)(?<!没能)(?<!不)(?:找回|寻回|捞起|捞回|捞出|捞上|修好|修复|补好|夺回|赎回|赎出|买回|赢回|归还|还回|重铸|挖出)[^，。；]{{0,8}}?(?P<who>{WHAT})|(?P<who2>{WHAT})[^，。；]{{0,6}}?(?:失而复得|找回|寻回|修好|修复|重铸|捞|赎回|赎了|还给|还了)"
)
_AT = re.compile(
    rf"(?P<who>{WHAT})(?:就|便|还|仍|依旧|仍旧|一直|正|静静地?|好好地?)?(?:放|摆|挂|藏|躺|供|收|埋|锁|停|立|坐落|位于|在)?(?:在|于)(?:了)?(?P<other>{WHAT})"
)
_LIES = re.compile(
    rf"(?P<who>{WHAT})(?:就|便|还|仍|依旧|仍旧|一直|正|静静地?|好好地?)?(?:放|摆|挂|藏|躺|供|收|锁|搁)?在(?P<where>[^，。；：！？\x00{PERSON}-{THINGS}]{{1,10}})"
)
#: Anywhere before, these say that it is not so; in the clause, the others do.
_DENIED = re.compile(
    "似乎|好像|仿佛|如同|犹如|好似|几乎|险些|差点|曾|从前|当年|像|谁|何|不是|并非|并不"
)
_NOT_HERE = re.compile("没(?!有?了影|入)|未|无|别(?!着|上)|或|比")


def things(marked: str) -> Iterator[Found]:
    """What a marked sentence tells of things."""
    if not re.search(WHAT, marked):
        return
    if not _NOT_GONE.search(marked):
        for each in _plain(_GONE, marked):
            if each["who"] and (each["rest"] or not _NEEDS_PLACE.match(each["v"])):
                yield Found("gone", each["who"], "fate", each["v"])
        for each in _plain(_GIVEN, marked):
            giver = _doer(marked, each.start())
            yield Found("gone", each["who"], "given" if giver else "fate", each["v"], giver)
    if not _NOT_USED.search(marked):
        for each in _plain(_USED, marked):
            yield Found("used", each["who"], "fate", each["v"], _doer(marked, each.end()))
        for each in _plain((_AT,), marked):
            yield Found("at", each["who"], "place", "", each["other"])
        for each in _plain((_LIES,), marked):
            yield Found("at", each["who"], "place", each["where"])
    if MOVED.search(_LIES.sub("", marked)):
        for sign in set(re.findall(WHAT, marked)):
            yield Found("moved", sign)


def returns(marked: str) -> Iterator[Found]:
    """What a marked sentence tells to be whole or there again."""
    for each in _BACK.finditer(marked):
        yield Found("alive", each["who"] or each["who2"])


#: A sign for somebody who does something.
_DOER = re.compile(rf"{WHO}(?!的)")


def _doer(marked: str, end: int) -> str:
    """The sign of the first one before ``end`` who is named; empty for nobody."""
    found = _DOER.search(marked, 0, end)
    return found[0] if found else ""


def _plain(patterns: tuple[re.Pattern[str], ...], marked: str) -> Iterator[re.Match[str]]:
    """Matches that are not denied."""
    for pattern in patterns:
        for each in pattern.finditer(marked):
            here = max(marked.rfind(mark, 0, each.start() + 1) for mark in "，；") + 1
            if not (
                _DENIED.search(marked, 0, each.end()) or _NOT_HERE.search(marked, here, each.end())
            ):
                yield each
