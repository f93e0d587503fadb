import random
import time
from dataclasses import replace

import pytest
from msgspec import structs

from tests.craft.test_context import count
from tests.craft.test_continuation import MODEL, STEADY, prompt
from writer_app import language
from writer_app.craft.account import account, as_text
from writer_app.craft.continuation import Ask, plan
from writer_app.craft.gathering import gather
from writer_app.craft.surroundings import Page, Surroundings
from writer_app.engine.protocol import Loaded
from writer_app.errors import FileMissing
from writer_app.story.bible import Entry, Fact, Kind, Relation
from writer_app.story.project import Numbering, Style
from writer_app.story.summaries import Summary, fingerprint
from writer_app.story.tree import Beat, Item, Section, Tree
from writer_app.story.tree import Kind as Level


def scene(name, **more):
    return Item(id=name, kind=Level.SCENE, file=f"text/{name}.md", **more)


TREE = Tree(
    (
        scene("one", synopsis="Clara arrives."),
        scene(
            "two",
            synopsis="They meet on the pier, with Ward.",
            beats=(Beat("They quarrel"), Beat("It rains", done=True)),
        ),
        scene("three", synopsis="The boat is gone. Nobody has seen it."),
    )
)
CLARA = Entry(
    id="clara",
    name="Clara Bell",
    aliases=("Clara",),
    description="The housekeeper's daughter.\nShe lives at Moor House.",
    samples=("I never said so.",),
    facts=(
        Fact(text="Her eyes are green."),
        Fact(text="She has the letter.", since="three"),
        Fact(attribute="alive", value="no", since="three"),
    ),
)
WARD = Entry(id="ward", name="Ward", description="A teacher of music.")
MOOR = Entry(id="moor", name="Moor House", kind=Kind.PLACE, description="Grey. Tom built it.")
TOM = Entry(id="tom", name="Tom", description="A mason. Ida loved him.")
IDA = Entry(id="ida", name="Ida", description="Known to nobody.")
NEAR = "Clara sat by the window.\n\n"
FAR = "Nobody spoke in the house that night.\n\n"


def around(*entries, here="two", **more):
    return Surroundings(tree=TREE, here=here, entries=entries, **more)


def compiled(surroundings, text=NEAR, wish="", tongue="en"):
    return surroundings.compile(text, len(text), tongue, wish)


def told(surroundings, text=NEAR, **more):
    return {each.id: each for each in compiled(surroundings, text, **more).told}


def reasons(found):
    return {each.id: str(each.why) for each in found}


# -- which entries --------------------------------------------------------------------------------


def test_an_entry_is_told_where_one_of_its_names_stands_near_the_caret_and_says_where():
    found = told(around(CLARA, TOM), NEAR + FAR * 3)
    assert "entry:tom" not in found
    assert str(found["entry:clara"].why) == "“Clara” is named near the caret (paragraphs back: 4)"
    assert "entry:clara" not in told(around(CLARA), NEAR + FAR * 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Warden Hill.", False), ("Ward’s hat.", True), ("the ward", False), ("（Ward）", True)],
)
def test_a_name_stands_by_itself_and_as_it_is_written(text, expected):
    assert ("entry:ward" in told(around(WARD, here="one"), text)) is expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Miss Bennet", "And there was Miss\nBennet."),
        ("O'Brien", "Here came O’Brien."),
        ("Jose\u0301", "She saw José."),
        ("Elizabeth", "“ELIZABETH!”"),
        ("Will", "Will picked up the sword."),
        ("Jean Paul", "It was Jean-Paul’s."),
    ],
)
def test_a_name_is_found_in_whatever_way_the_text_writes_it(name, text):
    entry = Entry(id="x", name=name, description="A neighbour.")
    why = told(around(entry), text)["entry:x"].why
    assert str(why) == f"“{name}” is named in this paragraph"


@pytest.mark.parametrize(
    ("name", "text"),
    [("宝玉", "甄宝玉来了。"), ("安", "夜里很安静。"), ("白云", "他住在白云山下。")],
)
def test_a_chinese_name_within_a_longer_word_names_nobody(name, text):
    entry = Entry(id="x", name=name, description="一个少年。")
    others = (Entry(id="y", name="贾宝玉", description="一个少年。"), Entry(id="z", name="白云山"))
    assert "entry:x" not in told(around(entry, *others, here=""), text, tongue="zh")


def test_chinese_names_are_found_without_spaces():
    entry = Entry(id="dai", name="林黛玉", aliases=("黛玉",), description="贾母的外孙女。")
    found = told(around(entry, here=""), "宝玉笑道：“黛玉来了。”", tongue="zh")
    assert found["entry:dai"].text == "林黛玉（黛玉）：贾母的外孙女。"


