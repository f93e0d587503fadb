"""Alarms and seconds of the continuity check on three real books, each with a small bible of true facts.

Every alarm here is a false one. Run: ``python tests/bench/false_alarms.py FOLDER`` with the folder of the books.
"""

import json
import re
import sys
import time
from pathlib import Path

from writer_app.story.bible import Entry, Fact, Kind, Relation
from writer_app.story.continuity import Checker
from writer_app.story.tree import Item, Tree
from writer_app.story.tree import Kind as ItemKind


def entry(id_, name, *aliases, kind=Kind.CHARACTER, facts=(), rel=(), **said):
    """An entry with facts as tables and relations as pairs."""
    made = tuple(Fact(**fact) for fact in facts)
    relations = tuple(Relation(to=to, what=what) for to, what in rel)
    return Entry(
        id=id_, kind=kind, name=name, aliases=aliases, facts=made, relations=relations, **said
    )


def fact(attribute, value, **said):
    """A fact as a table."""
    return {"attribute": attribute, "value": value} | said


PRIDE = [
    entry(
        "lizzy",
        "Elizabeth Bennet",
        "Elizabeth",
        "Lizzy",
        "Eliza",
        "Miss Elizabeth Bennet",
        "Miss Eliza Bennet",
        facts=[fact("eyes", "dark"), fact("age", "20")],
        rel=[("jane", "is the sister of"), ("bennet", "daughter of")],
        description="She is the heroine.",
    ),
    entry(
        "jane",
        "Jane Bennet",
        "Jane",
        "Miss Bennet",
        facts=[fact("age", "22")],
        rel=[("lizzy", "is the elder sister of")],
        description="Her beauty.",
    ),
    entry(
        "darcy",
        "Fitzwilliam Darcy",
        "Mr. Darcy",
        "Darcy",
        facts=[fact("height", "tall")],
        rel=[("georgiana", "is the brother of")],
    ),
    entry("georgiana", "Georgiana Darcy", "Miss Darcy", "Georgiana", facts=[fact("age", "16")]),
    entry(
        "bingley",
        "Charles Bingley",
        "Mr. Bingley",
        "Bingley",
        rel=[("caroline", "is the brother of")],
    ),
    entry("caroline", "Caroline Bingley", "Miss Bingley", "Caroline"),
    entry(
        "lydia",
        "Lydia Bennet",
        "Lydia",
        "Miss Lydia",
        facts=[fact("age", "15")],
        rel=[("lizzy", "is the younger sister of"), ("wickham", "is the wife of")],
    ),
    entry("kitty", "Catherine Bennet", "Kitty"),
    entry("mary", "Mary Bennet", "Mary"),
    entry("wickham", "George Wickham", "Mr. Wickham", "Wickham"),
    entry("collins", "William Collins", "Mr. Collins", rel=[("bennet", "is the cousin of")]),
    entry(
        "lady",
        "Lady Catherine de Bourgh",
        "Lady Catherine",
        rel=[("darcy", "is the aunt of")],
        facts=[fact("height", "tall")],
    ),
    entry("charlotte", "Charlotte Lucas", "Charlotte", "Miss Lucas", facts=[fact("age", "27")]),
    entry("bennet", "Mr. Bennet", rel=[("lizzy", "is the father of")]),
    entry("pemb", "Pemberley", kind=Kind.PLACE, facts=[fact("place", "Derbyshire")]),
    entry("long", "Longbourn", kind=Kind.PLACE),
]
SHERLOCK = [
    entry(
        "holmes",
        "Sherlock Holmes",
        "Holmes",
        "Mr. Holmes",
        facts=[fact("eyes", "grey"), fact("height", "tall")],
    ),
    entry("watson", "Dr. Watson", "Watson", facts=[fact("profession", "doctor")]),
    entry("adler", "Irene Adler", "Miss Adler"),
    entry("lestrade", "Lestrade", "Inspector Lestrade"),
    entry("wilson", "Jabez Wilson", "Mr. Wilson", "Mr. Jabez Wilson", facts=[fact("hair", "red")]),
    entry("spaulding", "Vincent Spaulding", "Spaulding", "John Clay"),
    entry(
        "roylott",
        "Grimesby Roylott",
        "Dr. Roylott",
        "Roylott",
        facts=[fact("alive", "no", since="s8")],
    ),
    entry(
        "helen",
        "Helen Stoner",
        "Miss Stoner",
        rel=[("julia", "is the sister of")],
        facts=[fact("hair", "grey")],
    ),
    entry("julia", "Julia Stoner", "Julia", facts=[fact("alive", "no")]),
    entry(
        "windibank", "James Windibank", "Mr. Windibank", "Windibank", facts=[fact("alive", "yes")]
    ),
    entry("suth", "Mary Sutherland", "Miss Sutherland", "Miss Mary Sutherland"),
    entry("stclair", "Neville St. Clair", "Mr. St. Clair"),
    entry("openshaw", "John Openshaw", "Openshaw"),
    entry(
        "hatherley",
        "Victor Hatherley",
        "Mr. Hatherley",
        "Hatherley",
        facts=[fact("lost", "left thumb")],
    ),
    entry("hunter", "Violet Hunter", "Miss Hunter", facts=[fact("hair", "chestnut")]),
    entry("ruc", "Jephro Rucastle", "Mr. Rucastle"),
    entry("carb", "blue carbuncle", "carbuncle", kind=Kind.OBJECT, facts=[fact("colour", "blue")]),
    entry("baker", "Baker Street", kind=Kind.PLACE),
]
DREAM = [
    entry(
        "baoyu",
        "贾宝玉",
        "宝玉",
        rel=[("daiyu", "表哥"), ("jiazheng", "是…的儿子")],
        facts=[fact("性别", "男")],
    ),
    entry("daiyu", "林黛玉", "黛玉", rel=[("ruhai", "是…的女儿")], facts=[fact("性别", "女")]),
    entry("baochai", "薛宝钗", "宝钗", facts=[fact("性别", "女")]),
    entry("xifeng", "王熙凤", "凤姐", "凤姐儿", "熙凤", rel=[("lian", "是…的妻子")]),
    entry("lian", "贾琏"),
    entry("jiamu", "贾母", "史太君"),
    entry("jiazheng", "贾政"),
    entry("ruhai", "林如海", "如海", facts=[fact("生死", "死", since="s13")]),
    entry("keqing", "秦可卿", "秦氏", "可卿", facts=[fact("alive", "no", since="s12")]),
    entry(
        "qinzhong", "秦钟", facts=[fact("alive", "no", since="s15")], rel=[("keqing", "是…的弟弟")]
    ),
    entry("jiarui", "贾瑞", facts=[fact("alive", "no", since="s11")]),
    entry("jinchuan", "金钏", "金钏儿", facts=[fact("alive", "no", since="s31")]),
    entry("xiren", "袭人"),
    entry("qingwen", "晴雯"),
    entry("pinger", "平儿"),
    entry("xiangyun", "史湘云", "湘云"),
    entry("tanchun", "探春"),
    entry("jiahuan", "贾环"),
    entry("xuepan", "薛蟠"),
    entry("yu", "通灵宝玉", "通灵玉", kind=Kind.OBJECT, facts=[fact("材质", "玉")]),
    entry("daguan", "大观园", kind=Kind.PLACE),
]

