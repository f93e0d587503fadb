"""Who dies, and who acts, in an English sentence; see :mod:`writer_app.text.english_claims`."""

import re
from collections.abc import Iterator

from writer_app.text.marking import PERSON, PERSONS, WHO, Found

#: Verbs of what only the living do, at one moment: regular ones, those that double their last letter, and the rest.
_REGULAR = (
    "answer ask bake beckon blink boil bow brew butter carry carve chew chop chuckle climb close comb cook cough crawl crouch cross dance dress duck dust embrace enter fasten fetch fill flick"
    " fold frown fry fumble gesture glance greet grunt gulp hand harness heave hesitate hoist hurry iron juggle jump kick kiss knock lace ladle laugh lean lick lift light limp lock lower lurch march"
    " milk mount munch nibble nudge offer open pace pack paddle pedal peel perch pick pluck pocket point poke pour pull punch push raise rake reach refill roll rummage rush saddle salute saunter scoop"
    " scowl scramble scrape scratch scribble seize serve shave shiver shout shove shuffle sigh sketch slice slouch slump smile smoke snatch sneeze sniff snort splash spoon sprint squeeze squint stack"
    " stagger stare stamp stitch stomp stoop stow straighten stretch stroke stroll stumble suck swallow thank thump tighten tilt tiptoe toss trudge turn twirl twist unbutton unfold unlock unpack unroll"
    " untie unwrap wait walk wander wash wave wedge wheel whirl whistle whittle wink wipe wriggle yank yawn yell"
)
_DOUBLED = "beg chat clap dab dip drop drum flap flip grab grin hop hug hum jog lug mop nod pat prod prop rap rip rub scrub shrug sip slam slap slip snap squat step stir stop strap strum tap trot tug tut wag"
_IRREGULAR = (
    "ate eats bent bends blew blows brought brings came comes caught catches crept creeps cut cuts dealt deals drank drinks drew draws drove drives dug digs flung flings gave gives got gets held holds"
    " hid hides knelt kneels leant leans led leads lit lights made makes put puts ran runs rang rings read reads rode rides rose rises sang sings sat sits set sets sewed sews shook shakes shut shuts"
    " slid slides slung slings spat spits spread spreads sprang springs spun spins stole steals strode strides struck strikes stuck sticks swam swims swept sweeps swung swings threw throws tied ties"
    " took takes tore tears trod treads woke wakes wound winds wrung wrings"
)


def _forms() -> str:
    """The past and the present of each of them, as one pattern."""
    made = set(_IRREGULAR.split())
    for verb in _REGULAR.split():
        stem = verb[:-1] + "i" if re.search("[^aeou]y$", verb) else verb
        is_sibilant = verb.endswith(("s", "sh", "ch", "x")) or stem != verb
        made |= {stem.removesuffix("e") + "ed", stem + ("es" if is_sibilant else "s")}
    made |= {form for verb in _DOUBLED.split() for form in (f"{verb}{verb[-1]}ed", f"{verb}s")}
    return "|".join(sorted(made, key=len, reverse=True))


_SPOKE = (
    "said|testified|asked|replied|answered|cried|shouted|whispered|murmured|muttered|added|exclaimed|called|snapped|growled|agreed|continued|repeated|remarked|warned|observed"
    "|declared|announced|protested|begged|pleaded|suggested|explained|admitted|confessed|breathed|hissed|barked|roared|yelled|grumbled|mumbled|joked|urged|ordered|responded"
    "|went on|put in|told (?:him|her|them|everyone|me|us)|says|asks|replies|answers|whispers|shouts|murmurs|mutters|adds"
)
_STILL = "dying|being|going|lying|missing|resting|hanging|rotting|coming|becoming|getting|growing|running out|staring|haunting|sleeping"
_DOES = (
    rf"(?:{_forms()})\b(?! (?:shape|place|form|down in|birth|rise|way|its|the (?:world|village|town|family|country|church) (?:a|its|the|his|her)\b))|(?:looked|looks) (?:up|round|around|over)\b"
    r"|(?:began|started) to (?:laugh|walk|speak|read|sing|climb|run|pace|talk|cry|weep|dance|dig|write)"
    r"|(?:stood|stands) (?:up|at|by|in|beside|on|near|behind|before|outside|alone|there)|watched (?:him|her|them|me|us|the)|got up|turned (?:to|towards?|round|around|away)"
    rf"|(?:was|is) (?!(?:{_STILL})\b)(?:already )?\w+ing\b|(?:was|is) already (?:at|in|on)\b"
)
_ADVERB = r"(?:(?!family )\w+ly |then |only |just |now |still |at last |never once )?"
_ACTS = (
    re.compile(
        rf"(?P<who>{WHO})(?:, (?:[^,;.:!?\x00{PERSON}-{PERSONS}]|{WHO}[’']s){{3,60}},)? {_ADVERB}(?P<v>{_SPOKE}|{_DOES})(?![\w’'])"
    ),
    re.compile(rf"[”\"’',\x00] ?(?P<v>{_SPOKE}) (?P<who>{WHO})(?![’'])"),
    # The head of what somebody says in a play.
    re.compile(rf"^(?P<who>{WHO})(?: \([^)]*\))?: (?P<v>(?=\S))"),
)
#: Anywhere in a sentence, these say that it tells of another time, or of what is not.
_UNREAL = re.compile(
    r"^If\b|\b(?:dream\w*|imagin\w*|remember\w*|recall\w*|ghost\w*|used to|once|always|often|years|voice|memory|letter|wrote|ago|thought|wish\w*|would have)\b|\?",
    re.IGNORECASE,
)
#: In the clause, before the verb: it is not so, or some other clause hangs on it.
_HANGS = re.compile(
    r"\b(?:not|never|no longer|nor|if|as if|as though|would|could|might|like|had|who|whom|whose|which|what|where|when|that|how|because|since|than|until|before|after|wherever|whenever|every time"
    r"|(?<!that )(?<!next )(?<!same )(?:day|night|winter|summer|spring|autumn|year|time|way)(?= [\ue000-\ue07f]))\b|n[’']t\b",
    re.IGNORECASE,
)
#: The clock Hugh wound: it tells of the clock.
_WHICH = re.compile(
    rf"(?:The|An?|Every|Each|All the|His|Her|That|This|Those|These|the|his|her) (?:[\w’']+ ){{1,3}}{WHO}"
)
_OPENS = re.compile(
    rf"^(?:(?:And|But|Then|So) )?(?:When|As|While|Before|After(?! {WHO})|Until|By the time|Where|Since)\b"
)
_CLAUSE = re.compile(r", (?:and |but |then |so |yet )?|; | and then | but |—|[”\"]")