@pytest.mark.parametrize(
    ("trigger", "text", "expected"),
    [
        ("the harbour", "In The Harbour it was still.", True),
        ("harbour", "The harbourmaster.", False),
        (r"/storm(s|y)/", "It was STORMY.", True),
        (r"/storm\b/", "It was stormy.", False),
        ("/ida (smith|jones)/gi", "Here came IDA Jones.", True),
        ("港口", "他走到港口去。", True),
    ],
)
def test_words_and_patterns_trigger_an_entry(trigger, text, expected):
    entry = structs.replace(IDA, triggers=(trigger,))
    assert ("entry:ida" in told(around(entry), text)) is expected


def test_a_pattern_that_would_take_for_ever_takes_no_time_and_a_broken_one_is_said():
    hostile = structs.replace(
        IDA, triggers=("/(a+)+(a+)+b/", "/(a|aa){1,80}c/", "/(/", "/(a{1,9}){1,9}c/")
    )
    begun = time.monotonic()
    found = compiled(around(hostile), "a" * 5_000)
    assert time.monotonic() - begun < 2
    said = " ".join(str(each.why) for each in found.left_out)
    assert "/(/ cannot be used" in said
    assert "/(a|aa){1,80}c/ cannot be used: it is too complicated" in said
    language.use("zh_CN")
    said = " ".join(str(each.why) for each in found.left_out)
    language.use("en")
    assert "/(/ 无法使用：其中的括号、重复或反斜杠写法不完整" in said


def test_the_wish_the_note_and_the_scene_make_entries_active():
    assert "entry:ward" in told(around(WARD), FAR)  # by the synopsis of this scene
    assert "entry:tom" in told(around(TOM), FAR, wish="Tom comes in")
    assert "entry:tom" in told(around(TOM, style=Style(note="Tom is near")), FAR)
    assert "entry:tom" not in told(around(TOM), FAR)


def test_entries_bring_along_others_but_only_so_far():
    found = told(around(CLARA, MOOR, TOM, IDA))
    assert [each for each in found if each.startswith("entry:")] == [
        "entry:clara",
        "entry:moor",
        "entry:tom",
    ]
    assert str(found["entry:moor"].why) == "“Moor House” is named in the entry “Clara Bell”"


def test_always_tells_muted_never_and_priority_goes_first():
    always = structs.replace(IDA, always=True)
    first = structs.replace(TOM, always=True, priority=5)
    quiet = structs.replace(CLARA, muted=True)
    made = compiled(around(always, first, quiet))
    assert [each.id for each in made.told][-4:-1] == ["entry:tom", "entry:ida", "before"]
    assert reasons(made.left_out) == {
        "entry:clara": "muted",
        "voice:clara": "muted",
        "beat:2": "done already",
    }
    assert "entry:moor" not in told(around(quiet, MOOR))  # what is muted brings along nobody


# -- what is told ---------------------------------------------------------------------------------


def test_facts_are_told_only_where_they_are_true_and_the_others_are_named():
    made = compiled(around(CLARA))
    text = told(around(CLARA))["entry:clara"].text
    assert text.endswith("lives at Moor House. Her eyes are green.")
    assert "\n" not in text
    left_out = reasons(made.left_out)
    assert left_out["entry:clara/2"] == left_out["entry:clara/3"] == "not yet true in this scene"
    later = told(around(CLARA, here="three"))["entry:clara"].text
    assert later.endswith("She has the letter. Clara Bell is dead.")


def test_what_the_eyes_of_the_scene_do_not_know_is_told_as_that():
    secret = Fact(text="She has the letter.", known_by=("tom",))
    entry = structs.replace(CLARA, facts=(secret,))
    assert "She has the letter. Only Tom know this." in told(around(entry, TOM))["entry:clara"].text
    tree = TREE.replace("two", label="Ward")
    seen = Surroundings(tree=tree, here="two", entries=(entry, TOM, WARD))
    assert "She has the letter. Ward does not know this." in told(seen)["entry:clara"].text
    tree = TREE.replace("two", label="Tom")
    known = Surroundings(tree=tree, here="two", entries=(entry, TOM))
    assert told(known)["entry:clara"].text.endswith("She has the letter.")


def test_relations_fields_and_what_a_character_wants_are_told():
    entry = structs.replace(
        CLARA,
        relations=(Relation(to="tom", what="is the sister of"), Relation(to="nobody", what="x")),
        fields={"Age": "19"},
        goal="to leave",
        facts=(),
    )
    text = told(around(entry, TOM))["entry:clara"].text
    assert text.endswith("is the sister of Tom. Age: 19. Wants: to leave.")


