"""What an English sentence says plainly; see :mod:`writer_app.text.claims`."""

import re
from collections.abc import Iterator

from writer_app.text.english_lives import acts, clause, deaths
from writer_app.text.english_things import returns, things
from writer_app.text.kinship import EN_KIN
from writer_app.text.marking import PERSON, PERSONS, WHAT, WHO, Found
from writer_app.text.spelling import ONES, TEENS, TENS, ordinal
from writer_app.text.traits import EN_COLOUR, is_comparable, trait_of

#: Sentences that may tell of eyes or hair.
LOOKS = re.compile(
    r"\b(?:eyes?|hair|curls|locks|haired|eyed|braids?|plaits?|ponytail|pigtails|tresses|ringlets|beard|moustache|mustache)\b"
)
#: Sentences that may tell of a death.
DYING = re.compile(
    r"\b(?:died|dead|buried|bury|grave|killed|drowned|hanged|coffin|body|breath|breathing|breathed|again|corpse|funeral|laid|sheet|passed away|heart)\b"
)
#: From here on, the section tells of an earlier time.
EARLIER = re.compile(
    r"\b(?:(?:years?|months|weeks|days|decades?|summers?|winters?) (?:ago|before|earlier|previously)|in those days|back then|long ago"
    r"|in (?:his|her|their) (?:youth|childhood)|as a (?:child|boy|girl)|when (?:he|she|they) (?:was|were) (?:\w+ )?(?:young|little|small|a child"
    r"|a boy|a girl|children|alive|still alive)|(?:first|last) (?:met|saw)|flashback|the (?:day|night|week|month|year|summer|winter|spring|autumn) before|before the (?:war|fire|accident|flood|storm|murder|funeral)"
    r"|that last (?:day|night|summer|winter|spring|autumn)|(?:was|were) (?:only |just |barely )?(?:four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)(?: years old)?(?: again| then| when|[.,;]))(?!\w)",
    re.IGNORECASE,
)
#: Near these, whoever acts may be dead, and alive only in somebody's head.
UNREAL = re.compile(
    r"\b(?:remember\w*|recall\w*|remind\w*|memor(?:y|ies)|dream\w*|nightmares?|asleep|ghost\w*|spirits?|phantom\w*|haunt\w*|visions?|apparition"
    r"|hallucinat\w*|portraits?|photo\w*|pictures?|painting|recording|tapes?|videos?|films?|letters?|diary|diaries|journal|notebook|imagin\w*"
    r"|heaven|in (?:his|her|my|their) (?:head|mind)|echo\w*|used to|(?<!at )once|grave|last will|legend|story|stories|tales?|years ago|the late|voicemail"
    r"|mirror|screen|album|see (?:him|her) (?:still|again|now|as)|(?:still|almost|nearly) (?:see|hear)|in (?:his|her) day|had (?:first )?met|that was (?:how|when)|that was the (?:day|night|year|summer|winter|time)|also (?:called|named)|same name|look-?alikes?|twins?|double|stranger|calls himself|calls herself|taught|radio|television|projector|gramophone|phonograph|medium|fortune-teller|heard \S+ (?:\S+ )?voice|answering machine"
    r"|(?:closed|shut) (?:his|her|their) eyes|through (?:him|her)|(?:1[0-9]{3}|20[0-9]{2}) again|séance|seance|resurrect\w*|zombie|undead|vampire|alive|impost\w*|namesake|statue|actor|role|on (?:the )?stage|named|novel|the past|(?:is|was|were) not there|nobody else (?:saw|sees|heard|hears)|(?:audience|curtain|applause|wings))\b",
    re.IGNORECASE,
)
#: From here on, the section is dreamt, or haunted.
DREAMT = re.compile(
    r"\b(?:dream\w*|nightmares?|ghosts?|séance|seance|phantom|apparition|hallucinat\w*|delirium|fever|fell asleep|flash(?:ed)? back)\b",
    re.IGNORECASE,
)
#: What was told before it in the section was dreamt.
WAKES = re.compile(
    r"\b(?:woke|awoke|wakes|awakes|awakened|woken)\b(?! (?:him|her|them|up the|the)\b)|\bsat (?:up|upright|bolt upright) in bed\b"
)
#: Somebody else is there, of whom “he” and “she” may be meant.
SOMEBODY = re.compile(
    r"\b(?:man|men|woman|women|boys?|girls?|child|children|lady|ladies|gentlem[ae]n|mother|father|brothers?|sisters?|sons?|daughters?|husband"
    r"|wife|uncle|aunt|cousins?|friends?|strangers?|servants?|maid|doctor|captain|king|queen|prince|princess|baby|babies|infant|guests?|host"
    r"|officers?|soldiers?|guards?|teacher|nurse|driver|waiter|waitress|clerk|priest|monk|nun|fellow|guy|somebody|someone|person|people|they"
    r"|cat|dog|horse|mare|stallion|creature|doll|twins?|grand\w+|(?:the|this|that|each|every|which|old|young) one|the other|others|another|actor|actress|daughter-in-law|thief|killer|detective"
    r"|inspector|sergeant|witch|wizard|you|your|couple|crowd|visitor|sailor|neighbou?r|landlady|landlord|bride|groom|judge)\b"
    r"|(?<=[a-z,;] )(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday"
    r"|Thursday|Friday|Saturday|Sunday|English|French|German|Latin)\b)[A-Z][a-zà-ÿ]+"
)
#: Anywhere in a sentence, these say that it may not be so.
_DOUBT = re.compile(
    r"\b(?:if|unless|whether|perhaps|maybe|possibly|probably|seem\w*|appear\w*|thought|think\w*|believ\w*|suppos\w*|imagin\w*|wonder\w*|dream\w*"
    r"|dreamt|pretend\w*|lied|lies|lying|claim\w*|rumou?r\w*|suspect\w*|fear\w*|hope\w*|wish\w*|remember\w*|recall\w*|used to|dye\w*|wig"
    r"|disguis\w*|mask\w*|costume\w*|paint\w*|lens|lenses|rather than|instead|anyone|novel|story|play|joke\w*|insist\w*|assum\w*|guess\w*|swore"
    r"|sworn|told|heard (?:that|of|tell|from|he|she|how)|said (?:that(?! (?:was|is))|he|she|his|her)|according|legend|say|says|reported\w*|whoever|papers?|newspapers?|everyone|everybody|news"
    r"|fake\w*|feign\w*|mistak\w*|wrong\w*|expect\w*|stage|hired|rented|role|pictures?|portraits?|photo\w*|canvas|drawing|sketch|statue|posters?|doll|avatar|reporters?|press|film|screen)\b|\?|, (?:\w+ ){0,2}said,",
    re.IGNORECASE,
)
#: Before what is said, these say that it is not so, or only likened.
_DENIED = re.compile(
    r"\b(?:not|never|no|none|neither|nor|without|would|could|might|may|should|as if|as though|like|almost|nearly|until|till|than|too|either|or|once"
    r"|will|had been)\b|n[’']t\b",
    re.IGNORECASE,
)
_AGE_DOUBT = re.compile(
    r"\b(?:if|perhaps|maybe|thought|guess\w*|believ\w*|suppos\w*|pretend\w*|lied|claim\w*|said|told|remember\w*|when|or|insist\w*|joke\w*)\b|\?",
    re.IGNORECASE,
)
_AGE_DENIED = re.compile(
    r"\b(?:not|never|no|would|could|might|seem\w*|look\w*|felt|feel\w*|as if|as though|like|almost|nearly|about|around|over|under|than|since|until"
    r"|next|once|had been|again|inside|heart|ways?|forever|soon|will|going on)\b|n[’']t\b",
    re.IGNORECASE,
)
_ADJ = (
    r"(?:(?:own|long|short|bright|pale|dark|light|deep|large|big|small|wide|cold|warm|soft|clear|tired|keen|sharp|gentle|kind|thick|thin|wet"
    r"|loose|fine|two|great|old|young|strange|famous|brilliant|sad|calm|round|narrow|steady|intense|very|quite|vivid|straight|neat"
    r"|ice|sea|steel|sky|storm|\w+(?:ing|ful|less|y|ish|ed|ous))[- ,]+)"
)
_COL = rf"(?P<v>(?:(?:dark|light|pale|deep|bright)[- ])?(?:{EN_COLOUR})(?:[- ](?:{EN_COLOUR}))?)"
_EYES = r"(?P<part>eyes|hair|curls|locks|braids?|plaits?|ponytail|pigtails|tresses|ringlets|fringe|beard|moustache|mustache|whiskers)"
_LIKE = r"as (?!thunder|night|death|murder|if|though|the plaster)"
_ALONE = rf"(?=[,.;:!—]| (?:and|but|eyes)\b| {_LIKE}|\Z)"
_ELDERS = "father|mother|grandfather|grandmother|aunt|uncle|brother|sister"
_TRAITS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<who>{WHO})[’']s? {_ADJ}*?{_COL},? {_ADJ}*?{_EYES}\b",
        rf"(?P<who>{WHO})[’']s? {_ADJ}*{_EYES} (?:was|were|is|are) (?:(?:a|an|the|of|very|so|quite|as|still) )*{_ADJ}*?{_COL}{_ALONE}",
        rf"(?P<who>{WHO})[’']s {_ADJ}*{_EYES}, (?:a |an )?{_ADJ}*?{_COL}\b(?=[,.;]| and\b| {_LIKE})",
        rf"\bhow {_COL} (?P<who>{WHO})[’']s {_EYES} (?:was|were|is|are)\b",
        rf"(?P<who>{WHO}) (?:(?:has|had) )?(?:has|had|inherited|got) (?:his|her|{WHO}[’']s|the) (?:{_ELDERS})[’']s {_ADJ}*?{_COL},? {_ADJ}*?{_EYES}\b",
        # Isobel lifted her head, green eyes bright
        rf"^(?:\w+ )?(?P<who>{WHO})(?![’'])(?:[^.;:\x00{PERSON}-{PERSONS}]|{WHO}[’']s){{3,60}}, {_ADJ}*?{_COL},? {_ADJ}*?{_EYES} (?:\w+ing|\w+ed|bright|wide|dull|wet|full|dark with|on)\b",
        rf"(?P<who>{WHO}),? (?:has|had|with|was born with)(?: (?:a|{WHO}[’']s))? {_ADJ}*?{_COL},? {_ADJ}*?{_EYES}\b",
        rf"(?<![\w{WHO[1:-1]}] and ){_COL}[- ](?P<part>eyed|haired) (?P<who>{WHO})(?![’'])",
        rf"(?P<who>{WHO})(?: (?:was|is)|,)(?: (?:a|an|the))? {_ADJ}*?{_COL}[- ](?P<part>eyed|haired)\b(?! \w+ (?:\w+ed|said|was|had|thought)\b)",
        rf"\bthe {_ADJ}*?{_COL} of (?P<who>{WHO})[’']s {_ADJ}*?{_EYES}\b",
        rf"(?P<who>{WHO})[’']s {_ADJ}*{_EYES}(?:,| that| which) (?:of|were) (?:a|an|the) {_ADJ}*?{_COL}\b",
        rf"(?P<who>{WHO}), whose {_ADJ}*?{_COL},? {_ADJ}*?{_EYES}\b",
        rf"(?P<who>{WHO}), whose {_ADJ}*{_EYES} (?:was|were|is|are) {_ADJ}*?{_COL}{_ALONE}",
        rf"(?P<who>{WHO})(?: (?:was|is)|,) a {_ADJ}*(?P<v>blonde?|brunette|redhead)(?P<part>)\b",
    )
)
_HEIGHT = (
    re.compile(
        rf"(?P<who>{WHO})(?:,| was| is)(?: (?:very|quite|so|rather|exceptionally|unusually))?(?: an?)?(?: (?:very|unusually))?(?: \w+,)? "
        r"(?P<v>tall|short|tiny|diminutive|petite|towering)(?=[.,;]| and \w+[.,;]|,? (?:\w+ )?(?:man|woman|girl|boy|fellow|lad|youth)\b)"
    ),
    re.compile(
        rf"(?P<who>{WHO}) (?:was|is|stood|stands|measured|measures) (?:\w+ ){{0,2}}?(?P<v>(?:[12]\.\d\d? ?m\w*|[12]\d\d ?(?:cm|centim\w+)"
        r"|(?:[4-7]|four|five|six|seven)[- ](?:foot|feet)(?:[- ](?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven))?))\b(?! (?:away|from|behind|below|above|off))"
    ),
)
_ORDINALS = {ordinal(number): number for number in range(1, 100)}
_NUMBER = (
    rf"(?P<n>\d{{1,3}}|(?:{TENS})(?:[- ](?:{ONES}))?|{TEENS}|three|four|five|six|seven|eight|nine)"
)
_AGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<who>{WHO})(?: was| is| turned| had (?:just )?turned)(?: (?:only|just|now|barely|already|then|still|exactly))* {_NUMBER}(?: years (?:old|of age)\b|(?=[.;,]| now\b| today\b| and (?:looked|felt|had|still)\b| (?:this|that) (?:year|spring|summer|autumn|winter|month)| in (?:January|February|March|April|May|June|July|August|September|October|November|December)))",
        rf"(?P<who>{WHO}), (?:aged |now |only |just )?{_NUMBER}(?: years old)?,",
        rf"\b{_NUMBER}-year-old (?P<who>{WHO})",
        rf"\bAt {_NUMBER}, (?P<who>{WHO}) (?:was|is|still)\b",
        rf"(?P<who>{WHO})[’']s (?P<n>{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th)) birthday\b(?! (?:party )?(?:would|will|in|before))",
    )
)
_BORN = re.compile(
    rf"(?P<who>{WHO})(?: was| had been|,) born (?:\w+ ){{0,3}}?(?:on|in) [^.;,]{{0,30}}?(?P<v>1\d{{3}}|20\d\d)\b"
)
_BODY = r"(?P<side>left|right) (?P<part>cheek|eye|eyebrow|brow|hand|arm|wrist|shoulder|temple|leg|knee|palm|foot|ear|forearm|thigh|ankle|face)"
_MARK = r"(?P<mark>scar|mole|birthmark|tattoo)"
_MARKED = (
    re.compile(rf"\b{_MARK}(?:s|red|ed)?\b[^.;]{{0,40}}?\b{_BODY}\b"),
    re.compile(rf"\b{_BODY}\b[^.;]{{0,12}}\b{_MARK}"),
)
_OFF = r"(?:off|away|below|above|at the (?:shoulder|elbow|wrist|knee|hip))"
_CUT = "cut|sawed|sawn|hacked|chopped|took|taken|torn|tore|blown|blew|shot|sliced|ripped|struck"
_SECOND = _BODY.replace("side", "side2").replace("part", "part2")
_LOST = (
    re.compile(
        rf"(?P<who>{WHO}) (?:had |has )?(?:lost|was missing|is missing) (?:the use of )?(?:{WHO}[’']s|his|her|the|a) {_BODY}\b"
        rf"|(?P<who2>{WHO})[’']s {_SECOND} (?:had been (?:amputated|severed|taken off)|was (?:amputated|severed|taken off|gone|missing|off)|ended in a stump|came (?:clean )?off)"
    ),
    re.compile(
        rf"\b(?:{_CUT}) off (?P<who>{WHO})[’']s {_BODY}\b|\b(?:{_CUT}|amputated|severed|claimed) (?P<who2>{WHO})[’']s {_SECOND} (?:{_OFF}|in\b)"
    ),
)
#: Where only one person is named: the surgeon took the left arm off at the shoulder.
_LOST_ALONE = re.compile(
    rf"\b(?:(?:{_CUT}) off (?:his|her|the) {_BODY}\b|(?:{_CUT}) (?:his|her|the) {_SECOND} {_OFF}\b)(?! of\b)"
    rf"|\b(?:the|{WHO}[’']s) {_BODY.replace('side', 'side3').replace('part', 'part3')} (?:was|had been) (?:amputated|severed|taken off|cut off|sawn off|shot away|blown off|blown away|torn off)\b"
)
_LIMB = re.compile(
    rf"(?P<who>{WHO})[’']s (?P<v>(?:left|right) (?:hand|arm|leg|foot|eye|fist))\b|(?P<who2>{WHO}) [^.;,]{{0,40}}?\bboth (?P<both>hands|arms|fists|eyes)\b"
    rf"|(?P<who3>{WHO})[’']s both (?P<both2>hands|arms|legs|feet|eyes|fists)\b"
    rf"|\b(?:clapped|rubbed|folded|clasped|wrung|cupped|spread|joined) (?P<who4>{WHO})[’']s (?P<both3>hands|arms)\b"
)
_LOST_DENIED = re.compile(
    r"\b(?:not|never|would|could|might|nearly|almost|if|as if|as though|like|threaten\w*|wanted)\b|n[’']t\b"
)
_STUMP = re.compile(
    r"\b(?:stump|prosthe\w+|wooden|artificial|empty sleeve|pinned|missing|phantom|hook|gone|where|patch|lost|glass (?:eye|hand)|blind|metal|mechanical|bionic|false|amput\w+)\b"
)
_LIMP = re.compile(rf"\b(?:limp\w*|lame|favou?r(?:ed|ing))\b[^.;]{{0,30}}?\b{_BODY}\b")
_HANDED = re.compile(
    rf"(?P<who>{WHO})(?: was| is|,)(?: \w+)? (?P<v>left|right)-handed\b|\b(?P<v2>left|right)-handed (?P<who2>{WHO})"
)

