"""Who dies, and who acts, in a Chinese sentence; see :mod:`writer_app.text.chinese_claims`."""

import re
from collections.abc import Iterator

from writer_app.text.marking import WHO, Found

_SOME = f"[^，。；：、“”「」！？\\x00{WHO[1:-1]}]"
_SAYS = r"(?:说道|问道|答道|笑道|喝道|叹道|冷笑道|低声道|喊道|叫道|骂道|哭道|怒道|回道|应道|接道|又道|开口道|解释道|嚷道|劝道|吩咐道|嘱咐道|嘀咕道|嘟囔道|说|道|问|答|喊|骂|嚷|吩咐|嘀咕|嘟囔)"
#: Verbs of what only the living do; in a story one of the second group stands behind them, or an object does.
_VERBS = (
    "走跑站立坐蹲探添咧跪搬收跳爬骑躲钻靠倚趴伏冲闯退挪踱凑迎赶追停推拉拽扯拖提拎挑扛背抱搂牵扶搀捧端举抬托拿取掏摸捡拾抓握攥捏夹掐按压拍敲打捶砸踢踩跺扔丢抛掷递接塞放搁摆铺盖"
    "挂系解脱穿戴披裹擦抹洗扫倒斟喝饮吃咬嚼啃咽吞吸抽吐舔吹剥切剪劈砍磨写画翻合开关锁点拨算数看望盯瞪瞥瞟瞧听闻笑哭叹咳哼喊叫皱眯眨摇晃甩挥招摊伸缩弯低仰转回扭搓揉捋挠抖跨迈拔插撑撕折"
)
_OBJECTS = (
    "点头|摇头|叹气|咳嗽|打哈欠|伸懒腰|剥蒜|添柴|生火|烧火|做饭|择菜|喂鸡|劈柴|扫院子|扫地|磨刀|喝酒|喝茶|吃饭|吃面|抽烟|下棋|写字|练字|看报|读报|看书|记账|算账|晒太阳|打盹|哭|笑|作揖|抱拳|鞠躬"
    "|行礼|招手|挥手|回头|转身|起身|抬头|低头|皱眉|抬了抬下巴|微微一笑|哈哈大笑|挤了挤眼|扬了扬|努了努嘴|上前|咧嘴|一笑|出门|进门|进屋|下楼|上楼|开口"
)
_ASPECT = "着|了|起|过[来去头身]|[上下进出开到在住向回给来去掉](?!不)"
_HOW = (
    r"(?:便|就|也|又|忙|则|却|正在?|还在|仍在?|在[^，。；“”]{1,8}?|从[^，。；“”]{1,8}?|往[^，。；“”]{1,6}?|把[^，。；“”]{1,8}?|朝[^，。；“”]{1,6}?|冲[^，。；“”]{1,6}?|对着?[^，。；“”]{1,6}?|用[^，。；“”]{1,8}?|一把|一边|一面|一手|径直|连忙|立刻|赶紧|突然|忽然|已经?|只|才|自己|亲自|独自|笑着|笑嘻嘻地?"
    r"|[\u4e00-\u9fff]{1,4}地|缓缓|慢慢|轻轻|悄悄|微微|匆匆|默默|大步|快步|哈哈|慢吞吞地?|一声不吭地?)"
)
_ACTS = (
    re.compile(
        rf"(?<![对向跟和与同给替为把被抱扶抬背拉请叫让像如似见]) ?(?P<who>{WHO})(?P<how>{_SOME}{{0,8}}?)(?P<v>{_SAYS})(?:了?一?[声句])?[：，:,]?(?=[“「\"])"
    ),
    re.compile(rf"[”」\"](?P<who>{WHO})(?P<how>{_SOME}{{0,6}}?)(?P<v>{_SAYS})(?=[。，；：！])"),
    re.compile(
        rf"(?:^|(?<=[，。；！”」\s]))(?P<who>{WHO})(?P<how>{_HOW}{{0,3}})(?P<v>(?:[{_VERBS}]{{1,2}}(?:一|了)?[{_VERBS}]?(?:{_ASPECT})|一[{_VERBS}](?=[，。；！])|(?:{_OBJECTS})))(?!的|过的|[^，。；]{{0,4}}(?:的?时候|时[，候]|之前|之后|以前|以后)|来(?:是|像))"
    ),
    re.compile(
        rf"(?:^|[。！？\s])(?P<who>{WHO})(?!的)(?P<how>[^。；：“”「」他她\x00{WHO[1:-1]}]{{1,20}})(?P<v>：)(?=[“「])"
    ),
    re.compile(rf"^(?P<who>{WHO})(?P<how>)(?:（[^）]*）)?(?P<v>：)(?=\S)"),
)
_SAYS_LATER = re.compile(
    rf"(?:^|[，。；])(?P<who>{WHO})[^。；：“”「」他她\x00{WHO[1:-1]}]{{1,16}}，(?P<how>[^，。；：“”「」他她\x00{WHO[1:-1]}]{{0,6}}?)(?P<v>{_SAYS})[：:]?(?=[“「])"
)
#: Anywhere in a sentence, these say that it tells of another time, or of what is not.
_UNREAL = re.compile(
    "若|如果|要是|倘|仿佛|好像|似乎|梦|想起|记得|曾|当年|从前|生前|的话|以前|那年|鬼|魂|信[上里中]|写道|吗|？|原来|[似般]的|每[次回年天]|总是?"
)
#: In the clause: it is not so, or may be so.
_NOT_SO = re.compile("不|没|未|像|会|能|想要?|时候|之前|时[，候]")
_ADV = "(?:已经|早已|早就|已|就|便|就此|终于|终究|当场|于是|最终|竟|到底|果然|也|就这样|这样|这么|真的|还是|抢救无效|在[^，。；]{1,12}|于[^，。；]{1,6}|，){0,3}"
_DYING = (
    "死了|去世了?|辞世|离世|身亡|断了?气|咽了?气|咽下了?最后一口气|停止了?呼吸|没了(?=[，。！]|\\Z)|病逝|病死|身故|气绝|殒命|亡故|病故|过世了?|牺牲了?|毙命|丧命|丧生|遇难|死去|战死|阵亡|死[在于]|一命呜呼|与世长辞|溘然长逝"
    "|撒手人寰|自尽(?!未)|自缢|淹死了?|冻死了?|烧死了?|摔死了?|病死了?|饿死了(?=[，。])|被?炸死了?|吊死了?"
)
_DIED = (
    re.compile(rf"(?P<who>{WHO}){_ADV}(?P<v>{_DYING})"),
    re.compile(
        rf"(?P<who>{WHO})的(?:尸体|遗体|尸首|尸身|葬礼|丧事|灵柩|棺木?|骨灰|坟[前头上边]|墓[前碑]|灵堂|牌位|遗像|遗孀|头七|忌日|追悼会|后事|死讯|讣告)"
    ),
    re.compile(
        rf"(?:把|将)(?P<who>{WHO})(?:的[尸遗]体)?(?:[^，。；\x00{WHO[1:-1]}]{{0,10}})?(?:葬|埋|安葬|下葬|掩埋|火化|入殓|入土)(?:了|在|到|进|于)"
    ),
    re.compile(
        rf"(?P<who>{WHO})(?:[^，。；把将给替拿用\x00{WHO[1:-1]}]{{0,6}})?(?:下葬|入土|出殡|入殓|火化|葬在|埋在)(?:了|那天|的时候|这天|之后|以后)?(?!雪|被|书|土豆)"
    ),
    re.compile(rf"(?:给|替|为)(?P<who>{WHO})守了?[^，。；]{{0,5}}[灵孝墓]"),
    re.compile(
        rf"(?:给|替|为)(?P<who>{WHO})(?:送葬|收尸|守灵|立碑|上坟|烧纸|出殡|办丧事|收殓|办后事|合上了?眼)"
    ),
    re.compile(
        rf"(?P<who>{WHO})(?:已经|已|早已)?(?:被|让|叫|给)(?:[^，。；]{{0,10}})(?:杀死|害死|处死|处决|斩首|毒死|烧死|砍死|刺死|打死|撞死|轧死|炸死|绞死|枪毙|枪决|射杀|杀)了?(?!气)"
    ),
    re.compile(
        rf"(?:杀了?|害死了?|毒死了?|枪毙了?|处决了?|撞死了?|淹死了?|勒死了?|打死了?|夺走了|夺去了|带走了|卷走了|吞没了)(?P<who>{WHO})(?:的(?:性?命|生命))?(?=[，。；！]|\Z)"
    ),
    re.compile(
        rf"(?P<who>{WHO})(?:终究|到底|最终|还是)?(?:没能?|没有)(?:能)?(?:熬过|撑过|挺过|捱过|救回来|救过来|抢救过来|醒过来就)"
    ),
)
#: What the living never do again; these hold a 没 of their own.
_NEVER_AGAIN = (
    re.compile(
        rf"(?P<who>{WHO})[^。！？\x00{WHO[1:-1]}]{{0,24}}?(?:再也|从此|就此)(?:没|没有)(?:再)?(?:醒过?来|睁开?过?眼|站?起来过?|动过|出过气|有了?呼吸)(?=[，。；！]|\Z)"
    ),
    re.compile(
        rf"(?P<who>{WHO})(?:已经|已|早就|早)?(?:没了|没有了)(?:呼吸|气息|脉搏|心跳|气)(?=[，。；！]|\Z)"
    ),
)
_DENIED = re.compile(
    "不是|不像|并非|并不|没(?!落|有?了|能)|未|无(?!效)|似乎|好像|仿佛|如同|宛如|犹如|好似|像|几乎|险些|差点|曾|或|比|谁|何"
)
_NOT_DIED = re.compile(
    "[吓气笑累急羞烦渴困热冷疼痛羡想爱恨闷愁苦乐]死|死心|死[死活]|要死|该死|死不|找死|装死|心死|死守|死命|死者|寻死|拼死|救(?!无效|护|过来|回来)|戏|扮|演|未死|没死|以为|都说|人说|说是|传言|据说|听说|谣"
)
_ALIVE = re.compile(
    rf"(?P<who>{WHO})[^，。；]{{0,6}}(?:没死|没有死|未死|还活着|活了过来|复活|诈死|假死|活着回来|死里逃生)"
)


