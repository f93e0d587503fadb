"""What becomes of things in an English sentence: lost, given away, used; see :mod:`writer_app.text.english_claims`."""

import re
from collections.abc import Iterator

from writer_app.text.english_lives import clause
from writer_app.text.marking import PERSON, THINGS, WHAT, WHO, Found
from writer_app.text.whereabouts import AT_EN, MOVED

_OWN = rf"(?:(?:the|his|her|my|our|their|its|that|this|{WHO}[’']s|(?:his|her|my|their|{WHO}[’']s) \w+[’']s)(?: (?:own|old|little|poor|dear|precious|last|only|beloved|lovely|heavy|tiny|great|\w+ed))? )?"
_DEEP = "sea|river|lake|pond|stream|canal|harbou?r|well|ocean|waves|bog|marsh|sewer|gorge|ravine|sewers|drain|chasm|crevasse|volcano|abyss|weir|sound|bay|fjord|channel|shaft|cliff|bridge|side|dock|creek|loch"
_FIRE = "fire|flames|furnace|stove|hearth|bonfire|kiln|grate|embers|forge|oven|coals|brazier|boiler"
_INTO = rf"(?:into|in|down|to|off|over|on|onto|under|beneath|through|overboard)(?: (?:the )?(?:bottom of the )?(?:(?!(?:by|near|of|beside|above|at|over|with|in|on)\b)\w+[ -]){{0,3}}(?:{_DEEP}|{_FIRE}))\b"
_BITS = "pieces|bits|shards|splinters|fragments|smithereens|dust|powder|ash|ashes|cinders|flinders|shreds|ribbons|matchwood|two|half|halves|the ground|confetti|nothing|atoms|tatters"
_TO_BITS = rf"(?:in|into|to) (?:(?:a|an|its|the|some) )?(?:\w+ )?(?:{_BITS})\b"
_BROKEN = "destroyed|smashed|shattered|burned|burnt|melted|incinerated|obliterated|sunk|ground to dust|wrecked|crushed|torn up|swept away|lost overboard|blown up|scrapped|trampled|devoured|swallowed up|melted down"
_BREAKS = "burned|burnt|smashed|shattered|destroyed|melted|incinerated|crushed|tore up|ripped up|wrecked|scrapped|melted down|blew up"
_POWER = "sea|wind|fire|river|flames|tide|current|flood|waves|water|mob|explosion|storm|lightning|gale|landslide|avalanche"
_GOES = "slid|slipped|fell|dropped|went|rolled|sank|vanished|plunged|tumbled|disappeared|splashed|toppled|flew|sailed|bounced"
_WORDS = "was|were|had|has|been|have|lay|it|and|there|fell|came|went|flew|burst|broke|hung|smashed|shattered|dashed|split|splintered|cracked|crumbled|burned|burnt|turned|exploded|tore"
#: Whatever became of it, nobody has it any more.
_GONE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<who>{WHAT}) (?:was|were|had been|has been|lay|is|lies) (?:\w+ly )?(?P<v>{_BROKEN})\b",
        rf"(?P<who>{WHAT})(?:[^.;:\x00{PERSON}-{THINGS}]{{0,60}}?(?:,| and|, and|\bit))? (?:(?:{_WORDS}) ){{1,3}}(?P<v>{_TO_BITS})",
        rf"(?P<v>{_BREAKS}) {_OWN}(?P<who>{WHAT})(?= (?:to|into|in|with|down|up|until|and|against|on|under)\b|[.,;!])",
        rf"\b(?:broke|tore|ripped|snapped|hacked|chopped|ground|hammered|stamped|kicked|pounded|cut) {_OWN}(?P<who>{WHAT}) (?P<v>{_TO_BITS})",
        rf"\b(?P<v>put|drove|sent) (?:\w+[’']s |his |her |{WHO}[’']s |a |the )?(?:boot|foot|fist|heel|hammer|axe|head) through {_OWN}(?P<who>{WHAT})",
        rf"(?P<v>threw|thrown|tossed|flung|hurled|cast|dropped|sank|pitched|slung|heaved|lobbed|thrust|fed|tipped|emptied|let|knocked|kicked|shoved|pushed) {_OWN}(?P<who>{WHAT}) (?:[^.;\x00{PERSON}-{THINGS}]{{0,24}} )??(?:overboard|{_INTO})",
        rf"(?P<v>fed|consigned) {_OWN}(?P<who>{WHAT}) to the (?:{_FIRE})",
        rf"(?P<v>left|forgot) {_OWN}(?P<who>{WHAT}) (?:behind\b|(?:on|in|at) the (?:train|bus|tram|taxi|cab|plane|boat|ferry|carriage|coach|underground)\b)",
        rf"(?P<who>{WHAT}) (?:had )?(?P<v>{_GOES})\b[^.;\x00{PERSON}-{THINGS}]{{0,40}}?(?:overboard|{_INTO})",
        rf"(?P<who>{WHAT}) (?:had )?(?P<v>crumbled to|burned to|turned to|lay at the bottom of|sank|went up in (?:flames|smoke)|burned down|burnt down|shattered|exploded|went overboard)\b",
        rf"\b(?:{_POWER}) (?:had )?(?P<v>took|taken|swallowed|carried off|carried away|ate|eaten|devoured|consumed|destroyed|swept away|claimed) {_OWN}(?P<who>{WHAT})(?![’'])",
        rf"\b(?:watched|saw|let) {_OWN}(?P<who>{WHAT}) (?P<v>sink|burn|go down|go up in flames|shatter|fall to pieces|drift away|float away)\b",
        rf"(?P<who>{WHAT})[^.;:\x00{PERSON}-{THINGS}]{{0,60}}?,? and it (?P<v>burst|shattered|splintered|smashed|broke|exploded|crumbled)\b",
        rf"\bwind (?:had )?(?P<v>took|caught|snatched) {_OWN}(?P<who>{WHAT}) and carried it (?:out to sea|away|off|over)",
        rf"\b(?P<v>swept up|gathered up|picked up|buried) (?:what (?:was|had been) left|the (?:pieces|bits|shards|remains|fragments|ashes|splinters)|every bit) of {_OWN}(?P<who>{WHAT})",
    )
)
#: Somebody who had it has it no more, and somebody else does.
_GIVEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<v>sold|pawned|auctioned|traded|swapped|bartered|gambled away|donated|bequeathed|surrendered|traded in|staked and lost) {_OWN}(?P<who>{WHAT})(?= (?:to|for|at|in|and|on|off|last|that)\b|[.,;!])",
        rf"(?P<v>gave|handed|presented|left|passed) {_OWN}(?P<who>{WHAT}) to [^.;\x00]{{2,40}}?\b(?:for good|to keep|as a (?:\w+ )?(?:gift|present|keepsake)|in (?:his|her|their) will|for (?:his|her|their) (?:wedding|birthday|dowry))\b",
        rf"(?P<v>gave) (?:him|her|them|{WHO}|the \w+) {_OWN}(?P<who>{WHAT}) (?:for good|to keep|as a (?:\w+ )?(?:gift|present|keepsake)|for (?:his|her|their) (?:wedding|birthday|dowry))\b",
        rf"(?P<v>gave) {_OWN}(?P<who>{WHAT}) away\b|(?P<v2>gave away|lost) {_OWN}(?P<who2>{WHAT}) (?:at (?:cards|dice|faro|poker|the tables)|to (?:the|a) (?:bank|pawnbroker|bailiffs?|charity|museum|poor))\b",
        rf"(?P<v>took off|drew off|unclasped|unpinned|slid off) {_OWN}(?P<who>{WHAT}) and (?:slipped|put|slid|fastened|hung|pinned|clasped) it (?:on|on to|onto|round|around|about) (?:(?!(?:his|her) own)(?:the \w+|her \w+|his \w+|{WHO})[’']s|her|his) (?:finger|wrist|neck|throat|arm|lapel)",
    )
)
_NOT_GONE = re.compile(
    r"\b(?:caught|fished|rescued|retrieved|snatched (?:it )?back|saved|stopped|grabbed|tried|wanted|meant|threaten\w*|about to|going to|plan\w*|copy|copies|pages? of)\b"
)
_USES = (
    "took|picked up|lifted|held|raised|opened|drew|wore|lit|unlocked|handed|gave|put on|slipped|slid|pulled|gripped|clutched|fingered|touched|swung|polished|read|turned|spun|sailed|boarded|steered|moored"
    "|sheathed|fired|aimed|rode|drove|wound|played|carried|waved|drank from|consulted|checked|read from|wrote in|leafed through|flipped through|looked through|peered through|cut \\w+ with|turned on"
    "|switched on|wrapped|buckled|poured from|filled|emptied|fastened|pinned|clasped|strapped|tied|hung|set|stood|laid|tuned|strummed|bowed|blew|rang|unfolded|folded|spread|unrolled|rolled up|loaded|cocked"
    "|looked at|glanced at|shut|closed|locked|saddled|mounted|harnessed|stroked|brushed|wiped|dusted|cleaned|oiled|sharpened|brandished|threw the saddle (?:across|over|on)|led|fed|parked|started|typed on"
    "|put up|shook out|buttoned|shouldered|unsheathed|hefted|tucked|dropped|tossed|snapped|pocketed|sipped from|stirred|heated|patted|propped|trained|focused|leaned on|lay in|sat on|climbed into|stepped into|got on|got into|put \\w+[’']?s? ?eye to|set out|rode off on|dealt"
)
_USED = (
    re.compile(
        rf"\b(?P<v>{_USES})(?: up| out| on| off| down| open| shut)?(?: (?:him|her|them|me|{WHO}))? {_OWN}(?P<who>{WHAT})(?![’'])"
    ),
    re.compile(
        rf"(?P<who>{WHAT}) (?P<v>hung|gleamed|glinted|shone|ticked|glittered|swung|glowed|rang)\b"
    ),
    re.compile(rf"\b(?P<v>slept|dined|lunched|lodged|prayed) (?:in|at) (?:the )?(?P<who>{WHAT})"),
    re.compile(
        rf"\b(?P<v>opened|shut|locked|unlocked|pushed|knocked at) (?:the )?(?:doors?|gates?|windows?) of (?:the )?(?P<who>{WHAT})"
    ),
    re.compile(rf"\b(?P<v>with) (?:the |his |her |{WHO}[’']s )(?P<who>{WHAT})(?=[.,;])"),
    re.compile(rf"\b(?P<v>with) {_OWN}(?P<who>{WHAT}) (?:in|on|at|under|over|round) {WHO}[’']s\b"),
)
_NOT_USED = re.compile(
    r"\b(?:another|new|second|copy|copies|replacement|replica|twin|similar|spare|pieces?|shards?|ash|ashes|remains|ruins?|repaired|mended|rebuilt|remembered"
    r"|found|recovered|retrieved|returned|restored|bought|back|memory|empty|where|duplicate|fake|forged|other|what was left|charred|broken|fragments?|rebuil\w+|reforged|salvaged)\b"
)
_BACK = re.compile(
    rf"\b(?:found|recovered|retrieved|returned|restored|repaired|mended|rebuilt|reforged|salvaged|fished|redeemed|bought back|won back|brought back|got back|gave back|replaced|dug up|glued)\b(?: [\w’']+){{0,3}}? (?P<who>{WHAT})"
    rf"|(?P<who2>{WHAT}) (?:was|had been|has been) (?:found|recovered|retrieved|returned|restored|repaired|mended|rebuilt|reforged|replaced|redeemed|bought back|given back)\b"
)
_AT = re.compile(
    rf"(?P<who>{WHAT}) (?:was|lay|stood|hung|sat|is|lies|stands|hangs|rested|was (?:kept|hidden|locked|buried))(?: (?:still|safely|now|always))? (?:in|on|at|inside|under|behind|beneath) (?:the )?(?P<other>{WHAT})"
)
_LIES = re.compile(rf"(?P<who>{WHAT}) {AT_EN}")
_DENIED = re.compile(
    r"\b(?:not|never|no|none|neither|nor|without|would|could|might|may|should|as if|as though|like|almost|nearly|until|till|than|too|either|or|will)\b|n[’']t\b",
    re.IGNORECASE,
)
#: A sign for somebody who does something.
_DOER = re.compile(rf"{WHO}(?![’'])")


