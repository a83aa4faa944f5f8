"""A small library under Git, in a folder of its own, with a ledger and things for an editor to do."""

import shutil
import subprocess
from pathlib import Path

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
