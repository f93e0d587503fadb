"""What a Chinese sentence says plainly; see :mod:`writer_app.text.claims`."""

import re
from collections.abc import Iterator

from writer_app.text.chinese_lives import acts, deaths
from writer_app.text.chinese_things import returns, things
from writer_app.text.kinship import ZH_KIN
from writer_app.text.marking import WHAT, WHO, Found
from writer_app.text.traits import ZH_COLOUR, is_comparable, trait_of

#: Sentences that may tell of eyes or hair.
LOOKS = re.compile("[眼眸瞳发辫胡髯]")
#: Sentences that may tell of a death.
DYING = re.compile("死|葬|埋|尸|遗体|断气|咽气|坟|墓|棺|再也没|没了|殓|守灵|收尸|去世|身亡|呼吸")
#: From here on, the section tells of an earlier time.
EARLIER = re.compile(
    r"[年月天日]之?前|当年|从前|昔日|(?<![\u4e00-\u9fff])那年|小时候|儿时|年少时|幼时|回忆|往事|旧事|生前|曾经"
)
#: Near these, whoever acts may be dead, and alive only in somebody's head.
UNREAL = re.compile(
    "梦|鬼|魂|幽灵|灵堂|灵位|牌位|坟|墓|遗[像书嘱物言]|生前|回忆|想起|记得|忆起|往事|从前|当年|曾|仿佛|好像|似乎|幻|信中|信上|信里|日记|照片|画像"
    "|录音|录像|视频|戏|扮|显灵|附体|转世|复活|假死|诈死|没死|未死|还活着|脑海|耳边|传说|故事|初见|初遇|那[日天时夜晚]|一模一样|也叫|同名|酷似|冒充|替身|孪生|双胞|画|模样|闭上眼|闭眼|耳畔|银幕|屏幕|收音机|唱片|答录|说过|阴间|地府|阎|那年|小时候"
)
#: From here on, the section is dreamt, or haunted.
DREAMT = re.compile("梦[见到里中]|入梦|做了[一个]*梦|鬼魂|亡魂|幻觉|幻境|幻象|昏迷|高烧|睡着了")
#: What was told before it in the section was dreamt.
WAKES = re.compile(
    "(?:就|便|猛地|突然|忽然|一下子|才)?(?:惊|吓|哭|笑)?醒(?:了|来|过来)|睁开眼[^，。]{0,6}天花板"
)
#: Somebody else is there, of whom 他 and 她 may be meant.
SOMEBODY = re.compile(
    "[人男女]人|男[子孩]|女[子孩]|姑娘|少[年女妇]|老[人者头太翁妇]|孩子|小[孩姐伙]|公子|先生|夫人|太太|奶奶|父亲|母亲|[爹娘爸妈]|哥|弟|姐|妹|叔|伯|舅|姑|姨|婶|祖"
    "|儿子|女儿|丈夫|妻|师[父傅兄弟姐妹]|徒|和尚|道[人士]|丫[头鬟]|婆子|小厮|仆|奴|管家|朋友|同[学事伴]|邻|医生|大夫|警|老师|学生|将军|士兵|皇|帝|王|公主|太子"
    "|那人|此人|有人|某人|对方|众人|大家|别人|客|掌柜|[猫狗]|你|们|其|者|两人|二人|陌生"
)
#: Anywhere in a sentence, these say that it may not be so.
_DOUBT = re.compile(
    "若|如果|要是|倘|假如|也许|或许|大概|可能|恐怕|以为|认为|听说|据|传说|梦|想象|假装|装作|谎|骗|猜|怀疑|记得|想起|回忆|染|假发|易容|伪装|乔装|美瞳|吗|？|岂|难道|说是"
    "|自称|号称|原以|似的"
)
#: Before what is said, these say that it is not so, or only likened.
_DENIED = re.compile(
    "似乎|好像|仿佛|如同|宛如|犹如|好似|像|般|几乎|险些|差点|曾|从前|当年|变|还是|谁|何|不是|不像|并非|并不"
)
#: The same, in the clause.
_NOT_HERE = re.compile("没(?!落|了[左右])|未|无|或|比|像|般")
_COL = rf"(?P<v>(?:(?:深|浅|淡|暗|纯|亮)?(?:{ZH_COLOUR}))(?:{ZH_COLOUR})?)"
_FILL = r"(?:的|那|这|有着|有|长着|生着|生得|长了|睁着|睁开|抬起|闭上|眨了眨|眨着|垂下|一|双|对|头|大|小|细长|明亮|清澈|漂亮|美丽|深邃|冷冷|冰冷|生就|天生|披着|披散着|留着|顶着|编着|梳着|扎着|把|根|条){0,5}?"
_PART = r"(?P<part>眼睛|眼眸|双眼|眼珠|眸子|双眸|瞳孔|瞳仁|头发|长发|短发|卷发|发丝|秀发|(?<=[蓝绿黑金银灰紫褐棕碧])[眼眸瞳](?![圈镜线看见光前角里睛神珠孔仁底皮])|(?<=[黑金银红白褐棕灰])发(?![光亮白红紫黑青黄烫热颤麻财呆愣生现出])|发辫|辫子|胡子|胡须|(?<=头.)发|(?<=头.色)发|(?<=头.色的)发)(?![现生出怒抖])"
_TRAITS = (
    re.compile(
        rf"(?P<who>{WHO})(?:[^，。；\x00看望盯瞧对他她和与的猫狗马鸟孩婴娃画{WHO[1:-1]}]{{0,8}}(?:，[^，。；看望盯瞧他她\x00{WHO[1:-1]}]{{0,5}}(?=[那一][双对头条根把]|(?:{ZH_COLOUR})色?的(?:眸子|眼眸|双眸|眼睛|发辫|辫子|头发|长发|短发))|(?=[那一][双对头把])))?{_FILL}{_COL}(?:色|汪汪|幽幽|油油)?的?(?:大|小|长|短|细长|卷)?{_PART}"
    ),
    re.compile(
        rf"(?P<who>{WHO})(?:的(?:刘海|帽檐|兜帽|面纱|斗笠|头巾))，(?:底下|下面|露出)(?:是|来)?(?:一|那)[双对头]{_COL}色?的?{_PART}"
    ),
    re.compile(
        rf"(?P<who>{WHO})的?(?:那|这)?(?:一)?[双头对]?{_PART}(?:原本|本来|天生|生来)?(?:是|呈|呈现出)?(?:很|极|一种)?(?:[深浅淡纯]|明亮的?|漂亮的?)?{_COL}(?:色的?|的)(?=[，。；！、]|而|且|\Z)"
    ),
)
_HUE = re.compile(
    rf"(?P<who>{WHO})(?:[^，。；\x00看望盯瞧对他她和与的{WHO[1:-1]}]{{0,8}}[看望他她]?[，]?|的)?(?P<part>[眼眸瞳发])色(?:是|为|呈)?(?:[深浅淡])?{_COL}(?=色?[，。；！])"
)
_HEIGHT = re.compile(
    rf"(?P<who>{WHO})(?:的)?(?:身材|个子|个头|身形|生得|长得)(?:很|十分|非常|极|颇|甚是|又)?(?P<v>高大|高挑|魁梧|矮小|矮|高)(?=[，。；！、的])"
    rf"|(?P<who2>{WHO})(?:的)?(?:身高|个子|个头|足有|有)(?:有|足有|是|约|为|将近)?(?P<v2>[12一二两]米[\d〇零一二三四五六七八九]{{1,2}}|[12]\.\d\d?米|[12]\d\d(?:公分|厘米|cm))"
)
_NUMBER = "(?P<n>[1-9]\\d?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_AGES = (
    re.compile(
        rf"(?P<who>{WHO})(?:，)?(?:今年|现年|如今|现在|年方|时年|年仅|年|刚满|刚|刚过|才|已经|已|正好|只有|也|虚岁|这年|是|有|不过|了)*{_NUMBER}[岁歲]了?(?=[，。；！？、]|\Z)"
    ),
    re.compile(rf"(?P<who>{WHO})(?:今年|年方|年仅|年已|行年){_NUMBER}(?:了)?(?=[，。])"),
    re.compile(rf"(?<![\d一二三四五六七八九十]){_NUMBER}岁的(?P<who>{WHO})(?!的)"),
)
_BORN = re.compile(rf"(?P<who>{WHO})(?:出)?生于(?:公元)?(?P<v>\d{{4}})年")
_SIDE = r"(?P<side>[左右])(?:边的?|侧的?)?(?P<part>脸颊|脸|颊|眉|眼|手臂|手腕|手|胳膊|臂|肩|腿|膝|脚|耳|额|掌)"
_SECOND = _SIDE.replace("side", "side2").replace("part", "part2")
_MARK = "(?P<mark>疤|刀痕|伤痕|痣|胎记|纹身|刺青)"
_MARKS = {"痣": "mole", "胎记": "birthmark", "纹身": "tattoo", "刺青": "tattoo"}
_MARKED = (
    re.compile(rf"{_SIDE}[^，。；]{{0,8}}{_MARK}"),
    re.compile(rf"{_MARK}[^，。；]{{0,6}}{_SIDE}"),
)
_CUT = "砍断|砍掉|砍下|砍|斩断|斩下|斩|截肢|截掉|截了|截去|锯掉|锯断|炸断|炸掉|炸飞|卸|齐[肩肘腕膝根](?:而)?断|断了|断|没了|掉在|掉了|落在|飞了|废了|瞎了|截"
_LOST = (
    re.compile(
        rf"(?P<who>{WHO})(?:[^，。；\x00{WHO[1:-1]}]{{0,16}}，)?[^，。；\x00{WHO[1:-1]}]{{0,8}}?(?:失去了?|断了|没了|少了|缺了|丢了|折了)(?:一?条|一?只|一?根)?{_SIDE}"
        rf"|(?P<who2>{WHO})的?{_SECOND}(?:已经|早已|就|便|也)?(?:在[^，。；]{{1,10}}[里中上]|被|给|让)?[^，。；\x00左右{WHO[1:-1]}]{{0,5}}?(?:{_CUT})(?!了?[一两几半][根把条个张])"
    ),
    re.compile(
        rf"(?:夺去了?|夺走了?|炸掉了?|炸断了?|炸飞了?|砍断了?|砍下了?|砍掉了?|斩断了?|斩下了?|斩去了?|卸下了?|卸了|锯掉了?|锯下了?|截去了?|截掉了?|废了|要了)(?P<who>{WHO})的?(?:一?条|一?只)?{_SIDE}"
        rf"|(?P<who2>{WHO})[^。；\x00{WHO[1:-1]}]{{0,16}}自己的(?:那[条只])?{_SECOND}(?:{_CUT})"
        rf"|(?P<who3>{WHO})[^，。；\x00{WHO[1:-1]}]{{0,6}}(?:被|让|叫)[^，。；\x00{WHO[1:-1]}]{{0,10}}(?:砍|斩|截|锯|炸|卸|削)[断下去掉飞]?了?{_SIDE.replace('side', 'side3').replace('part', 'part3')}"
    ),
)
_HOLDS = (
    "捧|握|抓|拿|提|举|抱|接|按|攥|拉|推|持|执|端|搓|拍|托|撑|扶|捂|压|搂|拎|叉|拢|合|捏|掰|伸|插"
)
_LIMB = (
    re.compile(
        rf"(?P<who>{WHO})[^，。；]{{0,6}}?(?:用|伸出|抬起|举起|挥动|挥起|搓着|拍着|摊开|扬起|挥着|甩着|换|翘起|跷起|跷着|翘着|盘起|蹬着?|迈出|抬着)(?:自己的?|他的|她的|那只|{WHO}的)?(?P<v>[左右](?:手|臂|脚|腿|胳膊)|双手|双臂|两手|两只手|双腿)"
    ),
    re.compile(
        rf"(?P<who>{WHO})(?:的|[^，。；]{{1,8}}，)??(?P<v>[左右](?:手|臂)|双手|双臂|两手|两只手)(?:紧紧|牢牢|轻轻|稳稳|一把|各|都|里|中)?(?:{_HOLDS})"
    ),
    re.compile(
        rf"(?P<who>{WHO})[^。；\x00{WHO[1:-1]}]{{0,60}}，(?P<v>左[手掌拳](?:{_HOLDS}|抱|包)[着住在]右[手掌拳]|右[手掌拳](?:{_HOLDS}|抱|包)[着住在]左[手掌拳])"
    ),
)
_STUMP = re.compile("假肢|义肢|断[臂手腿]|空[荡袖]|袖|残|木[手腿]|铁钩|失去|没了|砍")
_LIMP = re.compile(
    rf"(?:跛|瘸)[^，。；]{{0,4}}{_SIDE}|{_SIDE.replace('side', 'side2').replace('part', 'part2')}[^，。；]{{0,4}}(?:跛|瘸)"
)
_HANDED = re.compile(
    rf"(?P<who>{WHO})(?:天生)?是(?:个)?(?P<v>左|右)(?:撇子|利手)|(?P<who2>{WHO})(?:惯用|习惯用)(?P<v2>左|右)手"
)

