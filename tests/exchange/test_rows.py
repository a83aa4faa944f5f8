import io
import json
import tarfile

import pytest

from exchange.intakes import articles, made, untaken
from responsa.errors import ResponsaError, UnreadableError
from responsa.exchange.imports import tables
from responsa.exchange.imports.files import unpacked
from responsa.exchange.imports.rows import Columns


def put(tmp_path, text, name="t.csv", encoding="utf-8"):
    file = tmp_path / name
    file.write_bytes(text.encode(encoding))
    return file


def test_columns_are_told_by_their_names_and_others_are_kept(tmp_path, import_from, library):
    import_from(start=put(tmp_path, 'ID,Title,Body,Tags,Level\n7,"What, then?","Line 1\nLine 2","a, b",hard\n'))
    (article,) = articles(library)
    assert (article.question, article.answer, article.seo.keywords) == ("What, then?", "Line 1\nLine 2", "a, b")
    assert article.extra == {"origin": "t.csv#7", "Level": "hard"}
    assert article.id == "7"


def test_a_mapping_names_columns(tmp_path, import_from, library):
    start = put(tmp_path, "Frage;Antwort;Fach\nWarum?;Darum.;Recht\n")
    import_from(start=start, columns=Columns({"question": "Frage", "answer": "Antwort", "subject": "Fach"}))
    (article,) = articles(library)
    assert (article.question, article.answer, article.subject) == ("Warum?", "Darum.", "Recht")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_are_read(tmp_path, import_from, library, encoding):
    import_from(start=put(tmp_path, "question\tanswer\nGrün?\tJa.\n", "t.tsv", encoding))
    assert [a.question for a in articles(library)] == ["Grün?"]


def test_each_row_that_is_none_is_named_with_its_line(tmp_path, import_from):
    start = put(tmp_path, 'question,answer\nA?,a\nB?,b,c\nC?\n"D\n?",d\n')
    outcomes = import_from(start=start)
    assert [one.place.record for one in made(outcomes)] == ["line 2", "line 5"]
    assert untaken(outcomes) == [("line 3", "cannot be read"), ("line 4", "no answer")]


def test_an_open_quotation_mark_does_not_swallow_the_rows_behind_it(tmp_path, import_from):
    outcomes = import_from(start=put(tmp_path, 'question,answer\nA?,a\nB?,"never closed\nC?,c\nD?,d\n'))
    assert [one.place.record for one in made(outcomes)] == ["line 2"]
    assert untaken(outcomes) == [("line 3", "cannot be read")]


def test_a_table_in_another_encoding_is_not_half_imported(tmp_path, import_from, library):
    rows = "".join(f"Q{number}?,a\n" for number in range(2000)) + "Grün?,Ja.\nZ?,z\n"
    with pytest.raises(UnreadableError, match=r"t\.csv:2002: not UTF-8"):
        import_from(start=put(tmp_path, f"question,answer\n{rows}", encoding="latin-1"))
    assert list(library.rglob("*.md")) == []


def test_json_lines_in_another_encoding_are_named_with_their_line(tmp_path, import_from):
    text = '{"q": "A?", "a": "a"}\n{"q": "Grün?", "a": "Ja"}\n{"q": "B?", "a": "b"}\n'
    with pytest.raises(UnreadableError, match=r"t\.jsonl:2: not UTF-8"):
        import_from(start=put(tmp_path, text, "t.jsonl", "latin-1"))


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "names no columns"), ("\n\n", "names no columns"), ("question,answer,answer\nA?,a,b\n", "called `answer`")],
)
def test_a_head_that_names_no_columns_or_one_twice_is_said(tmp_path, import_from, text, told):
    with pytest.raises(UnreadableError, match=told):
        import_from(start=put(tmp_path, text))


def test_columns_without_a_name_are_passed_over(tmp_path, import_from, library):
    import_from(start=put(tmp_path, "question,answer,,\nA?,a,,\n"))
    assert articles(library)[0].answer == "a"


def test_a_line_beyond_the_limit_is_one_row_that_is_none(tmp_path, import_from, monkeypatch):
    monkeypatch.setattr(tables, "LONGEST", 50)
    line = json.dumps({"q": "A?", "a": "x" * 200})
    outcomes = import_from(start=put(tmp_path, f'{line}\n{{"q": "B?", "a": "b"}}\n', "t.jsonl"))
    assert untaken(outcomes) == [("line 1", "cannot be read")]
    assert [one.place.record for one in made(outcomes)] == ["line 2"]


def test_an_answer_in_several_texts_becomes_paragraphs_and_one_that_is_no_text_none(tmp_path, import_from, library):
    lines = [{"q": "A?", "answers": ["One.", "Two."]}, {"q": "B?", "answers": {"text": ["x"]}}, {"q": ["C"], "a": "c"}]
    outcomes = import_from(start=put(tmp_path, "".join(f"{json.dumps(line)}\n" for line in lines), "t.jsonl"))
    assert [article.answer for article in articles(library)] == ["One.\n\nTwo."]
    assert untaken(outcomes) == [("line 2", "no answer"), ("line 3", "no question")]