def test_who_is_present_is_told_with_how_she_speaks():
    assert told(around(CLARA))["voice:clara"].text == "Clara Bell might say: “I never said so.”"
    absent = structs.replace(CLARA, always=True)
    assert "voice:clara" not in told(around(absent), FAR)


def test_the_outline_of_the_scene_its_unfinished_beats_and_its_neighbours_are_told():
    found = told(around())
    assert found["outline"].text == (
        "In this scene: They meet on the pier, with Ward.\nStill to happen: They quarrel"
    )
    assert found["before"].text == "The scene before: Clara arrives."
    assert found["after"].text.startswith("The scene after: The boat is gone.")
    assert "before" not in told(around(before="It rained."))  # its own words are read


def test_style_memory_and_note_are_told_in_the_language_of_the_text():
    style = Style(preferences="短句。", memory="清代。", note="含蓄些", samples=("灯灭了。",))
    found = told(around(style=style), tongue="zh")
    assert found["author-note"].text == "【作者注：含蓄些】"
    assert found["memory"].text == "关于本书：清代。"
    assert found["preferences"].text == "本书的文风：短句。"
    assert found["sample:1"].text == "作者文风示例：\n\n灯灭了。"


def test_summaries_of_earlier_chapters_are_told_in_order_and_stale_ones_say_so():
    pages = (Page("a", "One", "It begins."), Page("b", "Two", "It goes on.", is_stale=True))
    surroundings = around(summaries=(*pages, Page("c", "Three", "Hush.", muted=True)))
    found = told(surroundings)
    assert [each for each in found if each.startswith("summary")] == ["summary:b", "summary:a"]
    assert "has changed since" in str(found["summary:b"].why)
    made = planned(surroundings)
    read = prompt(made)
    assert read.index("It begins.") < read.index("It goes on.")
    assert "Hush" not in read


# -- what is asked of the model -------------------------------------------------------------------


def ask(surroundings, text=NEAR, **more):
    return Ask(text=text, caret=len(text), recipe=STEADY, around=surroundings, **more)


def planned(surroundings, text=NEAR, **more):
    return plan(ask(surroundings, text, **more), MODEL, count, 1)


def test_the_prompt_begins_with_what_changes_rarely_and_ends_with_the_text():
    style = Style(memory="A lake.", samples=("The lamp was out.",), note="Dread", note_depth=2)
    made = planned(around(CLARA, style=style, summaries=(Page("a", "A", "It begins."),)), FAR * 9)
    ids = [part.id for part in made.request.parts]
    assert ids[:4] == ["sample:1", "memory", "summary:a", "before"]
    assert ids[-3:] == ["near", "author-note", "near"] or ids[-3:] == ["far", "author-note", "near"]


def test_the_note_stands_at_its_depth_and_moves_only_once_in_so_many_paragraphs():
    places = set()
    for more in range(12):
        text = "".join(f"{number} {FAR}" for number in range(20 + more))
        made = planned(around(style=Style(note="Dread", note_depth=4)), text)
        behind = prompt(made).partition("[Author's note: Dread]\n\n")[2]
        assert 4 <= behind.count("\n\n") < 8
        places.add(len(text) - len(behind))
    assert len(places) <= 4


def test_an_entry_that_fell_silent_and_was_edited_is_no_longer_told_as_it_was():
    text = NEAR + "".join(f"{number} {FAR}" for number in range(6))
    first = planned(around(CLARA, here=""), text)
    assert "eyes are green" in prompt(first)
    silent = text + "".join(f"{number} {FAR}" for number in range(20, 34))
    kept = planned(around(CLARA, here=""), silent, earlier=first.layouts)
    assert "eyes are green" in prompt(kept)  # it costs nothing to keep
    corrected = structs.replace(CLARA, facts=(Fact(text="Her eyes are blue."),))
    for now in ((corrected,), (), (structs.replace(CLARA, muted=True),)):
        made = planned(around(*now, here=""), silent, earlier=kept.layouts)
        assert "eyes are green" not in prompt(made)


def test_the_text_before_is_read_with_this_one_and_an_empty_scene_is_not_a_first_chapter():
    made = planned(around(before="He rose.\n\nIt was cold."), "")
    assert prompt(made).endswith("It was cold.\n\n***\n\n")
    assert "Chapter One" not in prompt(made)


