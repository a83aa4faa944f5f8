import json
import re

import pytest

from exchange.intakes import articles, known, made, take, untaken
from responsa.cli import import_ as command
from responsa.cli.app import main
from responsa.exchange.imports import intake
from responsa.exchange.imports.entry import Entry, Place
from responsa.exchange.imports.intake import Wishes, take_in
from responsa.exchange.imports.taken import Taken
from responsa.library.library import read


def rows(tmp_path, *pairs, name="faq.jsonl"):
    file = tmp_path / name
    file.write_text("".join(json.dumps({"question": q, "answer": a}) + "\n" for q, a in pairs), encoding="utf-8")
    return file


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.md")}


def test_every_article_gets_a_name_and_an_address_of_its_own(tmp_path, import_from, library):
    import_from(start=rows(tmp_path, ("Why?", "One."), ("Why?", "Two."), ("why", "Three.")))
    assert [(a.url, str(a.path), a.answer) for a in articles(library)] == [
        ("/learn/others/questions/why-2", "content/learn/others/why-2.md", "Two."),
        ("/learn/others/questions/why-3", "content/learn/others/why-3.md", "Three."),
        ("/learn/others/questions/why", "content/learn/others/why.md", "One."),
    ]


def test_signs_that_no_page_can_show_are_left_out(tmp_path, import_from, library):
    import_from(start=rows(tmp_path, ("A\0 b\x1b?", "One\x07\ttwo\x0b.\n\nThree.")))
    (article,) = articles(library)
    assert (article.question, article.answer) == ("A b?", "One\ttwo.\n\nThree.")


def test_a_file_that_is_there_is_never_touched(tmp_path, import_from, library):
    mine = library / "content/learn/others/why.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("---\nquestion: Why?\nanswer: Mine.\nurl: /learn/others/questions/why\n---\n")
    before = mine.read_bytes()
    assert made(import_from(start=rows(tmp_path, ("Why?", "Yours."))))[0].path.name == "why-2.md"
    assert mine.read_bytes() == before


def test_an_unreadable_file_keeps_its_name(tmp_path, import_from, library):
    mine = library / "content/learn/others/why.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("no front matter")
    assert made(import_from(start=rows(tmp_path, ("Why?", "Yours."))))[0].path.name == "why-2.md"


def test_a_second_run_writes_nothing(tmp_path, import_from, library):
    start = rows(tmp_path, ("Why?", "One."), ("How?", "Two."))
    import_from(start=start)
    before = tree(library)
    again = import_from(start=start)
    assert len(known(again)) == 2
    assert not made(again)
    assert tree(library) == before


def test_an_import_that_was_killed_goes_on_and_ends_as_if_it_had_not_been(tmp_path, import_from, library, monkeypatch):
    start = rows(tmp_path, *((f"Why {number % 7}?", f"Because {number}.") for number in range(40)))
    monkeypatch.setattr(intake, "BATCH", 6)
    calls = []

    def dies(*arguments):
        if len(calls) == 3:
            raise KeyboardInterrupt
        calls.append(arguments)
        return create(*arguments)

    create = intake.create
    monkeypatch.setattr(intake, "create", dies)
    with pytest.raises(KeyboardInterrupt):
        import_from(start=start)
    assert len(tree(library)) == 18
    monkeypatch.setattr(intake, "create", create)
    import_from(start=start)
    halves = tree(library)
    whole = tmp_path / "whole"

    take(whole, start, tmp_path / "spool")
    assert halves == tree(whole)
    assert len(halves) == 40


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, import_from, library):
    start = rows(tmp_path, ("Why?", "One."), ("Why?", "Two."), ("", "Three."))
    planned = import_from(start=start, write=False)
    assert not tree(library)
    assert import_from(start=start) == planned


def test_a_subject_goes_by_another_name_and_by_a_keyword(tmp_path):
    library, place = read(tmp_path), Place("x")
    entries = [
        Entry(place, "1", "A?", "a", subject="baking"),
        Entry(place, "2", "B?", "b", keywords=("bread", "Baking")),
        Entry(place, "3", "C?", "c"),
        Entry(place, "4", "D?", "d", subject="Wine"),
    ]
    with Taken() as taken:
        list(take_in(library, entries, taken, Wishes("Else", {"baking": "Cooking"}), write=True))
    assert sorted((a.question, a.subject) for a in library.articles()) == [
        ("A?", "Cooking"), ("B?", "Cooking"), ("C?", "Else"), ("D?", "Wine"),
    ]  # fmt: skip


