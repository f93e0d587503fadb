"""A manuscript is cut by its headings, whatever shape they have, and by nothing that only looks like one."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.chaptering import Rank, cut
from writer_app.text.chapternames import Unit, read

EN = (
    "It was late when she came to the gate, and nobody had lit the lamp.\n\n“Who is there?” he said.\n\n"
    * 12
)
ZH = "　　他推开门，外面下着雪。\n　　“谁在那里？”她问。\n" * 20
LONG = EN * 5

GUTENBERG = (
    "The Project Gutenberg eBook of A Book\n\nThis ebook is for the use of anyone.\n\nTitle: A Book\n\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK A BOOK ***\n\n\nA BOOK\n\nby Somebody\n\n\nContents\n\n"
    " CHAPTER I.     Down the Hole\n CHAPTER II.    The Pool\n CHAPTER III.   A Race\n\n\n\n"
    f"CHAPTER I.\nDown the Hole\n\n{EN}\n\nCHAPTER II.\nThe Pool\n\n{EN}\n\nCHAPTER III.\nA Race\n\n{EN}\n\nTHE END\n\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***\n\nSection 1. General Terms of Use\n\nSection 2. Information\n\n"
    "1.A. By reading\n\nChapter 9\n\nmore"
)
DOYLE = (
    "The Adventures\n\nby A. C. D.\n\nContents\n\n   I.     A Scandal\n   II.    The League\n   III.   A Case\n\n\n"
    f"I. A SCANDAL\n\n\nI.\n\n{EN}\nII.\n\n{EN}\nIII.\n\n{EN}\n\nII. THE LEAGUE\n\n{LONG}\n\nIII. A CASE\n\n{LONG}"
)
TWO_CITIES = (
    "A TALE\n\nCONTENTS\n\nBook the First--Recalled\n\nCHAPTER I The Period\nCHAPTER II The Mail\n\n"
    "Book the Second--the Thread\n\nCHAPTER I Five Years\nCHAPTER II A Sight\n\n\n"
    f"Book the First--Recalled\n\n\nCHAPTER I.\nThe Period\n\n{EN}\n\nCHAPTER II.\nThe Mail\n\n{EN}\n\n"
    f"Book the Second--the Thread\n\n\nCHAPTER I.\nFive Years\n\n{EN}\n\nCHAPTER II.\nA Sight\n\n{EN}"
)
WEB = (
    "《长夜》\n作者：某人\n\n内容简介：\n　　少年离家，第一章里他遇见了雪。\n\n"
    f"第一卷 风起\n\n　　楔子\n\n{ZH}\n　　第一章 少年\n\n{ZH}　　第三章里他说过的话，没有人信。\n{ZH}\n　　第二章 出门\n{ZH}"
    f"第二卷 云涌\n　　第三章 你是谁？\n{ZH}　　第四章　归来\n{ZH}　　尾声\n{ZH}　　番外一 大婚\n{ZH}　　后记\n{ZH}"
)
#: name: (text, the outline as "rank.depth heading")
BOOKS = {
    "one level of Markdown": (f"# One\n\n{EN}# Two\n\n{EN}", ["c0 One", "c0 Two"]),
    "a title above chapters": (f"# My Book\n\nby me\n\n## Chapter 1\n\n{EN}## Chapter 2\n\n{EN}", ["f0 My Book", "c0 Chapter 1", "c0 Chapter 2"]),
    "parts and chapters": (
        f"# Part One\n\n## The Door\n\n{LONG}## The Hall\n\n{LONG}# Part Two\n\n## The Stair\n\n{LONG}",
        ["v0 Part One", "c1 The Door", "c1 The Hall", "v0 Part Two", "c1 The Stair"],
    ),
    "chapters with scenes": (
        f"# Chapter One\n\n## Morning\n\n{EN}## Noon\n\n{EN}# Chapter Two\n\n## Night\n\n{EN}",
        ["c0 Chapter One", "s1 Morning", "s1 Noon", "c0 Chapter Two", "s1 Night"],
    ),
    "three levels": (
        f"# A\n\n## B\n\n### C\n\n{EN}### D\n\n{EN}## E\n\n{EN}# F\n\n## G\n\n{EN}",
        ["v0 A", "c1 B", "s2 C", "s2 D", "c1 E", "v0 F", "c1 G"],
    ),
    "a level that is left out": (f"# Part 1\n\n### Chapter 1\n\n{EN}### Chapter 2\n\n{EN}# Part 2\n\n### Chapter 3\n\n{EN}", ["v0 Part 1", "c1 Chapter 1", "c1 Chapter 2", "v0 Part 2", "c1 Chapter 3"]),
    "one level for parts and chapters": (f"## PART I\n\n## Chapter 1\n\n{EN}## Chapter 2\n\n{EN}## PART II\n\n## Chapter 3\n\n{EN}", ["v0 PART I", "c1 Chapter 1", "c1 Chapter 2", "v0 PART II", "c1 Chapter 3"]),
    "a prologue and bare numbers": (f"## Prologue\n\n{EN}## I\n\n{EN}## II\n\n{EN}## Epilogue\n\n{EN}", ["c0 Prologue", "c0 I", "c0 II", "c0 Epilogue"]),
    "a note before bare numbers": (f"## A Note on the Text\n\n{EN}## 1\n\n{EN}## 2\n\n{EN}## 3\n\n{EN}", ["c0 A Note on the Text", "c0 1", "c0 2", "c0 3"]),
    "stories of which one has parts": (f"## A Scandal\n\n## I\n\n{EN}## II\n\n{EN}## The League\n\n{EN}## A Case\n\n{EN}", ["c0 A Scandal", "s1 I", "s1 II", "c0 The League", "c0 A Case"]),
    "underlined headings": (f"The Door\n========\n\n{EN}The Hall\n========\n\n{EN}", ["c0 The Door", "c0 The Hall"]),
    "a rule below a sentence": (f"# One\n\nHe left.\n---\n\n{EN}# Two\n\n{EN}", ["c0 One", "c0 Two"]),
    "a head of YAML": (f"---\ntitle: X\nauthor: Y\n---\n\n# One\n\n{EN}# Two\n\n{EN}", ["f0 ", "c0 One", "c0 Two"]),
    "fenced code": (f"# One\n\n```\n# not this\nChapter 7\n```\n\n{EN}# Two\n\n{EN}", ["c0 One", "c0 Two"]),
    "plain chapters": (f"CHAPTER I.\n\n{EN}CHAPTER II.\n\n{EN}", ["c0 CHAPTER I.", "c0 CHAPTER II."]),
    "chapters with titles": (f"My Book\nby Me\n\nPROLOGUE\n\n{EN}Chapter 1: The Door\n\n{EN}Chapter 2 The Hall\n\n{EN}Epilogue\n\n{EN}", ["f0 ", "c0 PROLOGUE", "c0 Chapter 1: The Door", "c0 Chapter 2 The Hall", "c0 Epilogue"]),
    "chapters in words": (f"Chapter One\n\n{EN}Chapter Two\n\n{EN}Chapter Twenty-One\n\n{EN}", ["c0 Chapter One", "c0 Chapter Two", "c0 Chapter Twenty-One"]),
    "plain parts": (f"PART ONE\n\nCHAPTER 1\n\n{EN}CHAPTER 2\n\n{EN}PART TWO\n\nCHAPTER 3\n\n{EN}", ["v0 PART ONE", "c1 CHAPTER 1", "c1 CHAPTER 2", "v0 PART TWO", "c1 CHAPTER 3"]),
    "volumes, books and chapters": (f"VOLUME I\n\nBOOK I\n\nCHAPTER I\n\n{EN}CHAPTER II\n\n{EN}BOOK II\n\nCHAPTER I\n\n{EN}VOLUME II\n\nBOOK I\n\nCHAPTER I\n\n{EN}", ["v0 VOLUME I", "v1 BOOK I", "c2 CHAPTER I", "c2 CHAPTER II", "v1 BOOK II", "c2 CHAPTER I", "v0 VOLUME II", "v1 BOOK I", "c2 CHAPTER I"]),
    "sentences": (f"Chapter 1\n\n{EN}Chapter 2 of that book was torn.\n\n{EN}Book I have never read.\n\nPart of it burned.\n\nChapter 2\n\n{EN}", ["c0 Chapter 1", "c0 Chapter 2"]),
    "lines of one width": (f"CHAPTER I\n\n{EN}He opened the book and went to the long and dull\nChapter 9\nwhich nobody had read.\n\nCHAPTER II\n\n{EN}", ["c0 CHAPTER I", "c0 CHAPTER II"]),
    "Gutenberg": (GUTENBERG, ["f0 ", "c0 CHAPTER I.", "c0 CHAPTER II.", "c0 CHAPTER III.", "b0 *** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***"]),
    "numbered stories": (DOYLE, ["f0 ", "c0 I. A SCANDAL", "s1 I.", "s1 II.", "s1 III.", "c0 II. THE LEAGUE", "c0 III. A CASE"]),
    "chapters that begin anew": (TWO_CITIES, ["f0 ", "v0 Book the First--Recalled", "c1 CHAPTER I.", "c1 CHAPTER II.", "v0 Book the Second--the Thread", "c1 CHAPTER I.", "c1 CHAPTER II."]),
    "bare numbers": (f"I\n\n{EN}II\n\n{EN}III\n\n{EN}", ["c0 I", "c0 II", "c0 III"]),
    "page numbers": (f"{EN}He went to the\n\n1\n\nhouse. {EN}{EN}and she to the long and winding road that goes to\n\n2\n\nthe town where her brother and his wife had lived for many years with\n\n3\n\ntheir cats.\n\n{EN}", ["c0 "]),
    "a list": ("Buy:\n\n1. Bread\n\n2. Milk\n\n3. Wine\n\n" + EN, ["c0 "]),
    "a play": (f"ACT I\n\nSCENE I. Venice. A street.\n\n{EN}SCENE II. A house.\n\n{EN}ACT II\n\nSCENE I. A garden.\n\n{EN}", ["v0 ACT I", "c1 SCENE I. Venice. A street.", "c1 SCENE II. A house.", "v0 ACT II", "c1 SCENE I. A garden."]),
    "bold lines": (f"**Chapter 1**\n\n{EN}**Chapter 2**\n\n{EN}", ["c0 **Chapter 1**", "c0 **Chapter 2**"]),
    "a web novel": (WEB, ["f0 ", "v0 第一卷 风起", "c1 楔子", "c1 第一章 少年", "c1 第二章 出门", "v0 第二卷 云涌", "c1 第三章 你是谁？", "c1 第四章　归来", "c0 尾声", "c0 番外一 大婚", "c0 后记"]),
    "volume and chapter on a line": (f"第一卷 风起 第一章 少年\n{ZH}第一卷 风起 第二章 出门\n{ZH}第二卷 云涌 第三章 归\n{ZH}", ["v0 第一卷 风起", "c1 第一卷 风起 第一章 少年", "c1 第一卷 风起 第二章 出门", "v0 第二卷 云涌", "c1 第二卷 云涌 第三章 归"]),
    "titles without a space": (f"第一章少年\n{ZH}第二章出门\n{ZH}第三章归来\n{ZH}第四章讲的是雪\n{ZH}", ["c0 第一章少年", "c0 第二章出门", "c0 第三章归来"]),
    "full-width numbers": (f"第１章　少年\n{ZH}第２章　出门\n{ZH}", ["c0 第１章　少年", "c0 第２章　出门"]),
    "chapters and their parts": (f"第一章 少年\n\n第一节 雪\n{ZH}第二节 风\n{ZH}第二章 出门\n\n第一节 路\n{ZH}", ["c0 第一章 少年", "s1 第一节 雪", "s1 第二节 风", "c0 第二章 出门", "s1 第一节 路"]),
    "only parts": (f"第一节 雪\n{ZH}第二节 风\n{ZH}", ["c0 第一节 雪", "c0 第二节 风"]),
    "a Chinese table of contents": (f"目录\n\n第一章 少年\n第二章 出门\n第三章 归来\n\n第一章 少年\n{ZH}第二章 出门\n{ZH}第三章 归来\n{ZH}", ["f0 ", "c0 第一章 少年", "c0 第二章 出门", "c0 第三章 归来"]),
    "headings twice": (f"第一章 少年\n\n第一章 少年\n{ZH}第二章 出门\n\n第二章 出门\n{ZH}", ["c0 第一章 少年", "c0 第二章 出门"]),
    "brackets and ornaments": (f"【第一章】少年\n{ZH}☆、第二章 出门\n{ZH}正文 第三章 归来\n{ZH}", ["c0 【第一章】少年", "c0 ☆、第二章 出门", "c0 正文 第三章 归来"]),
    "traditional characters": (f"第一回 風起\n{ZH}第二回 雲湧\n{ZH}後記\n{ZH}", ["c0 第一回 風起", "c0 第二回 雲湧", "c0 後記"]),
    "Markdown in Chinese": (f"# 书名\n\n## 卷一 江湖\n\n### 第一章 少年\n\n{ZH}### 第二章 出门\n\n{ZH}## 卷二 庙堂\n\n### 第一章 雪\n\n{ZH}", ["f0 书名", "v0 卷一 江湖", "c1 第一章 少年", "c1 第二章 出门", "v0 卷二 庙堂", "c1 第一章 雪"]),
    "Moby Dick": (f"MOBY-DICK;\n\nor, THE WHALE.\n\nBy Herman Melville\n\n\nCONTENTS\n\nETYMOLOGY.\n\nCHAPTER 1. Loomings.\n\nCHAPTER 2. The Carpet-Bag.\n\nCHAPTER 3. Of the Less Erroneous Pictures of Whales, and the True\nPictures of Scenes.\n\nEpilogue\n\n\nOriginal Notes:\n\nThis text is a combination.\n\n\nETYMOLOGY.\n\n{EN}CHAPTER 1. Loomings.\n\n{EN}CHAPTER 2. The Carpet-Bag.\n\n{EN}CHAPTER 3. Of the Less Erroneous Pictures of Whales, and the True\nPictures of Scenes.\n\n{EN}Epilogue\n\n{EN}", ["f0 ", "c0 CHAPTER 1. Loomings.", "c0 CHAPTER 2. The Carpet-Bag.", "c0 CHAPTER 3. Of the Less Erroneous Pictures of Whales, and the True", "c0 Epilogue"]),
    "War and Peace": (f"WAR AND PEACE\n\nBy Leo Tolstoy\n\nContents\n\nBOOK ONE: 1805\n\nCHAPTER I\n\nCHAPTER II\n\nBOOK TWO: 1805\n\nCHAPTER I\n\nCHAPTER II\n\nFIRST EPILOGUE: 1813 - 20\n\nCHAPTER I\n\n\n\nBOOK ONE: 1805\n\n\n\n\n\nCHAPTER I\n\n{EN}CHAPTER II\n\n{EN}BOOK TWO: 1805\n\n\n\n\n\nCHAPTER I\n\n{EN}CHAPTER II\n\n{EN}", ["f0 ", "v0 BOOK ONE: 1805", "c1 CHAPTER I", "c1 CHAPTER II", "v0 BOOK TWO: 1805", "c1 CHAPTER I", "c1 CHAPTER II"]),
    "Les Misérables": (f"VOLUME I—FANTINE\n\nPREFACE\n\n{EN}BOOK FIRST—A JUST MAN\n\nCHAPTER I—M. MYRIEL\n\n{EN}CHAPTER II—M. MYRIEL BECOMES M. WELCOME\n\n{EN}BOOK SECOND—THE FALL\n\nCHAPTER I—THE EVENING\n\n{EN}", ["v0 VOLUME I—FANTINE", "c1 PREFACE", "v1 BOOK FIRST—A JUST MAN", "c2 CHAPTER I—M. MYRIEL", "c2 CHAPTER II—M. MYRIEL BECOMES M. WELCOME", "v1 BOOK SECOND—THE FALL", "c2 CHAPTER I—THE EVENING"]),
    "Treasure Island": (f"PART ONE—The Old Buccaneer\n\n\n\n1\nThe Old Sea-dog at the Admiral Benbow\n\n{EN}2\nBlack Dog Appears\n\n{EN}PART TWO—The Sea-cook\n\n\n\n3\nI Go to Bristol\n\n{EN}", ["v0 PART ONE—The Old Buccaneer", "c1 1", "c1 2", "v0 PART TWO—The Sea-cook", "c1 3"]),
    "The Time Machine": (f"The Time Machine\n\nby H. G. Wells\n\nCONTENTS\n\n I. Introduction\n II. The Machine\n III. The Time Traveller Returns\n\n\n I.\n Introduction\n\n{EN} II.\n The Machine\n\n{EN} III.\n The Time Traveller Returns\n\n{EN}", ["f0 ", "c0 I.", "c0 II.", "c0 III."]),
    "The War of the Worlds": (f"BOOK ONE\nTHE COMING OF THE MARTIANS\n\n\n\nI.\nTHE EVE OF THE WAR.\n\n{EN}II.\nTHE FALLING STAR.\n\n{EN}BOOK TWO\nTHE EARTH\n\n\n\nI.\nUNDER FOOT.\n\n{EN}II.\nIN THE RUINED HOUSE.\n\n{EN}", ["v0 BOOK ONE", "c1 I.", "c1 II.", "v0 BOOK TWO", "c1 I.", "c1 II."]),
    "Frankenstein": (f"Letter 1\n\n_To Mrs. Saville, England._\n\n\n{EN}Letter 2\n\n{EN}Chapter 1\n\n{EN}Chapter 2\n\n{EN}", ["c0 Letter 1", "c0 Letter 2", "c0 Chapter 1", "c0 Chapter 2"]),
    "Crime and Punishment": (f"PART I\n\n\n\nCHAPTER I\n\n{EN}PART II\n\n\n\nCHAPTER I\n\n{EN}EPILOGUE\n\n\n\nI\n\n{EN}II\n\n{EN}", ["v0 PART I", "c1 CHAPTER I", "v0 PART II", "c1 CHAPTER I", "c0 EPILOGUE"]),
    "三国演义": (f"三國演義\n\n第一回：宴桃園豪傑三結義，斬黃巾英雄首立功\n\n{ZH}第二回：張翼德怒鞭督郵，何國舅謀誅宦豎\n\n{ZH}", ["f0 ", "c0 第一回：宴桃園豪傑三結義，斬黃巾英雄首立功", "c0 第二回：張翼德怒鞭督郵，何國舅謀誅宦豎"]),
    "a volume before each chapter": (f"第一卷 风起\n第一章 少年\n{ZH}第一卷 风起\n第二章 出门\n{ZH}第二卷 云涌\n第三章 归来\n{ZH}", ["v0 第一卷 风起", "c1 第一章 少年", "c1 第二章 出门", "v0 第二卷 云涌", "c1 第三章 归来"]),
    "numbers with a comma": (f"第1章、少年\n{ZH}第2章、出门\n{ZH}第12章、归来\n{ZH}上架感言\n{ZH}大结局\n{ZH}", ["c0 第1章、少年", "c0 第2章、出门", "c0 第12章、归来", "c0 上架感言", "c0 大结局"]),
    "a chapter that is missing": (f"第一章少年\n{ZH}第三章归来\n{ZH}第四章雪\n{ZH}", ["c0 第一章少年", "c0 第三章归来", "c0 第四章雪"]),
    "first and last volume": (f"上卷\n\n第一章 少年\n{ZH}下卷 归途\n\n第二章 出门\n{ZH}", ["v0 上卷", "c1 第一章 少年", "v0 下卷 归途", "c1 第二章 出门"]),
    "Markdown volumes over plain chapters": (f"# 卷一\n\n第一章 少年\n{ZH}第二章 出门\n{ZH}\n# 卷二\n\n第三章 归来\n{ZH}", ["v0 卷一", "c1 第一章 少年", "c1 第二章 出门", "v0 卷二", "c1 第三章 归来"]),
    "web lists": (f"1、少年\n{ZH}2、出门\n{ZH}3、归来\n{ZH}", ["c0 1、少年", "c0 2、出门", "c0 3、归来"]),
    "a title above a long preface": (f"# My Book\n\n{LONG}## Chapter 1\n\n{EN}## Chapter 2\n\n{EN}", ["f0 My Book", "c0 Chapter 1", "c0 Chapter 2"]),
    "a prologue under each part": (f"# Part I\n\n## Prologue\n\n{EN}## Chapter 1\n\n{EN}# Part II\n\n## Prologue\n\n{EN}## Chapter 2\n\n{EN}# Afterword\n\n{EN}", ["v0 Part I", "c1 Prologue", "c1 Chapter 1", "v0 Part II", "c1 Prologue", "c1 Chapter 2", "c0 Afterword"]),
    "only volumes": (f"第一卷 风起\n{ZH}第二卷 云涌\n{ZH}", ["c0 第一卷 风起", "c0 第二卷 云涌"]),
    "centred headings": (f"                CHAPTER I\n\n{EN}                CHAPTER II\n\n{EN}", ["c0 CHAPTER I", "c0 CHAPTER II"]),
    "a table with page numbers": (f"目 录\n第一章 少年……1\n第二章 出门……9\n\n第一章 少年\n{ZH}第二章 出门\n{ZH}", ["f0 ", "c0 第一章 少年", "c0 第二章 出门"]),
    "a table of Markdown links": (f"# Book\n\n- [Chapter 1](#a)\n- [Chapter 2](#b)\n\n## Chapter 1\n\n{EN}## Chapter 2\n\n{EN}", ["f0 Book", "c0 Chapter 1", "c0 Chapter 2"]),
    "Chinese numbers alone": (f"一\n\n{ZH}\n二\n\n{ZH}\n三\n\n{ZH}", ["c0 一", "c0 二", "c0 三"]),
    "halves with numbers": (f"上篇 风\n\n一、少年\n\n{ZH}\n二、出门\n\n{ZH}\n下篇 云\n\n一、归来\n\n{ZH}", ["v0 上篇 风", "c1 一、少年", "c1 二、出门", "v0 下篇 云", "c1 一、归来"]),
    "numbers with noughts": (f"001 少年\n{ZH}002 出门\n{ZH}003 归来\n{ZH}", ["c0 001 少年", "c0 002 出门", "c0 003 归来"]),
    "sentences with 第三章": (f"第一章 雪夜\n他说：“第二章 我还没写。”\n第三章也没有，她说。\n{ZH}第二章 晨\n{ZH}", ["c0 第一章 雪夜", "c0 第二章 晨"]),
    "nothing": (EN, ["c0 "]),
    "empty": ("", ["c0 "]),
    "chapters the first": (f"CHAPTER THE FIRST\n\n{EN}CHAPTER THE SECOND\n\n{EN}", ["c0 CHAPTER THE FIRST", "c0 CHAPTER THE SECOND"]),
    "chapters in small letters": (f"chapter one\n\n{EN}chapter two\n\n{EN}chapter three\n\n{EN}", ["c0 chapter one", "c0 chapter two", "c0 chapter three"]),
    "short words": (f"Ch. 1\n\n{EN}CH 2\n\n{EN}", ["c0 Ch. 1", "c0 CH 2"]),
    "long titles": (f"Chapter 1 In Which Phileas Fogg and Passepartout Accept Each Other, the One as Master, the Other as Man\n\n{EN}Chapter 2 Short\n\n{EN}", ["c0 Chapter 1 In Which Phileas Fogg and Passepartout Accept Each Other, the One as Master, the Other as Man", "c0 Chapter 2 Short"]),
    "long sentences": (f"Chapter 1\n\n{EN}Chapter 2 is what she called the long and dreary winter that came after the funeral of her brother\n\n{EN}Chapter 2\n\n{EN}", ["c0 Chapter 1", "c0 Chapter 2"]),
    "page breaks and hard spaces": (f"\fCHAPTER\u00a0I\n\n{EN[:-1]}\fCHAPTER\u00a0II\n{EN}", ["c0 CHAPTER\u00a0I", "c0 CHAPTER\u00a0II"]),
    "blanks without width": (f"\u200b第一章 雪\n{ZH}\u200b第二章 风\n{ZH}", ["c0 第一章 雪", "c0 第二章 风"]),
    "spaced out": (f"楔　子\n{ZH}第 一 章 雪\n{ZH}第 十 一 章 风\n{ZH}后　记\n{ZH}", ["c0 楔　子", "c0 第 一 章 雪", "c0 第 十 一 章 风", "c0 后　记"]),
    "formal numbers": (f"第壹章 雪\n{ZH}第貳章 风\n{ZH}第一○三章 雨\n{ZH}", ["c0 第壹章 雪", "c0 第貳章 风", "c0 第一○三章 雨"]),
    "chapters in one and between": (f"第1章 雪\n{ZH}第2-3章 风\n{ZH}第3.5章 雨\n{ZH}第4章 云\n{ZH}", ["c0 第1章 雪", "c0 第2-3章 风", "c0 第3.5章 雨", "c0 第4章 云"]),
    "parts of a translation": (f"第一部分 起\n\n第一章 雪\n{ZH}第二部分\n\n第二章 风\n{ZH}", ["v0 第一部分 起", "c1 第一章 雪", "v0 第二部分", "c1 第二章 风"]),
    "chapters on many levels": (f"# Book\n\n## Chapter 1\n\n{EN}### Chapter 2\n\n{EN}# Chapter 3\n\n{EN}## Chapter 4\n\n{EN}", ["f0 Book", "c0 Chapter 1", "c0 Chapter 2", "c0 Chapter 3", "c0 Chapter 4"]),
    "a table of Markdown headings": (f"# Book\n\n## Chapter 1\n\n## Chapter 2\n\n## Chapter 3\n\n## Chapter 1\n\n{EN}## Chapter 2\n\n{EN}## Chapter 3\n\n{EN}", ["f0 Book", "c0 Chapter 1", "c0 Chapter 2", "c0 Chapter 3"]),
    "headings still without text": ("# Act 1\n\n## Scene 1\n\n## Scene 2\n\n# Act 2\n\n## Scene 1\n\n## Scene 2\n", ["v0 Act 1", "c1 Scene 1", "c1 Scene 2", "v0 Act 2", "c1 Scene 1", "c1 Scene 2"]),
    "a title alone": (f"# Story\n\n{EN}", ["c0 Story"]),
}  # fmt: skip


def outline(text, **options):
    return [f"{each.rank.value[0]}{each.depth} {each.heading}" for each in cut(text, **options)]


def check_spans(text, cuts):
    assert "".join(text[each.start : each.end] for each in cuts) == text
    assert [each.start for each in cuts] == [0, *(each.end for each in cuts[:-1])]
    assert all(each.start <= each.body <= each.end for each in cuts)


@pytest.mark.parametrize("name", BOOKS)
def test_books_of_many_shapes(name):
    text, expected = BOOKS[name]
    assert outline(text) == expected
    for options in ({}, {"scenes": True}, {"scenes": True, "blank_lines": 2}):
        check_spans(text, cut(text, **options))


@pytest.mark.parametrize("change", [lambda t: t.replace("\n\n", "\n\n\n"), lambda t: t.rstrip()])
@pytest.mark.parametrize(
    "name", ["Gutenberg", "a web novel", "plain parts", "parts and chapters", "numbered stories"]
)
def test_more_empty_lines_or_fewer_make_no_difference(name, change):
    text, expected = BOOKS[name]
    assert outline(change(text)) == expected


def test_pride_and_prejudice_has_61_chapters_however_it_is_headed(pride):
    assert Counter(each.rank for each in cut(pride)) == {Rank.CHAPTER: 61}
    check_spans(pride, cut(pride))
    plain = re.sub(r"^## (\w+)$", r"CHAPTER \1.", pride, flags=re.MULTILINE)
    table = "".join(
        f"CHAPTER {number}\n" for number in re.findall(r"^## (\w+)$", pride, re.MULTILINE)
    )
    for text in (plain, f"PRIDE AND PREJUDICE\n\nBy Jane Austen\n\nCONTENTS\n\n{table}\n\n{plain}"):
        ranks = Counter(each.rank for each in cut(text))
        assert ranks[Rank.CHAPTER] == 61
        assert set(ranks) <= {Rank.CHAPTER, Rank.FRONT}


def test_the_dream_has_40_chapters_however_it_is_headed(dream):
    assert Counter(each.rank for each in cut(dream)) == {Rank.CHAPTER: 40}
    indented = re.sub(r"\n\n(?!## )", "\n　　", dream).replace("## ", "　　")
    assert Counter(each.rank for each in cut(indented)) == {Rank.CHAPTER: 40}
    first = cut(dream)[0]
    assert (first.name.number, first.name.title) == (1, "甄士隐梦幻识通灵 贾雨村风尘怀闺秀")


def test_the_stories_of_sherlock_holmes(sherlock):
    found = cut(sherlock)
    stories = [each.heading for each in found if each.rank is Rank.CHAPTER]
    assert (len(stories), stories[0], stories[-1]) == (
        12, "A Scandal in Bohemia", "The Adventure of the Copper Beeches",
    )  # fmt: skip
    assert [each.heading for each in found if each.rank is Rank.SCENE] == ["I", "II", "III"]


@pytest.mark.parametrize(
    "mark", ["***", "* * *", "---", "◇", "◇◇◇", "＊　＊　＊", "　　———", "☆", "⁂", "~~~"]
)
def test_a_chapter_is_cut_at_scene_breaks(mark):
    text = f"# One\n\nA first.\n\n{mark}\n\nA second.\n\n{mark}\n\nA third.\n\n# Two\n\nWhole.\n"
    found = cut(text, scenes=True)
    check_spans(text, found)
    assert [each.rank.value[0] for each in found] == ["c", "s", "s", "s", "c"]
    assert text[found[2].start : found[2].end].startswith("A second.")
    assert text[found[1].start : found[1].end].rstrip().endswith(mark.strip())
    assert len(cut(text)) == 2


def test_empty_lines_are_scene_breaks_when_asked_for():
    text = "# One\n\nA.\n\nB.\n\n\n\nC.\n\n***\n\n\n\nD.\n"
    assert len(cut(text, scenes=True)) == 3
    found = cut(text, scenes=True, blank_lines=3)
    check_spans(text, found)
    assert [text[each.start : each.end].strip().split("\n")[0] for each in found] == [
        "# One",
        "A.",
        "C.",
        "D.",
    ]


def test_what_a_heading_says():
    name = read("第一卷 风起 第十二章：你是谁")
    assert (name.number, name.title, name.volume.title, name.pattern) == (
        12,
        "你是谁",
        "风起",
        "第{n}章",
    )
    assert read("Chapter XIV—The End")[:6] == (
        Unit.CHAPTER, "chapter", 14, "The End", "Chapter XIV", "Chapter {n}",
    )  # fmt: skip
    assert read("CHAPTER THE FIRST").number == 1
    assert read("第一百零八回").number == 108
    assert read("第二三章").number == 23


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (f"CHAPTER I.\n\nDown the Hole\n\n{EN}CHAPTER II.\n\nThe Pool of Tears\n\n{EN}", ["Down the Hole", "The Pool of Tears"]),
        (f"CHAPTER I.\n\nDown the Hole\n\n{EN}CHAPTER II.\n\nIt was late\nwhen he came.\n\n{EN}", ["", ""]),
        (f"第一章\n\n雪夜\n\n{ZH}第二章\n\n出门\n\n{ZH}", ["雪夜", "出门"]),
        (f"第一章\n\n雪夜\n\n{ZH}第二章\n\n他出门了。\n\n{ZH}", ["", ""]),
    ],
)  # fmt: skip
def test_titles_under_an_empty_line_are_known_where_all_chapters_have_one(text, titles):
    assert [each.name.title for each in cut(text)] == titles


@pytest.mark.parametrize(
    "line",
    [
        "第三章里他说…", "第三章，我们讲过。", "第一章：他说的话真多，我不信。", "第二节课", "第一部分人", "第二十回合", "序列", "尾声渐渐远了",
        "第二天", "Chapter and verse", "Chapter 12 was torn", "Part of it", "Book I have read", "Chapter 5. He read it aloud, twice, and slept.",
        "In Chapter 3", "Conclusion of the affair", "chapter 3 of it", "Introduction to him was easy.", "Act now", "Letter from home", "",
    ],
)  # fmt: skip
def test_what_is_no_heading(line):
    assert read(line) is None


@given(st.lists(st.sampled_from(["# A\n", "第一章 少\n", "第二章少年\n", "CHAPTER I\n", "\n", "I\n", "x. ", "他。\n", "***\n", "A\n---\n", "```\n", "PART TWO\n", "***START OF THE ***\n", "目录\n", "1. B\n", "序\n"]), max_size=30), st.booleans())  # fmt: skip
def test_the_cuts_are_the_text_whatever_it_is(pieces, scenes):
    text = "".join(pieces)
    found = cut(text, scenes=scenes, blank_lines=1)
    check_spans(text, found)
    assert all(b.depth <= a.depth + 1 for a, b in pairwise(found))
