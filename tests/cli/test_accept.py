import json
import shutil
import subprocess
from pathlib import Path

import pytest

from draft.fake_model import Fake, answer, sentence, serving
from draft.shelf import files, library
from responsa.cli.app import main
from responsa.draft import accepting

QUESTION = "How are stoneware teapots fired?"
SLUG = "how-are-stoneware-teapots-fired"
ARTICLE = f"content/learn/pottery/{SLUG}.md"
LEDGER = f"evidence/pottery/{SLUG}.json"
EXAMPLE = Path(__file__).parents[2] / "examples/liver-cancer"


@pytest.fixture
def folder(tmp_path):
    return library(tmp_path / "library")


def test_accepting_adds_one_article_with_its_ledger_and_takes_the_draft_away(folder, capsys):
    before = files(folder)
    main(["draft", str(folder), QUESTION])
    capsys.readouterr()
    assert main(["accept", str(folder), f"drafts/{SLUG}.md", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["path"], told["ledger"], told["score"]) == (ARTICLE, LEDGER, 1.0)
    after = files(folder)
    assert after.keys() - before.keys() == {ARTICLE, LEDGER}
    assert {path: data for path, data in after.items() if path in before} == before


def test_the_score_holds_verify_judges_nothing_anew_and_check_finds_nothing_wrong_in_it(folder, capsys):
    main(["draft", str(folder), QUESTION])
    main(["accept", str(folder), SLUG])
    held = files(folder)
    capsys.readouterr()
    assert main(["verify", str(folder), "--article", ARTICLE, "--write"]) == 0
    assert "0 verdicts made anew" in capsys.readouterr().out
    assert files(folder) == held
    main(["check", str(folder), "--json"])
    assert not [line for line in capsys.readouterr().out.splitlines() if SLUG in json.loads(line)["path"]]


def test_an_accepted_draft_is_on_the_site_with_its_citations(folder, capsys):
    main(["draft", str(folder), QUESTION])
    main(["accept", str(folder), SLUG])
    assert main(["build", str(folder), "--out", str(folder.parent / "site"), "--quiet"]) == 0
    page = (folder.parent / f"site/learn/pottery/questions/{SLUG}.html").read_text()
    assert "<q>Stoneware teapots are fired at about 1,280 degrees.</q>" in page
    assert 'class="cite"' in page
    capsys.readouterr()


def test_of_two_drafts_each_gets_a_number_and_an_address_of_its_own(folder, capsys):
    main(["draft", str(folder), QUESTION])
    main(["draft", str(folder), "Do cast iron teapots rust, and when?"])
    main(["accept", str(folder), *[path.stem for path in sorted((folder / "drafts").glob("*.json"))]])
    texts = [(folder / path).read_text() for path in files(folder) if path.startswith("content")]
    numbers = [text.split("\nid: ")[1].split("\n")[0] for text in texts]
    assert sorted(numbers) == ["101", "102", "103", "104", "105"]
    capsys.readouterr()


def test_an_edited_draft_is_judged_again_and_an_unsupported_sentence_keeps_it_out(folder, capsys):
    main(["draft", str(folder), QUESTION])
    file = folder / f"drafts/{SLUG}.md"
    text = file.read_text()
    file.write_text(
        text.replace("fired at about 1,280 degrees.", "fired at about 1,280 degrees. Kings ordered forty teapots.")
    )
    before = files(folder)
    assert main(["accept", str(folder), SLUG]) == 3
    assert "Kings ordered forty teapots" in capsys.readouterr().err
    assert files(folder) == before
    file.write_text(text.replace("page_description", "page_description"))
    assert main(["accept", str(folder), SLUG]) == 0
    capsys.readouterr()


def test_a_draft_whose_file_was_tampered_with_goes_nowhere_else(folder, capsys):
    main(["draft", str(folder), QUESTION])
    file = folder / f"drafts/{SLUG}.json"
    held = json.loads(file.read_text())
    for path in ("../../outside.md", "/etc/x.md", "sources/x.md", "content/learn/pottery/../../../x.md"):
        file.write_text(json.dumps({**held, "path": path}))
        assert main(["accept", str(folder), SLUG]) == 3
    assert not (folder / ARTICLE).exists()
    capsys.readouterr()


def test_a_question_that_was_answered_meanwhile_is_not_accepted(folder, capsys):
    main(["draft", str(folder), QUESTION])
    shutil.copytree(folder / "drafts", folder.parent / "kept")
    main(["accept", str(folder), SLUG])
    article = folder / ARTICLE
    article.write_text(article.read_text().replace("They hold heat longer than porcelain does.", "By a potter."))
    shutil.copytree(folder.parent / "kept", folder / "drafts", dirs_exist_ok=True)
    assert main(["accept", str(folder), SLUG]) == 3
    assert "is an article already" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["gone", "another number"])