_KIN = rf"(?P<kin>(?:(?:elder|older|younger|little|big|half|step|twin|only|eldest|youngest|kid|baby)[- ])*(?:{EN_KIN})(?:-in-law)?)"
_KINSHIP = (
    re.compile(rf"(?P<b>{WHO})[’']s? {_KIN} (?P<a>{WHO})(?![’']s? (?:{EN_KIN}))"),
    re.compile(rf"(?P<b>{WHO})[’']s? {_KIN}, (?P<a>{WHO})(?=[,.;])"),
    re.compile(
        rf"(?P<a>{WHO})(?:,| was| is) (?P<b>{WHO})[’']s? (?:own |only )?{_KIN}(?=[,.;]| and\b|\Z)"
    ),
    re.compile(rf"(?P<a>{WHO})(?:,| was| is) (?:the|a|an) {_KIN} (?:of|to) (?P<b>{WHO})(?![’'])"),
)
#: Anna hugged her cousin Tom: only Anna can be meant.
_OWN_KIN = re.compile(
    rf"^(?:(?:When|As|Then|So|But|And) )?(?P<b>{WHO})(?![’'])(?:(?!\b(?:he|him|she|they|them|that|who)\b)[^{WHO[1:-1]}.;:\x00])*?\b(?P<whose>his|her) {_KIN},? (?P<a>{WHO})(?![’'])"
)
_PAIR = re.compile(
    rf"(?P<a>{WHO}) and (?P<b>{WHO}) (?:were|are)(?: (?:both|twin))? (?P<kin>brothers|sisters|siblings|cousins|twins|spouses)\b"
)
_COUPLE = re.compile(
    rf"(?P<a>{WHO}) and (?P<b>{WHO}) (?:were|are|had been) (?:(?P<kin>brother and sister|sister and brother)|husband and wife|man and wife|(?:newly )?(?:married|wed|newlyweds))\b(?! (?:to|in|before)\b)"
)
#: He was her brother.
THEIR_KIN = re.compile(
    rf"^(?:(?:And|But|For|Then) )?(?P<he>He|She|he|she) (?:was|is|had been) (?P<her>his|her) (?:(?:own|dear|only) )*{_KIN}(?=[,.;:]| and\b|\Z)"
)
SEX = {"he": "m", "his": "m", "she": "f", "her": "f"}