def things(marked: str) -> Iterator[Found]:
    """What a marked sentence tells of things."""
    if not re.search(WHAT, marked):
        return
    if not _NOT_GONE.search(marked):
        for each in _plain(_GONE, marked):
            yield Found("gone", each["who"], "fate", each["v"])
        for each in _plain(_GIVEN, marked):
            said = each.groupdict()
            who = said["who"] or said.get("who2") or ""
            giver = _doer(marked, each.start())
            yield Found("gone", who, "given" if giver else "fate", said["v"] or "", giver)
    if not _NOT_USED.search(marked):
        for each in _plain(_USED, marked):
            yield Found("used", each["who"], "fate", each["v"], _doer(marked, each.end()))
        for each in _plain((_AT,), marked):
            yield Found("at", each["who"], "place", "", each["other"])
        for each in _plain((_LIES,), marked):
            yield Found("at", each["who"], "place", each["where"])
    if MOVED.search(marked):
        for sign in set(re.findall(WHAT, marked)):
            yield Found("moved", sign)


def returns(marked: str) -> Iterator[Found]:
    """What a marked sentence tells to be whole or there again."""
    for back in _BACK.finditer(marked):
        yield Found("alive", back["who"] or back["who2"])


def _doer(marked: str, end: int) -> str:
    """The sign of the last one before ``end`` who does something; empty for nobody."""
    found = _DOER.findall(marked, 0, end)
    return found[-1] if found else ""


def _plain(patterns: tuple[re.Pattern[str], ...], marked: str) -> Iterator[re.Match[str]]:
    """Matches before which nothing is denied in their clause."""
    for pattern in patterns:
        for each in pattern.finditer(marked):
            if not _DENIED.search(marked, clause(marked, each.start()), each.end()):
                yield each