_KIN_WORD = rf"(?P<kin>(?:亲|同胞|双胞胎|孪生|义|养|继|结拜)?(?:{ZH_KIN}))"
_KINSHIP = (
    re.compile(rf"(?P<b>{WHO})的{_KIN_WORD}，?(?P<a>{WHO})"),
    re.compile(
        rf"(?P<a>{WHO})(?:便|就|正|也|乃|原|本)?是(?P<b>{WHO})(?:的|之)?(?:亲生|同父异母的?|嫡亲的?|唯一的?)?{_KIN_WORD}(?=[，。；！、]|\Z)"
    ),
)
_PAIR = re.compile(
    rf"(?P<a>{WHO})[和与](?P<b>{WHO})(?:是|乃是|乃)(?:一对|亲)?(?P<kin>兄弟|姐妹|姊妹|夫妻|夫妇|表兄弟|堂兄弟|双胞胎|兄妹|姐弟)"
)
_PAIR_KIN = {
    "夫妻": "配偶",
    "夫妇": "配偶",
    "兄妹": "双胞胎",
    "姐弟": "双胞胎",
    "表兄弟": "表哥",
    "堂兄弟": "堂哥",
}
#: 他是她的哥哥。
THEIR_KIN = re.compile(
    rf"^(?:可|但|其实|原来)?(?P<he>[他她])(?:就|也|本|原|可|正|便)?是(?P<her>[他她])(?:的)?(?:亲生的?|嫡亲的?|唯一的?|过门[^，。]{{0,4}}的)?{_KIN_WORD}(?=[，。；！])"
)
SEX = {"他": "m", "她": "f"}