BOOKS = {
    "pride": ("pride-and-prejudice.md", "^(?=## )", PRIDE),
    "sherlock": ("sherlock-holmes.md", r"^(?=## (?!I+\b))", SHERLOCK),
    "dream": ("hong-lou-meng-1-40.md", "^(?=## )", DREAM),
}


def main(folder: Path) -> None:
    """Print one flat object; the alarms themselves go to standard error."""
    said: dict[str, float] = {}
    for name, (file, chapter, entries) in BOOKS.items():
        parts = [
            part
            for part in re.split(chapter, (folder / file).read_text("utf-8"), flags=re.MULTILINE)
            if part.strip()
        ]
        items = [
            Item(id=f"s{n}", kind=ItemKind.CHAPTER, file=f"text/{n}.md") for n in range(len(parts))
        ]
        tree, texts = (
            Tree(tuple(items)),
            {item.id: part for item, part in zip(items, parts, strict=True)},
        )
        bible = {each.id: each for each in entries}
        checker = Checker()
        start = time.process_time()
        found = checker.check(tree, texts, bible)
        first = time.process_time()
        checker.check(tree, texts, bible)
        said |= {
            f"{name}_characters": sum(map(len, parts)),
            f"{name}_alarms": len(found),
            f"{name}_seconds": round(first - start, 2),
            f"{name}_again_seconds": round(time.process_time() - first, 2),
        }
        for alarm in found:
            print(name, alarm, file=sys.stderr)
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