def test_typing_on_reads_little_again():
    text = "".join(f"{number} Clara {FAR}" for number in range(80))
    surroundings = around(CLARA, MOOR, style=Style(memory="A lake.", note="Dread"))
    layouts, read, whole = (), 0, 0
    before = ""
    for number in range(30):
        text += f"{number} more {FAR}"
        made = planned(surroundings, text, earlier=layouts)
        layouts, now = made.layouts, prompt(made)
        same = next((at for at, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), 0)
        same = same or min(len(before), len(now))
        read, whole, before = read + len(now) - same, whole + len(now), now
    assert read < 0.2 * whole


# -- what is said of it ---------------------------------------------------------------------------


def test_every_part_and_all_that_is_left_out_is_accounted_for():
    surroundings = around(CLARA, structs.replace(TOM, always=True, description="Stone. " * 400))
    asked = ask(surroundings, NEAR * 300, note="Ward leaves")
    made = plan(asked, MODEL, count, 1)
    found = account(asked, made, count)
    assert "".join(part.text for part in found.parts) == prompt(made)
    assert found.tokens == count([prompt(made)])[0] <= found.budget
    assert sum(part.tokens for part in found.parts) == found.tokens
    left_out = {each.id: each for each in found.left_out}
    assert left_out["entry:tom"].why.startswith("no room: ")
    assert left_out["text"].tokens > 1_000
    assert all(each.why for each in (*found.parts, *found.left_out))
    assert {"entry:clara", "note", "outline"} <= {part.id for part in found.parts}


def test_an_entry_that_says_nothing_and_pages_too_many_are_left_out_with_a_reason():
    pages = ("One.", "Two.", "Three.")
    named = Entry(id="ann", name="Ann", facts=(Fact(text="She is dead.", since="three"),))
    found = compiled(around(named, style=Style(samples=pages)), "Ann ran.")
    assert "entry:ann" not in {each.id for each in found.told}
    why = reasons(found.left_out)
    assert why["entry:ann"] == "the entry says nothing of it yet"
    assert why["sample:3"] == "only the first 2 pages of yours are shown"


def test_a_loose_file_is_accounted_for_too():
    asked = Ask(text="", caret=0, recipe=STEADY)
    found = account(asked, plan(asked, MODEL, count, 1), count)
    assert [part.kind.value for part in found.parts] == ["text"]
    assert found.parts[0].why.startswith("a heading to begin with")
    assert not found.left_out


def test_other_questions_get_the_same_as_text_within_a_budget():
    things = compiled(around(CLARA, WARD, style=Style(memory="A lake."))).told
    text, missing = as_text(things, 500, count)
    assert text.startswith("About this book: A lake.\n\n")
    assert not missing
    text, missing = as_text(things, 30, count)
    assert count([text])[0] <= 30
    assert "entry:clara" in missing
    assert as_text(things, 0, count)[0] == ""


WORDS = [
    "Clara",
    "the",
    "lake",
    "was",
    "宝玉",
    "道",
    "😀",
    "é",
    "\n\n",
    "\n",
    " ",
    "“Ida”",
    "ночь",
    "a" * 40,
]


def _words(draw, most):
    return draw.choice(["", " "]).join(draw.choices(WORDS, k=draw.randrange(most)))


def _entry(draw, number, scenes):
    def facts():
        return Fact(
            text=_words(draw, 8),
            attribute=draw.choice(["", "eyes", "alive"]),
            value="no",
            since=draw.choice(["", *scenes]),
            until=draw.choice(["", *scenes]),
            known_by=draw.choice([(), ("e0",)]),
        )

    return Entry(
        id=f"e{number}",
        name=draw.choice(WORDS),
        aliases=tuple(draw.sample(WORDS, draw.randrange(3))),
        triggers=draw.choice([(), ("lake",), ("/l.ke/",), ("/(/",)]),
        always=draw.random() < 0.2,
        muted=draw.random() < 0.2,
        priority=draw.randrange(-5, 5),
        depth=draw.choice([0, 0, 0, 1, 7]),
        description=_words(draw, draw.choice([3, 30, 200])),
        samples=tuple(_words(draw, 9) for _ in range(draw.randrange(3))),
        facts=tuple(facts() for _ in range(draw.randrange(3))),
        relations=(Relation(to="e0", what="knows"),) * draw.randrange(2),
    )