def test_an_alias_that_belongs_to_another_article_is_left_out_and_said(tmp_path):
    place = Place("x")
    entries = [
        Entry(place, "1", "A?", "a", address="/old/"),
        Entry(place, "2", "B?", "b", aliases=("/old", "/b", "//evil")),
    ]
    with Taken() as taken:
        outcomes = list(take_in(read(tmp_path), entries, taken, Wishes(), write=True))
    assert outcomes[-1].text == "its earlier address /old belongs to another article"
    assert [a.aliases for a in read(tmp_path).articles()] == [("/old/",), ("/b",)]


@pytest.mark.parametrize("kind", ["seed", "markdown", "hugo", "jekyll", "eleventy"])
def test_each_layout_holds_what_was_imported(tmp_path, kind):
    (tmp_path / "responsa.toml").write_text(f'[layout]\nkind = "{kind}"\ncontent = "c"\n')
    answer = "# Not a title\n\nA line with \\neq, $\\nu$ and `\\n`.\n\n---\n\nlast: 'x'"
    entry = Entry(
        Place("x"), "o#1", "1e3", answer, "Medicine: all", author="No", date="2024-12-07", language="no",
        description="d: e", keywords=("a", "b"), also_asked=("Really?",), more={"odd": {"x": [1, None, "y"]}},
    )  # fmt: skip
    with Taken() as taken:
        assert made(take_in(read(tmp_path), [entry], taken, Wishes(), write=True))
    (article,) = read(tmp_path).articles()
    assert article.answer == answer
    assert (article.question, article.subject, article.author) == ("1e3", "Medicine: all", "No")
    assert (str(article.date), article.language, article.also_asked) == ("2024-12-07", "no", ("Really?",))
    assert (article.seo.description, article.seo.keywords) == ("d: e", "a, b")
    assert article.extra == {"origin": "o#1", "odd": {"x": [1, None, "y"]}}
    assert not article.misfits
    assert not article.unstated


@pytest.mark.parametrize("slug", ["../../../etc/passwd", "/etc/x", "..", "a/b", "con", ".hidden", "x" * 999, "\0"])
def test_a_name_from_elsewhere_is_never_a_path(tmp_path, slug):
    with Taken() as taken:
        (one,) = take_in(read(tmp_path), [Entry(Place("x"), "1", "Q?", "a", slug=slug)], taken, Wishes(), write=True)
    assert re.fullmatch(r"others/[\w-]+\.md", str(one.path))
    assert (tmp_path / one.path).is_file()


def test_drafts_stay_out_unless_they_are_wanted(tmp_path):
    draft = Entry(Place("x"), "1", "Q?", "a", no_index=True, more={"draft": True})
    with Taken() as taken:
        assert untaken(take_in(read(tmp_path), [draft], taken, Wishes(), write=True)) == [("", "a draft")]
        assert made(take_in(read(tmp_path), [draft], taken, Wishes(drafts=True), write=True))
    (article,) = read(tmp_path).articles()
    assert article.no_index


def test_the_command_tells_what_was_not_taken_and_why(tmp_path, capsys):
    start = rows(tmp_path, ("Why?", "One."), ("How?", ""), ("", "x"))
    (tmp_path / "library").mkdir()
    assert main(["import", str(tmp_path / "library"), str(start)]) == 0
    out = capsys.readouterr().out
    assert "1 articles written; 0 were there already" in out
    assert "not taken: 1, no answer\n    faq.jsonl, line 2: How?" in out
    assert main(["import", str(tmp_path / "library"), str(start), "--json", "--strict"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {
        "file": "faq.jsonl",
        "record": "line 2",
        "taken": False,
        "reason": "no answer",
        "detail": "How?",
    }
    assert lines[-1]["summary"] == {"taken": 0, "there_already": 1, "not_taken": 2, "written": True}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv"], "no such file"),
        (["x.7z"], "7z x x.7z"),
        (["x.bin"], "--kind"),
        (["x.csv", "--kind", "wordpress"], "known are csv"),
        (["x.csv", "--map", "question"], "FIELD=COLUMN"),
        (["x.csv", "--map", "question=Frage"], "no column `Frage`; there are `a`, `b`"),
        (["x.csv", "--text", "rtf"], "known are markdown"),
        (["x.csv", "--subject-of", "x"], "NAME=SUBJECT"),
        (["x.csv", "--provenance", "alien"], "known are human"),
        (["Posts.xml"], "--site is needed"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "l").mkdir()
    for name in ("x.7z", "x.bin", "Posts.xml"):
        (tmp_path / name).write_text("<posts/>")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert main(["import", "l", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_function_of_a_keyword_has_an_underscore():
    assert callable(command.import_)