_OF = rf"(?P<who>{WHAT})[’']s (?P<part>[a-z]+) (?:was|were|is|are) (?:painted )?(?P<v>[\w-]+)"
_OWN = re.compile(
    rf"(?:{_OF}|\bthe (?P<part2>[a-z]+) of (?:the )?(?P<who2>{WHAT}) (?:was|were|is|are) (?:painted )?(?P<v2>[\w-]+)"
    rf"|\b(?P<v3>[\w-]+) (?P<who3>{WHAT})(?![’'])|(?P<who4>{WHAT}) (?:was|is) (?:made )?(?:of )?(?P<v4>[\w-]+)(?=[.,;])"
    rf"|(?P<who5>{WHAT}) (?:had|has) (?P<v5>[\w-]+) (?P<part5>[a-z]+)\b)"
)


def starts_with_name(told: str) -> bool:
    """Whether whom a sentence is about is named in its first words."""
    return bool(re.match(r"(?:(?:When|As|Then|And|But|So|While|Now) )?[A-Z]", told))


def pronouns(marked: str, sign: str, sex: str) -> str:
    """``marked`` with ``sign`` for the pronouns that mean it; where the sex is not known, only for plain subjects."""
    if sex == "-":
        if re.search(
            r"\b(?:met|saw|watch\w*|look\w*|star(?:ed|ing|e|es)|gaz\w+|kiss\w*|faced|facing|toward\w*)\b"
            r"|\b(?:into|at|behind|beside|to|with|for|from) (?:him|her)\b(?! [a-z])",
            marked,
        ):
            return marked
        words = {"subject": "He|She|he|she", "whose": "His|Her|his|her"}
    elif sex == "m":
        words = {"subject": "He|he", "whose": "His|his"}
    else:
        words = {"subject": "She|she", "whose": "Her|her"}
    marked = re.sub(rf"\b(?:{words['whose']})\b(?= [a-z])", sign + "’s", marked)
    # “He bowed to Tom” tells of another one.
    named = re.search(rf"{WHO}(?![’'])", marked)
    head = marked[: named.start()] if named else ""
    return head + re.sub(rf"\b(?:{words['subject']})\b(?![’'])", sign, marked[len(head) :])


