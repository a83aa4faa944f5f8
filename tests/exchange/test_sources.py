import io
import tarfile
import zipfile
from html import escape

import pytest

from exchange.intakes import articles, known, made, untaken
from responsa.cli.app import main
from responsa.errors import ResponsaError, UnreadableError
from responsa.exchange.imports.files import unpacked
from responsa.exchange.imports.xml import XmlError, tree

MEDQUAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document id="1" source="NHLBI" url="http://nhlbi.example/ohs"><Focus>OHS</Focus>
<FocusAnnotations><UMLS><CUIs><CUI>C01</CUI></CUIs></UMLS></FocusAnnotations><QAPairs>
<QAPair pid="1"><Question qid="1-1" qtype="information">What is (are) OHS ?</Question>
<Answer>A   - b   - c</Answer></QAPair>
<QAPair pid="2"><Question qid="1-2" qtype="causes">What causes OHS ?</Question><Answer/></QAPair>
</QAPairs></Document>"""
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Document><Focus>&b;</Focus></Document>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document><Focus>&a;</Focus></Document>'


def rows(*posts):
    lines = (" ".join(f'{name}="{escape(str(value), quote=True)}"' for name, value in post.items()) for post in posts)
    return "<posts>\n" + "".join(f"<row {line} />\n" for line in lines) + "</posts>"


QUESTION = {
    "Id": 1, "PostTypeId": 1, "Title": "Why does bread rise?", "Body": "<p>Mine & yours</p>", "Tags": "<bread><yeast>",
    "CreationDate": "2019-01-01T00:00:00", "Score": 3, "OwnerUserId": 7,
}  # fmt: skip
ANSWER = {"PostTypeId": 2, "ParentId": 1, "CreationDate": "2019-01-02T00:00:00", "OwnerUserId": 8, "Body": "<p>a</p>"}


@pytest.fixture
def dump(tmp_path):
    def put(*posts, users="<users><row Id='7' DisplayName='Ann' /><row Id='8' DisplayName='Bob' /></users>"):
        folder = tmp_path / "baking.stackexchange.com"
        folder.mkdir(exist_ok=True)
        (folder / "Posts.xml").write_text(rows(*posts), encoding="utf-8")
        (folder / "Users.xml").write_text(users)
        return folder

    return put


def test_medquad_gives_articles_with_their_source(tmp_path, import_from, library):
    folder = tmp_path / "mq/8_NHLBI"
    folder.mkdir(parents=True)
    (folder / "0000001.xml").write_text(MEDQUAD)
    outcomes = import_from(start=tmp_path / "mq")
    assert untaken(outcomes) == [("question 1-2", "no answer")]
    (article,) = articles(library)
    assert (article.question, article.answer) == ("What is (are) OHS?", "A\n\n- b\n- c")
    assert (article.subject, article.author) == ("Heart, lungs and blood", "National Heart, Lung, and Blood Institute")
    (source,) = article.sources
    assert (source.url, source.venue) == ("http://nhlbi.example/ohs", "MedQuAD, CC BY 4.0")
    assert article.extra["umls"] == ["C01"]
    assert article.extra["origin"] == "medquad/NHLBI/0000001/1-1"


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, "<Document><Focus>", "<a>" * 300, ""])
def test_hostile_xml_is_refused(text):
    with pytest.raises(XmlError):
        tree(text.encode())


def test_a_file_of_hostile_xml_costs_no_other_file(tmp_path, import_from):
    (tmp_path / "mq").mkdir()
    (tmp_path / "mq/1.xml").write_text(MEDQUAD)
    (tmp_path / "mq/2.xml").write_text(BOMB)
    outcomes = import_from(start=tmp_path / "mq")
    assert len(made(outcomes)) == 1
    assert ("", "cannot be read") in untaken(outcomes)


def test_the_accepted_answer_wins_over_the_best(dump, import_from, library):
    question = QUESTION | {"AcceptedAnswerId": 3}
    import_from(
        start=dump(question, ANSWER | {"Id": 2, "Score": 99}, ANSWER | {"Id": 3, "Score": 1, "Body": "<p>yes</p>"})
    )
    assert articles(library)[0].answer == "yes"


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_the_best_answer_is_the_same_in_whatever_order_posts_come(dump, import_from, library, order):
    posts = [
        QUESTION,
        ANSWER | {"Id": 2, "Score": 1},
        ANSWER | {"Id": 3, "Score": 5, "Body": "<p>best</p>"},
        ANSWER | {"Id": 4, "Score": 5},
    ]
    import_from(start=dump(*(posts[place] for place in order)))
    assert articles(library)[0].answer == "best"


def test_an_answer_is_attributed_as_its_licence_asks(dump, import_from, library):
    import_from(start=dump(QUESTION, ANSWER | {"Id": 2, "Score": 1}))
    (article,) = articles(library)
    (source,) = article.sources
    assert source.authors == "Bob (answer), Ann (question)"
    assert source.url == "https://baking.stackexchange.com/a/2"
    assert source.venue == "baking.stackexchange.com, CC BY-SA 4.0"
    assert (article.author, article.extra["licence"]) == ("Bob", "CC BY-SA 4.0")
    assert article.extra["author_url"] == "https://baking.stackexchange.com/users/8"
    assert article.extra["question_details"] == "Mine & yours"
    assert article.seo.keywords == "bread, yeast"


@pytest.mark.parametrize(("day", "licence"), [("2010-01-01", "2.5"), ("2012-01-01", "3.0"), ("2018-05-02", "4.0")])
def test_a_dump_without_licences_goes_by_the_day(dump, import_from, library, day, licence):
    import_from(start=dump(QUESTION, ANSWER | {"Id": 2, "Score": 1, "CreationDate": f"{day}T00:00:00"}))
    assert articles(library)[0].extra["licence"] == f"CC BY-SA {licence}"


def test_questions_without_a_good_answer_are_named(dump, import_from):
    posts = (QUESTION, QUESTION | {"Id": 5}, ANSWER | {"Id": 2, "Score": -1})
    assert untaken(import_from(start=dump(*posts))) == [
        ("line 2, question 1", "its best answer has a score below zero"),
        ("line 3, question 5", "no answer"),
    ]


def test_a_dump_is_taken_once(dump, import_from):
    start = dump(QUESTION, ANSWER | {"Id": 2, "Score": 1})
    import_from(start=start)
    assert len(known(import_from(start=start))) == 1


def test_a_broken_dump_says_where(dump, import_from):
    start = dump(QUESTION)
    (start / "Posts.xml").write_text("<posts>\n<row Id='1'>")
    with pytest.raises(UnreadableError, match=r"Posts.xml:1: line 2: not XML"):
        import_from(start=start)


def packed(path, names):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in names.items():
                archive.writestr(name, text)
        return path
    with tarfile.open(path, "w:xz") as archive:
        for name, text in names.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize("name", ["x.zip", "x.tar.xz"])
def test_an_archive_is_imported_as_what_it_holds(tmp_path, name):
    archive = packed(tmp_path / name, {"q/1.xml": MEDQUAD})
    (tmp_path / "l").mkdir()
    assert main(["import", str(tmp_path / "l"), str(archive)]) == 0
    assert len(articles(tmp_path / "l")) == 1
    assert not (tmp_path / "l/.responsa/import").exists()


@pytest.mark.parametrize("name", ["x.zip", "x.tar.xz"])
@pytest.mark.parametrize("inner", ["../out.md", "/tmp/out.md", "a/../../out.md", "C:\\out.md"])
def test_an_archive_writes_nothing_outside(tmp_path, name, inner):
    archive = packed(tmp_path / name, {inner: "x"})
    with pytest.raises(ResponsaError, match="would lie outside"), unpacked(archive, tmp_path):
        pass
    assert not list(tmp_path.rglob("out.md"))


def test_an_archive_that_unpacks_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("responsa.exchange.imports.files._LEAST_ROOM", 1000)
    monkeypatch.setattr("responsa.exchange.imports.files._MOST_TIMES", 2)
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("a.md", "x" * 1_000_000)
    with pytest.raises(ResponsaError, match="far more than text would"), unpacked(archive, tmp_path):
        pass


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.tar.xz"])
def test_a_damaged_archive_is_said(tmp_path, name):
    (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(ResponsaError, match="cannot be unpacked"), unpacked(tmp_path / name, tmp_path):
        pass