def deaths(marked: str) -> Iterator[Found]:
    """Whose death a marked sentence tells."""
    if _NOT_DIED.search(marked):
        return
    for pattern in _DIED:
        for each in pattern.finditer(marked):
            if not _DENIED.search(marked, _clause(marked, each.start()), each.start()):
                yield Found("dead", each["who"], "alive", "no")
    for pattern in _NEVER_AGAIN:
        for each in pattern.finditer(marked):
            if not _DENIED.search(marked, 0, each.start()):
                yield Found("dead", each["who"], "alive", "no")


def acts(marked: str) -> Iterator[Found]:
    """Who does in a marked sentence what only the living do, and who lives."""
    for each in _ALIVE.finditer(marked):
        yield Found("alive", each["who"])
    if _UNREAL.search(marked):
        return
    for pattern in (*_ACTS, _SAYS_LATER):
        for each in pattern.finditer(marked):
            if not _NOT_SO.search(marked, _clause(marked, each.start()), each.end()):
                is_speech = each["v"] == "：" or re.fullmatch(_SAYS, each["v"])
                yield Found("acts", each["who"], "speaks" if is_speech else "acts", each["v"])


def _clause(marked: str, end: int) -> int:
    """Where the clause begins that reaches to ``end``."""
    return max(marked.rfind(mark, 0, end) for mark in "，；。”") + 1