def test_a_line_that_is_no_json_costs_no_other_line(tmp_path, import_from):
    start = put(tmp_path, '{"question": "A?", "answer": "a"}\n{"question"\n[1]\n\n{"q": "B?", "a": "b"}\n', "t.jsonl")
    outcomes = import_from(start=start)
    assert len(made(outcomes)) == 2
    assert untaken(outcomes) == [("line 2", "cannot be read"), ("line 3", "cannot be read")]


def test_deep_json_is_reported_and_not_followed(tmp_path, import_from):
    start = put(tmp_path, "[" * 100_000 + "\n" + '{"question": "A?", "answer": "a"}\n', "t.jsonl")
    assert len(made(import_from(start=start))) == 1


def test_html_becomes_markdown_where_an_answer_holds_tags(tmp_path, import_from, library):
    line = json.dumps({"question": "A?", "answer": "<p>One <b>two</b></p><script>x</script>"})
    import_from(start=put(tmp_path, f"{line}\n", "t.jsonl"))
    assert articles(library)[0].answer == "One **two**"


def test_lists_and_sources_come_as_json_or_with_bars(tmp_path, import_from, library):
    row = {
        "question": "A?", "answer": "a", "also_asked": "B?|C?", "aliases": ["/x", "/y"],
        "sources": [{"id": "s", "title": "T", "year": 2020}, "https://example.org/1"],
    }  # fmt: skip
    import_from(start=put(tmp_path, json.dumps(row), "t.jsonl"))
    (article,) = articles(library)
    assert (article.also_asked, article.aliases) == (("B?", "C?"), ("/x", "/y"))
    assert [(s.id, s.title, s.year, s.url) for s in article.sources] == [
        ("s", "T", 2020, ""), ("2", "https://example.org/1", None, "https://example.org/1"),
    ]  # fmt: skip


def test_a_row_without_number_is_told_by_its_text(tmp_path, import_from):
    outcomes = import_from(start=put(tmp_path, "question,answer\nA?,a\nA?,b\nA?,a\n"))
    assert len(made(outcomes)) == 2


def test_a_folder_of_tables_is_read_file_by_file(tmp_path, import_from, library):
    folder = tmp_path / "tables"
    folder.mkdir()
    put(folder, "question,answer\nA?,a\n", "1.csv")
    put(folder, "question,answer\nB?,b\n", "2.csv")
    import_from(start=folder)
    assert [a.extra["origin"].partition("#")[0] for a in articles(library)] == ["1.csv", "2.csv"]


def test_parquet_is_read_by_batches(tmp_path, import_from, library):
    core = pytest.importorskip("arro3.core", reason="the extra `parquet` is not installed")
    write_parquet = pytest.importorskip("arro3.io").write_parquet
    string = core.DataType.string()
    schema = core.Schema([core.Field("question", string), core.Field("answer", string)])
    columns = [core.Array([f"Q{n}?" for n in range(1200)], type=string), core.Array(["a"] * 1200, type=string)]
    batch = core.RecordBatch.from_arrays(columns, schema=schema)
    write_parquet(core.RecordBatchReader.from_batches(schema, [batch]), str(tmp_path / "t.parquet"))
    outcomes = import_from(start=tmp_path / "t.parquet")
    assert [one.place.record for one in outcomes][-1] == "row 1200"
    assert len(articles(library)) == 1200


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no parquet at all"])
def test_what_is_no_parquet_is_said(tmp_path, import_from, data):
    (tmp_path / "t.parquet").write_bytes(data)
    with pytest.raises(Exception, match=r"t\.parquet:1: no"):
        import_from(start=tmp_path / "t.parquet")


def test_a_damaged_parquet_file_is_said_in_one_sentence(tmp_path, import_from, capfd):
    pytest.importorskip("arro3.io", reason="the extra `parquet` is not installed")
    (tmp_path / "t.parquet").write_bytes(b"PAR1" + b"\xff" * 200 + b"\x40\0\0\0PAR1")
    with pytest.raises(UnreadableError, match=r"t\.parquet:1: a damaged Parquet file"):
        import_from(start=tmp_path / "t.parquet")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("packing", ["gz", "xz", "bz2"])
def test_a_damaged_archive_is_said_before_anything_is_taken(tmp_path, packing):
    rows = b"question,answer\n" + b"".join(b"Q%d?,text %d\n" % (n, n * 7919) for n in range(5000))
    archive = tmp_path / f"t.tar.{packing}"
    member = tarfile.TarInfo("t.csv")
    member.size = len(rows)
    with tarfile.open(archive, f"w:{packing}") as tarred:
        tarred.addfile(member, io.BytesIO(rows))
    data = bytearray(archive.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = b"\0" * 40
    archive.write_bytes(data)
    with pytest.raises(ResponsaError, match="cannot be unpacked"), unpacked(archive, tmp_path):
        pass
