"""A small library under Git, in a folder of its own, with a ledger and things for an editor to do."""

import datetime
import shutil
import subprocess
from pathlib import Path

from library_folder import put
from responsa.cli.app import main
from responsa.draft.drafts import save
from responsa.draft.filing import around
from responsa.draft.outcome import Draft
from responsa.draft.shelves import study_of
from responsa.draft.writing import draft

EXAMPLE = Path(__file__).parents[3] / "examples" / "liver-cancer"
BCLC = "/learn/medicine/questions/how-is-hepatocellular-carcinoma-staged-in-the-bclc-system"
BCLC_FILE = "content/learn/medicine/how-is-hepatocellular-carcinoma-staged-in-the-bclc-system.md"


def run(folder, *words):
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout


def committed(folder):
    run(folder, "init", "--quiet", "--initial-branch=main")
    run(folder, "config", "user.name", "Somebody Else")
    run(folder, "config", "user.email", "else@example.org")
    (folder / ".gitignore").write_text(".responsa/\nsite/\n")
    run(folder, "add", "--all")
    run(folder, "commit", "--quiet", "-m", "the library")
    return folder


def example(folder):
    """The example library, copied and committed."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".responsa", "site"))
    return committed(folder)


TODAY = datetime.date(2026, 11, 25)
ASKED = "What is the median overall survival with sorafenib in advanced hepatocellular carcinoma?"


def waiting_draft(library):
    """An answer to ``ASKED`` in quotations, in the folder of drafts."""
    with around(library) as held:
        found = draft(ASKED, study_of(library, meaning=False), None, near_articles=held.near(ASKED))
        assert isinstance(found, Draft)
        filed, data = held.filed(found, TODAY)
        return save(library, found, filed, data, TODAY)


TRANSPLANT = "/learn/medicine/questions/who-can-receive-a-liver-transplant-for-hepatocellular-carcinoma"
TRANSPLANT_FILE = "content/learn/medicine/who-can-receive-a-liver-transplant-for-hepatocellular-carcinoma.md"
TWICE = "/learn/medicine/questions/what-do-the-li-rads-categories-mean"
TWICE_FILE = "content/learn/medicine/what-do-the-li-rads-categories-mean.md"
AGAIN = "/learn/medicine/questions/what-do-the-li-rads-categories-mean-again"
AGAIN_FILE = "content/learn/medicine/what-do-the-li-rads-categories-mean-again.md"
REFUSED = "/learn/medicine/questions/refused"


def troubled(folder):
    """The example with a wrong number, a question asked twice and a refusal, checked and committed."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".responsa", "site"))
    wrong = folder / TRANSPLANT_FILE
    wrong.write_text(wrong.read_text().replace("at most 5 cm", "at most 8 cm"))
    twice = (folder / TWICE_FILE).read_text()
    (folder / AGAIN_FILE).write_text(twice.replace(TWICE, AGAIN))
    put(folder, "refused", answer="I cannot answer this question based on the available information.")
    assert main(["verify", str(folder), "--write"]) == 0
    return committed(folder)