_OWN = re.compile(
    rf"(?P<who>{WHAT})的(?P<part>[\u4e00-\u9fff]{{1,4}}?)(?:是|漆成|涂成|刷成)(?P<v>[\u4e00-\u9fff]{{1,5}})(?=[，。；！])"
    rf"|(?P<who2>{WHAT})(?:是|通体|由)(?P<v2>[\u4e00-\u9fff]{{1,4}}?)(?:做|制|打造|铸)?(?:成)?(?:的|色)(?=[，。；！])|(?P<v3>[红黄蓝绿黑白灰紫金银铜铁玉木]色?的?)(?P<who3>{WHAT})"
    rf"|(?P<who4>{WHAT})(?:一共|共|总共)?有(?P<v4>[一二三四五六七八九十两百\d]+)(?P<part4>[\u4e00-\u9fff]{{1,3}})(?=[，。；！])"
)


def starts_with_name(told: str) -> bool:
    """Whether whom a sentence is about is named in its first words."""
    return bool(told)


def pronouns(marked: str, sign: str, sex: str) -> str:
    """``marked`` with ``sign`` for the pronouns that mean it."""
    words = {"m": "他", "f": "她"}.get(sex, "[他她]")
    if sex == "-" and re.search("[看望盯瞧]|对[着视]|面前|身[边旁]|怀里", marked):
        return marked
    return re.sub(rf"(?<![其])(?:{words})(?!们|人|乡|日)", sign, marked)