_DEADLY = (
    "fever|cancer|flu|influenza|cold|sea|river|cholera|plague|typhus|typhoid|consumption|pneumonia|stroke|fire|drink|war|winter|bullet|shell|hunger|blast|pox|smallpox|flood|avalanche"
    "|explosion|poison|cough|lorry|train|tide|heart"
)
_KILLED = "killed|murdered|hanged|executed|drowned|slain|beheaded|cremated|guillotined|lynched|strangled|shot dead|stabbed to death|lost at sea|burnt alive|burned alive|gunned down|run over and killed"
_NOT_GRAVE = r"(?! (?:(?:up )?to|in|under|beneath) (?:\w+ )?(?:work|thought|thoughts|book|books|papers?|paperwork|blankets?|kisses|snow|sand|letters|covers|sheets|bed|heap|cushions|leaves|bubbles|hay)\b| alive)"
_FIGURE = r"(?! (?:tired|asleep|drunk|set|certain|right|wrong|serious|calm|silent|last|broke|keen|against|centre|sober|to|for (?:sleep|tiredness)|in the water|on (?:his|her|their|\S+) feet|at \S+ desk))"
_EARTH = rf"(?:(?:the|a|his|her|{WHO}[’']s) )?(?:\w+ )?(?:grave|earth|ground|rest|vault|tomb|clay|crypt|churchyard|cemetery|graveyard|quicklime|lime)\b"
_DIED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<who>{WHO}) (?:(?:had|has) )?(?:already )?died\b(?! (?:of|with) (?:laugh|shame|embarrass|boredom|envy|curios)| (?:a little|inside|down|out|away|laughing|on stage|for (?:a|love)))",
        rf"(?P<who>{WHO})(?:, [^,;.\x00]{{3,40}},)? (?:was|is|lay|lies|had been|has been) (?:already |quite |stone |now |found )?dead\b{_FIGURE}",
        rf"(?P<who>{WHO})(?:, [^,;.\x00]{{3,40}},)? (?:was|had been|has been|is) (?:\w+ly )?(?:{_KILLED}|buried)\b{_NOT_GRAVE}(?=[.;,!—]| \w)(?! (?:with|at) (?:chess|cards|bridge))",
        rf"(?<!\b(?i:it|at) )\b(?:killed|murdered|hanged|executed|strangled|beheaded|guillotined|lynched|slew|cremated|entombed) (?P<who>{WHO})(?![’'])(?=[.,;!]| (?:in|on|at|with|by|for|that|the|outright|dead|two|three|and|before|as)\b)",
        rf"\b(?:shot|struck|cut) (?P<who>{WHO})(?: down)? (?:dead|through the (?:head|heart)|against (?:the|a) (?:\w+ )?wall)\b",
        rf"\b(?:buried|laid|lowered|put|let down) (?P<who>{WHO})(?![’'])(?: down)?{_NOT_GRAVE}(?=(?: slowly| gently)? (?:in|into|to) {_EARTH}| (?:on|at|under|beside|behind|next to|in) the (?:\w+ )?(?:hill|church|garden|oak|sea|rain|village|woods|orchard|yew|plot)\b)",
        rf"\bburied (?P<who>{WHO})(?![’']){_NOT_GRAVE}(?=[.,;!]| (?:on|in|at|under|beside|beneath|behind|next to|that|the|two|three)\b)",
        rf"(?P<who>{WHO})(?: was|[’']s (?:body|coffin) was| had been) (?:lowered|laid|put|let down) (?:slowly |gently )?(?:in|into|to) {_EARTH}",
        rf"(?P<who>{WHO})[’']s (?:corpse|dead body|funeral|burial|cremation|lifeless body|coffin|ashes|grave|tombstone|gravestone|headstone|widow|remains|post-mortem|obituary|death mask)\b(?! (?:humou?r|for the))",
        rf"(?P<who>{WHO})[’']s body (?:(?:was|had been) (?:found|washed|brought|carried|pulled|buried|dragged|recovered|identified|fished)|floated|lay)",
        rf"\b(?:found|fished|pulled|dragged|brought|carried|washed|buried|identified|burned) (?P<who>{WHO})[’']s body\b(?! (?:was )?(?:warm|heat))",
        rf"(?P<who>{WHO}) (?:stopped breathing|passed away|gave up the ghost|breathed no more|(?:bled|froze|starved|burned|burnt|choked|fell|fell down|drank himself|drank herself) (?:to death|dead)|did not survive|hung (?:there )?(?:till|until))\b",
        rf"(?P<who>{WHO})[’']s heart (?:had )?(?:stopped(?: beating)?|gave out|gave way)\b(?! (?:a|for a|when|at))",
        rf"\b(?:drew|pulled|drawn|laid|put) (?:the|a) (?:sheet|blanket|cloth|coat) (?:up )?over (?P<who>{WHO})[’']s (?:face|head|eyes)\b",
        rf"\b(?:closed|shut) (?P<who>{WHO})[’']s eyes for (?:him|her|the last time)\b",
        rf"(?P<who>{WHO}) (?:breathed|drew|took) (?:{WHO}[’']s|his|her) last(?: breath)?\b",
        rf"\b(?:{_DEADLY}) (?:had )?(?:took|taken|killed|carried off|finished|drowned) (?P<who>{WHO})(?![’'])(?=[.,;!]| (?:in|on|at|that|the|before|within|and|off|with)\b)(?! (?:by|off|in|with) (?:surprise|guard|hand|work))",
    )
)
#: What the living never do again; these hold a “not” or “never” of their own.
_NEVER_AGAIN = (
    re.compile(
        rf"(?P<who>{WHO}) (?:never|did not|didn[’']t) (?:woke|wake|waken|stir|stirred|moved|move|breathed|breathe|opened|open)(?: up)?(?: (?:his|her|{WHO}[’']s) eyes)? again\b"
    ),
)
_DENIED = re.compile(
    r"\b(?:not|never|no|none|neither|nor|would|could|might|may|should|as if|as though|like|almost|nearly|until|till|than|will)\b|n[’']t\b",
    re.IGNORECASE,
)
_NOT_DIED = re.compile(
    rf"\b(?:inside|nearly|character|on stage|the play|act|scenes?|film|movie|show|every night|applause|game|wire|telegram|cable|message|letter|records?|lists?|doubt\w*|gossip|radio|moves?|board|chess"
    rf"|rehears\w*|round|(?:that|said|says) {WHO} (?:was|is|had))\b"
)
_ALIVE = re.compile(
    rf"(?P<who>{WHO}) (?:was|is|had) (?:still |very much |in fact )*(?:alive|not dead|n[’']t dead|survived|faked)\b|(?P<who2>{WHO}) (?:had )?(?:survived|faked|come back to life|returned from the dead|risen)\b"
)