def objects(marked: str, sign: str, sex: str) -> str:
    """``marked`` with ``sign`` for “him” or “her” as whom something is done to, unless he or she does it."""
    subject, object_ = (
        (r"\bhe\b", "him")
        if sex == "m"
        else (
            r"\bshe\b",
            r"her(?=[.,;:!]| (?:in|on|at|under|beside|beneath|behind|next|that|the|to)\b)",
        )
    )
    return (
        marked
        if re.search(subject, marked, re.IGNORECASE)
        else re.sub(rf"\b{object_}", sign, marked)
    )


def doubts(told: str) -> bool:
    """Whether what a sentence says may not be so."""
    return bool(_DOUBT.search(told))


def found(marked: str) -> Iterator[Found]:
    """Everything that a marked sentence plainly says."""
    if not _DOUBT.search(marked):
        yield from _traits(marked)
        yield from _bodies(marked)
        yield from _kinship(marked)
        yield from things(marked)
        yield from _own(marked)
        yield from deaths(marked)
    if not _AGE_DOUBT.search(marked):
        for each in _plain(_AGES, marked, _AGE_DENIED):
            yield Found("age", each["who"], "age", str(_ORDINALS.get(each["n"], each["n"])))
        for born in _plain((_BORN,), marked, _AGE_DENIED):
            yield Found("born", born["who"], "born", born["v"])
    yield from returns(marked)
    yield from acts(marked)