def objects(marked: str, sign: str, sex: str) -> str:
    """``marked``: 他 and 她 are the same, whoever does what."""
    return marked


def doubts(told: str) -> bool:
    """Whether what a sentence says may not be so."""
    return bool(_DOUBT.search(told))


def found(marked: str) -> Iterator[Found]:
    """Everything that a marked sentence plainly says."""
    if not _DOUBT.search(marked):
        yield from _traits(marked)
        yield from _bodies(marked)
        for each in _plain((*_KINSHIP, _PAIR), marked):
            word = _PAIR_KIN.get(each["kin"], each["kin"])
            yield Found("kin", each["a"], word, word, each["b"])
        yield from things(marked)
        yield from _own(marked)
        for each in _plain(_AGES, marked):
            yield Found("age", each["who"], "age", each["n"])
        for each in _plain((_BORN,), marked):
            yield Found("born", each["who"], "born", each["v"])
        yield from deaths(marked)
    yield from returns(marked)
    yield from acts(marked)


def _first(patterns: tuple[re.Pattern[str], ...], marked: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from pattern.finditer(marked)


def _plain(patterns: tuple[re.Pattern[str], ...], marked: str) -> Iterator[re.Match[str]]:
    """Matches before which nothing is denied."""
    for each in _first(patterns, marked):
        clause = max(marked.rfind(mark, 0, each.end()) for mark in "，；") + 1
        if not (
            _DENIED.search(marked, 0, each.start())
            or _NOT_HERE.search(marked, max(clause, 0), each.end())
        ):
            yield each


def _traits(marked: str) -> Iterator[Found]:
    if LOOKS.search(marked):
        for each in _plain((*_TRAITS, _HUE), marked):
            yield Found("trait", each["who"], trait_of(each["part"]), each["v"])
    for each in _plain((_HEIGHT,), marked):
        yield Found("trait", each["who"] or each["who2"], "height", each["v"] or each["v2"])
    for each in _plain((_HANDED,), marked):
        yield Found("trait", each["who"] or each["who2"], "hand", each["v"] or each["v2"])


def _bodies(marked: str) -> Iterator[Found]:
    people = set(re.findall(WHO, marked))
    if len(people) == 1 and not SOMEBODY.search(marked):
        (who,) = people
        for each in _plain(_MARKED, marked):
            yield Found("trait", who, _MARKS.get(each["mark"], "scar"), _part(each))
        for each in _plain((_LIMP,), marked):
            yield Found("trait", who, "limp", _part(each))
    for each in _plain(_LOST, marked):
        parts = each.groupdict()
        who = next(filter(None, (parts.get(name) for name in ("who", "who2", "who3"))))
        yield Found("trait", who, "lost", _part(each))
    if not _STUMP.search(marked):
        for each in _plain(_LIMB, marked):
            value = "双手" if each["v"][0] in "左右" and each["v"][-1] in "掌拳" else each["v"]
            yield Found("used", each["who"], "limb", value)


def _part(each: re.Match[str]) -> str:
    said = each.groupdict()
    way = next(n for n in ("", "2", "3") if said.get("side" + n))
    return f"{said['side' + way]}{said['part' + way]}"


def _own(marked: str) -> Iterator[Found]:
    if not re.search(WHAT, marked):
        return
    for each in _plain((_OWN,), marked):
        who = next(filter(None, (each["who"], each["who2"], each["who3"], each["who4"])))
        value = each["v"] or each["v2"] or each["v3"] or each["v4"]
        if is_comparable(value):
            yield Found("trait", who, each["part"] or each["part4"] or "", value)