def deaths(marked: str) -> Iterator[Found]:
    """Whose death a marked sentence tells."""
    if _NOT_DIED.search(marked):
        return
    for pattern in _DIED:
        for each in pattern.finditer(marked):
            if not _DENIED.search(marked, clause(marked, each.start()), each.end()):
                yield Found("dead", each["who"], "alive", "no")
    for pattern in _NEVER_AGAIN:
        for each in pattern.finditer(marked):
            if not _DENIED.search(marked, 0, each.start()):
                yield Found("dead", each["who"], "alive", "no")


def acts(marked: str) -> Iterator[Found]:
    """Who does in a marked sentence what only the living do, and who lives."""
    for each in _ALIVE.finditer(marked):
        yield Found("alive", each["who"] or each["who2"])
    if _UNREAL.search(marked):
        return
    opening = _OPENS.match(marked)
    for pattern in _ACTS:
        for each in pattern.finditer(marked):
            start = max(
                clause(marked, each.start("who") if each["v"] else 0),
                opening.end() if opening else 0,
            )
            stop = each.start("v") if each["v"] else each.end()
            told = marked[start:stop]
            if start <= stop and not _HANGS.search(told) and not _WHICH.match(told):
                is_speech = not each["v"] or re.fullmatch(_SPOKE, each["v"])
                yield Found("acts", each["who"], "speaks" if is_speech else "acts", each["v"])


def clause(marked: str, end: int) -> int:
    """Where the main clause begins that reaches to ``end``."""
    return max((each.end() for each in _CLAUSE.finditer(marked, 0, end)), default=0)