def _first(patterns: tuple[re.Pattern[str], ...], marked: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from pattern.finditer(marked)


def _plain(
    patterns: tuple[re.Pattern[str], ...], marked: str, denied: re.Pattern[str] = _DENIED
) -> Iterator[re.Match[str]]:
    """Matches before which nothing is denied."""
    for each in _first(patterns, marked):
        if not denied.search(marked, 0, each.end()):
            yield each


def _traits(marked: str) -> Iterator[Found]:
    if LOOKS.search(marked) or re.search("blond|brunette|redhead|fringe|whiskers", marked):
        for each in _plain(_TRAITS, marked):
            about = trait_of(each["part"])
            value = each["v"].replace("redhead", "red")
            if not (about == "eyes" and value in ("dark", "fair", "sandy", "golden")):
                yield Found("trait", each["who"], about, value)
    for each in _plain(_HEIGHT, marked):
        yield Found("trait", each["who"], "height", each["v"])
    for each in _plain((_HANDED,), marked):
        yield Found("trait", each["who"] or each["who2"], "hand", each["v"] or each["v2"])


def _bodies(marked: str) -> Iterator[Found]:
    people = set(re.findall(WHO, marked))
    if len(people) == 1 and not SOMEBODY.search(marked):
        (who,) = people
        for each in _plain(_MARKED, marked):
            yield Found("trait", who, each["mark"], f"{each['side']} {each['part']}")
        for each in _plain((_LIMP,), marked):
            yield Found("trait", who, "limp", f"{each['side']} {each['part']}")
    if len(people) == 1:
        for each in _first((_LOST_ALONE,), marked):
            if not _LOST_DENIED.search(marked, clause(marked, each.start()), each.start()):
                yield Found("trait", min(people), "lost", _part(each))
    for each in _first(_LOST, marked):
        if not _LOST_DENIED.search(marked, clause(marked, each.start()), each.start()):
            yield Found("trait", each["who"] or each["who2"], "lost", _part(each))
    if not _STUMP.search(marked):
        for each in _plain((_LIMB,), marked):
            both = each["both"] or each["both2"] or each["both3"]
            value = f"both {both}" if both else each["v"]
            who = next(filter(None, (each["who"], each["who2"], each["who3"], each["who4"])))
            yield Found("used", who, "limb", value)


def _part(each: re.Match[str]) -> str:
    said = each.groupdict()
    way = next(n for n in ("", "2", "3") if said.get("side" + n))
    return f"{said['side' + way]} {said['part' + way]}"


def _kinship(marked: str) -> Iterator[Found]:
    for each in _plain((*_KINSHIP, _PAIR), marked):
        word = each["kin"]
        yield Found(
            "kin",
            each["a"],
            word.removesuffix("s") if word.endswith("s") else word,
            word,
            each["b"],
        )
    for each in _plain((_COUPLE,), marked):
        word = "sibling" if each["kin"] else "spouse"
        yield Found("kin", each["a"], word, word, each["b"])
    for each in _plain((_OWN_KIN,), marked):
        yield Found("kin", each["a"], each["whose"], each["kin"], each["b"])


def _own(marked: str) -> Iterator[Found]:
    if not re.search(WHAT, marked):
        return
    for each in _plain((_OWN,), marked):
        who = next(
            filter(None, (each["who"], each["who2"], each["who3"], each["who4"], each["who5"]))
        )
        value = each["v"] or each["v2"] or each["v3"] or each["v4"] or each["v5"]
        if is_comparable(value):
            yield Found("trait", who, each["part"] or each["part2"] or each["part5"] or "", value)
