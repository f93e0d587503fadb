"""Where each entry of the bible is mentioned."""

import re

from writer_app.story.bible import Bible, Entry
from writer_app.story.index import Appearance, Index
from writer_app.text.difference import Edit

BENNETS = Bible.of(
    [
        Entry(id="jane", name="Jane Bennet", aliases=("Jane", "Miss Bennet")),
        Entry(
            id="elizabeth",
            name="Elizabeth Bennet",
            aliases=("Elizabeth", "Lizzy", "Eliza", "Miss Bennet", "Miss Eliza Bennet"),
        ),
        Entry(id="darcy", name="Mr. Darcy", aliases=("Darcy",)),
    ]
)
TEXT = "Jane met Miss Bennet. Lizzy, Lizzy!"


def test_a_shared_name_may_mean_either():
    index = Index(BENNETS)
    index.look("one", TEXT)
    assert index.appearances("jane") == (Appearance("one", ((0, 4),), ((9, 20),)),)
    (found,) = index.appearances("elizabeth")
    assert (found.times, found.first, len(found.unsure)) == (3, (9, 20), 1)
    assert index.counts("one") == {"jane": 2, "elizabeth": 3}
    assert index.appearances("darcy") == index.appearances("nobody") == ()


def test_the_name_at_a_place_says_whom_it_may_mean():
    index = Index(BENNETS)
    index.look("one", TEXT)
    assert [index.at("one", at)[1] for at in (0, 4, 12)] == [
        ("jane",),
        ("jane",),
        ("elizabeth", "jane"),
    ]
    assert index.at("one", 6) is None
    assert index.at("two", 0) is None


def test_an_edit_moves_what_stands_behind_it():
    index = Index(BENNETS)
    index.look("one", TEXT, "a")
    assert index.knows("one", "a")
    assert not index.knows("one", "b")
    index.look_again("one", "Darcy: " + TEXT, Edit(0, 0, 7), "b")
    assert index.knows("one", "b")
    assert [each.start for each in index.mentions("one")] == [0, 7, 16, 29, 36]
    index.look_again("two", "Jane", Edit(0, 0, 1))
    assert [each.item for each in index.appearances("jane")] == ["one", "two"]
    index.forget("one", "three")
    assert [each.item for each in index.appearances("jane")] == ["two"]


def test_texts_are_searched_again_only_where_names_are_others():
    index = Index(BENNETS)
    index.look("one", TEXT, "a")
    assert not index.use(BENNETS.put(Entry(id="lizzy", name="Lizzy")))
    assert index.appearances("lizzy")[0].times == 2
    assert index.use(BENNETS.remove("darcy"))
    assert not index.knows("one", "a")


def test_the_people_of_a_novel_are_found_as_often_as_they_stand_there(pride: str):
    index = Index(BENNETS)
    index.look("book", pride)
    (elizabeth,), (darcy,) = index.appearances("elizabeth"), index.appearances("darcy")
    plain = {name: len(re.findall(rf"\b{name}\b", pride)) for name in BENNETS.by_name}
    own = plain["Elizabeth"] + plain["Lizzy"] + plain["Eliza"]
    assert len(elizabeth.sure) == own
    assert len(elizabeth.unsure) == plain["Miss Bennet"]
    assert len(darcy.sure) == plain["Darcy"]


def test_the_people_of_a_chinese_novel_are_found_as_often_as_they_stand_there(dream: str):
    bible = Bible.of(
        [
            Entry(id="baoyu", name="贾宝玉", aliases=("宝玉", "宝二爷")),
            Entry(id="daiyu", name="林黛玉", aliases=("黛玉", "林姑娘", "颦儿")),
            Entry(id="xifeng", name="王熙凤", aliases=("凤姐", "凤姐儿", "琏二奶奶")),
        ]
    )
    index = Index(bible)
    index.look("book", dream)
    found = {entry.id: index.appearances(entry.id)[0].times for entry in bible}
    # 甄宝玉 is another one.
    assert found["baoyu"] == sum(map(dream.count, ("宝玉", "宝二爷"))) - dream.count("甄宝玉")
    assert found["daiyu"] == sum(map(dream.count, ("黛玉", "林姑娘", "颦儿")))
    assert found["xifeng"] == sum(map(dream.count, ("凤姐", "王熙凤", "琏二奶奶")))
