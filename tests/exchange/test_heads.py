import json
import re
from pathlib import Path

import pytest

from exchange.intakes import articles, made, untaken
from responsa.cli.app import main
from responsa.errors import UsageError
from responsa.exchange.imports.heads import doubtful
from responsa.exchange.imports.rows import FIELDS, Columns

GERMAN = "Frage;Antwort;Fach\nWarum?;Darum.;Recht\n"


def table(tmp_path, text, name="t.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def lines(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.mark.parametrize(
    ("mapped", "message"),
    [
        ({"question": "Frgae", "answer": "Antwort"}, r"no column `Frgae`; .*did you mean --map question=Frage\?"),
        ({"question": "frage", "answer": "Antwort"}, r"no column `frage`; .*did you mean --map question=Frage\?"),
        ({"question": "x", "answer": "Antwort"}, r"there is no column `x`; there are `Frage`, `Antwort`, `Fach`$"),
        ({"question": "Frage"}, r"no column is called `answer`.*`Fach`; say which with --map answer="),
        ({}, r"no column is called `question`.*there are `Frage`, `Antwort`, `Fach`; say which with --map question="),
    ],
)  # fmt: skip
def test_a_wrong_column_is_said_before_a_row_is_taken(tmp_path, import_from, library, mapped, message):
    with pytest.raises(UsageError, match=message):
        import_from(start=table(tmp_path, GERMAN), columns=Columns(mapped))
    assert list(library.rglob("*.md")) == []


def test_a_column_that_is_called_nearly_so_is_offered(tmp_path, import_from):
    start = table(tmp_path, "Question text,Answer text\nA?,a\n")
    with pytest.raises(UsageError, match=r"did you mean --map question=Question text\?"):
        import_from(start=start)


def test_the_command_ends_with_2_and_writes_nothing(tmp_path, capsys):
    (tmp_path / "library").mkdir()
    words = ["import", str(tmp_path / "library"), str(table(tmp_path, GERMAN))]
    assert main([*words, "--map", "question=Frag", "--map", "answer=Antwort"]) == 2
    assert "did you mean --map question=Frage?" in capsys.readouterr().err
    assert main(words) == 2
    assert list((tmp_path / "library").rglob("*.md")) == []


def test_of_several_tables_none_is_taken_where_the_last_does_not_fit(tmp_path):
    (tmp_path / "library").mkdir()
    right, wrong = table(tmp_path, "question,answer\nA?,a\n", "1.csv"), table(tmp_path, GERMAN, "2.csv")
    assert main(["import", str(tmp_path / "library"), str(right), str(wrong)]) == 2
    assert list((tmp_path / "library").rglob("*.md")) == []


def test_a_column_that_only_later_lines_have_is_there(tmp_path, import_from, library):
    start = table(tmp_path, lines({"q": "A?", "a": "a"}, {"q": "B?", "a": "b", "Fach": "Law"}), "t.jsonl")
    import_from(start=start, columns=Columns({"subject": "Fach"}))
    assert [article.subject for article in articles(library)] == ["Law", "Others"]


def test_a_line_without_a_column_that_was_named_is_one_that_is_not_taken(tmp_path, import_from):
    start = table(tmp_path, lines({"F": "A?", "a": "a"}, {"a": "b"}, {"F": "C?", "a": "c"}), "t.jsonl")
    outcomes = import_from(start=start, columns=Columns({"question": "F"}))
    assert [one.place.record for one in made(outcomes)] == ["line 1", "line 3"]
    assert untaken(outcomes) == [("line 2", "no question")]


def test_one_table_of_a_folder_that_does_not_fit_costs_no_other(tmp_path, import_from):
    (tmp_path / "tables").mkdir()
    table(tmp_path / "tables", "year,count\n2020,7\n", "1.csv")
    table(tmp_path / "tables", "question,answer\nA?,a\n", "2.csv")
    outcomes = import_from(start=tmp_path / "tables")
    assert len(made(outcomes)) == 1
    assert untaken(outcomes) == [("line 2", "no question")]


def test_a_table_without_rows_is_no_mistake(tmp_path, import_from):
    assert import_from(start=table(tmp_path, "question,answer\n"), columns=Columns({"subject": "Fach"})) == []


def test_options_for_another_kind_are_refused(tmp_path, import_from):
    page = table(tmp_path, "# Why?\n\nBecause.\n", "why.md")
    with pytest.raises(UsageError, match="--map and --text are for tables"):
        import_from(start=page, columns=Columns({"question": "x"}))
    with pytest.raises(UsageError, match="--site is for dumps"):
        import_from(start=page, site="baking.stackexchange.com")


def test_every_field_that_a_column_can_hold_is_explained():
    page = (Path(__file__).parents[2] / "docs/import.md").read_text(encoding="utf-8")
    table = page.partition("| field |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.+) \|$", table, re.MULTILINE))
    assert rows == {field: ", ".join(f"`{name}`" for name in names) for field, names in FIELDS.items()}


def test_a_field_that_is_nearly_one_of_ours_is_doubted():
    assert doubtful({"question": "F", "authors": "A", "level": "L"}) == [
        "--map authors=A: kept under the name `authors`; did you mean `author`?"
    ]