def _project(draw):
    levels = draw.choices(list(Level), k=draw.randrange(8))
    items = [
        Item(
            id=f"s{number}",
            kind=level,
            file=f"text/{number}.md",
            depth=draw.randrange(3) if number else 0,
            section=Section.TEXT,
            synopsis=_words(draw, 20),
            beats=tuple(Beat(_words(draw, 6), draw.random() < 0.5) for _ in range(2)),
            pinned=tuple(f"s{each}" for each in range(draw.randrange(2))),
            label=draw.choice(["", "Clara"]),
        )
        for number, level in enumerate(levels)
    ]
    ids = [item.id for item in items]
    known = {each: Summary(id=each, text=_words(draw, 30)) for each in ids}
    style = Style(
        memory=_words(draw, 30),
        note=_words(draw, 10),
        note_depth=draw.randrange(9),
        preferences=_words(draw, 20),
        samples=tuple(_words(draw, 200) for _ in range(draw.randrange(3))),
    )
    entries = tuple(_entry(draw, number, ids) for number in range(draw.randrange(12)))
    text = _words(draw, 300)
    here = draw.choice(ids) if ids else ""
    return gather(
        Tree(tuple(items)), here, lambda _item: text, entries=entries, style=style, known=known
    )


def uneven(texts):
    """Two tokens for three characters, and more for a text than for its pieces."""
    return [2 * len(text) // 3 for text in texts]


def test_a_thousand_random_projects_never_exceed_the_budget_and_nothing_is_dropped_silently():
    for seed in range(1_000):
        draw = random.Random(seed)
        surroundings = _project(draw)
        text, counter = _words(draw, 400), draw.choice([count, uneven])
        model = Loaded(name="M", context=draw.choice([80, 200, 700, 4_096]))
        asked = Ask(
            text=text,
            caret=draw.randrange(len(text) + 1),
            recipe=STEADY,
            around=surroundings,
            note=_words(draw, 12),
            max_tokens=16,
            read_tokens=draw.choice([0, 1, 5, 30, 120, 1_000]),
        )
        made = plan(asked, model, counter, 1)
        assert counter([prompt(made)])[0] <= made.budget, seed
        found = account(asked, made, counter)
        assert found.tokens <= found.budget, seed
        said = {each.id for each in (*found.parts, *found.left_out)}
        assert all(each.id in said for each in asked.compiled.told), seed
        if seed % 4:
            continue
        # Going on from there holds to it too.
        more = replace(asked, text=text + FAR, caret=len(text + FAR), earlier=made.layouts)
        later = plan(more, model, counter, 1)
        assert counter([prompt(later)])[0] <= later.budget, seed


# -- gathering ------------------------------------------------------------------------------------


def test_what_is_around_a_text_is_gathered_from_its_project():
    texts = {"one": "It rained.", "two": "He rose.", "n": "She limps."}

    def read(item):
        if item.id not in texts:
            raise FileMissing(path=item.file)
        return texts[item.id]

    note = Item(id="n", kind=Level.NOTE, file="notes/n.md", title="Clara", section=Section.NOTES)
    tree = Tree((*TREE.items, note)).replace("three", pinned=("n", "three"), notes="notes/3.md")
    known = {"one": Summary(id="one", text="Rain.", made_from=fingerprint("It rained."))}
    made = gather(tree, "three", read, known=known, notes=lambda _item: "Slowly.")
    assert made.before == "It rained.\n\n***\n\nHe rose."
    assert [page.text for page in made.pinned] == ["She limps.", "Slowly."]
    assert [(page.id, page.is_stale) for page in made.summaries] == [("one", False)]
    texts["one"] += " And more."
    assert gather(tree, "three", read, known=known).summaries[0].is_stale
    assert gather(tree, "n", read, known=known).before == ""
    del texts["n"]
    found = compiled(gather(tree, "three", read, known=known))
    assert reasons(found.left_out)["note:n"] == "it is empty, or cannot be read"
    assert gather(tree, "elsewhere", read).here == ""


def test_summaries_have_the_number_that_the_tree_shows():
    items = (
        Item(id="v", kind=Level.VOLUME),
        Item(id="p", kind=Level.CHAPTER, depth=1, file="p.md", title="楔子", numbered=False),
        Item(id="a", kind=Level.CHAPTER, depth=1, file="a.md", title="风起"),
        Item(id="b", kind=Level.CHAPTER, depth=1, file="b.md"),
        Item(id="c", kind=Level.CHAPTER, depth=1, file="c.md"),
    )
    known = {each: Summary(id=each, text="下雨。") for each in "pab"}
    numbering = Numbering(chapter="第{n}章", numerals="chinese")
    made = gather(Tree(items), "c", lambda _item: "", known=known, numbering=numbering)
    assert [page.title for page in made.summaries] == ["楔子", "第一章 风起", "第二章"]


def test_only_the_end_of_a_long_book_is_gathered_from_a_paragraph_on():
    made = gather(TREE, "three", lambda _item: FAR * 3_000)
    assert 30_000 < len(made.before) <= 40_000
    assert made.before.startswith("Nobody")