def test_a_draft_whose_source_changed_since_is_judged_by_what_the_source_says_now(folder, capsys, change):
    main(["draft", str(folder), QUESTION])
    source = folder / "sources/kiln-2019.md"
    if change == "gone":
        source.unlink()
    else:
        source.write_text(source.read_text().replace("1,280", "1,180"))
    before = files(folder)
    assert main(["accept", str(folder), SLUG]) == 3
    assert "no source carries: “Stoneware teapots are fired at about 1,280 degrees.”" in capsys.readouterr().err
    assert files(folder) == before


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("step", ["keep", "create", "drop"])
@pytest.mark.parametrize("done", [False, True])
def test_an_acceptance_that_is_killed_is_finished_by_the_same_command(folder, capsys, monkeypatch, step, done):
    main(["draft", str(folder), QUESTION])
    before = files(folder)
    real = getattr(accepting, step)

    def killed(*words):
        if done:
            real(*words)
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(accepting, step, killed)
        with pytest.raises(_Killed):
            main(["accept", str(folder), SLUG])
    main(["accept", str(folder), SLUG])
    after = files(folder)
    assert after.keys() - before.keys() == {ARTICLE, LEDGER}
    assert before.keys() - after.keys() == {f"drafts/{SLUG}.json", f"drafts/{SLUG}.md"}
    capsys.readouterr()


def test_a_draft_that_an_editor_emptied_is_no_article(folder, capsys):
    main(["draft", str(folder), QUESTION])
    (folder / f"drafts/{SLUG}.md").write_text("---\ntitle: x\n---\n")
    before = files(folder)
    assert main(["accept", str(folder), SLUG]) == 3
    assert "no question or no answer left" in capsys.readouterr().err
    assert files(folder) == before


def test_nothing_unsupported_is_in_an_accepted_draft_whatever_a_model_plays(folder, capsys):
    true = "Stoneware teapots are fired at about 1,280 degrees."

    def play(data):
        n = next(one["number"] for one in data["passages"] if true in one["text"])
        false = ("Porcelain teapots are fired at about 1,280 degrees.", "Stoneware teapots are fired at 900 degrees.",
                 "You should drink ten pots a day.", "Teapots cure colds.")  # fmt: skip
        return answer(sentence(true, n), *(sentence(text, n, true) for text in false), sentence("Invented.", 77))

    with serving(Fake({"stoneware": play})) as address:
        assert main(["draft", str(folder), QUESTION, "--endpoint", address, "--model", "m"]) == 0
    assert main(["accept", str(folder), SLUG]) == 0
    capsys.readouterr()
    ledger = json.loads((folder / LEDGER).read_text())
    assert [(claim["text"], claim["verdict"]) for claim in ledger["claims"]] == [(true, "quoted")]
    assert f"    {true}\n" in (folder / ARTICLE).read_text()


def test_on_the_example_library_the_diff_is_exactly_the_new_files(tmp_path, capsys):
    folder = shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns(".responsa"))

    def git(*words):
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=folder, check=True, capture_output=True
        )
        return done.stdout.decode()

    git("init", "-q", ".")
    git("add", "-A")
    git("commit", "-qm", "before")
    assert main(["draft", str(folder), "What are the Milan criteria?"]) == 0
    assert main(["accept", str(folder), "what-are-the-milan-criteria"]) == 0
    assert git("status", "--porcelain", "-uall").splitlines() == [
        "?? content/learn/medicine/what-are-the-milan-criteria.md",
        "?? evidence/medicine/what-are-the-milan-criteria.json",
    ]
    assert main(["check", str(folder)]) == 0
    capsys.readouterr()
