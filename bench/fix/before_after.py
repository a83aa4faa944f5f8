"""What `responsa fix` does to the real library: problems before and after, every changed line by its rule, and undo.

    .venv/bin/python bench/fix/before_after.py [--subjects medicine,physics] [--folder FOLDER] [--plant 20]

Works on a copy. `--plant` first lays so many of every kind of damage into it that the library happens not to have. Ends
with 1 where a class with one right answer is not at 0, where a changed line is explained by no key of a rule, where the
site does not build or undo does not restore every byte.
"""

import argparse
import hashlib
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from planting import plant
from realdata import real_library

from responsa.check.rules import RULES as CHECKS
from responsa.repair.rules import RULES

COMMAND = str(Path(sys.executable).with_name("responsa"))
KEY = re.compile(r" {0,2}([\w-]+):")
"""A line that opens a key of a record, or of its `seo`; what stands deeper belongs to the last of them."""
KEYS = {
    "spellings": ("subject",),
    "holds": ("no_index",),
    "markup": ("answer",),
    "copies": ("aliases", "also_asked", "related_article"),
    "aliases": ("aliases",),
    "links": ("related_article",),
    "ids": ("id", "related_article"),
    "descriptions": ("page_description",),
    "keywords": ("page_keywords",),
    "addresses": ("url", "aliases"),
}
"""The keys whose lines a rule may touch."""


def main() -> None:
    wish = argparse.ArgumentParser()
    wish.add_argument("--subjects", default="")
    wish.add_argument("--folder", type=Path, default=None)
    wish.add_argument("--plant", type=int, default=0)
    told = wish.parse_args()
    folder = told.folder or Path(tempfile.mkdtemp(prefix="responsa-fix-"))
    library = copied(folder, [name for name in told.subjects.split(",") if name], told.plant)
    failed = Report(library).run()
    if told.folder is None:
        shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


def copied(folder: Path, subjects: list[str], planted: int) -> Path:
    """A copy that is a Git work tree, so that each rule's commit says what it changed."""
    library = folder / "library"
    source = real_library() / "content/learn"
    for shelf in sorted(source.iterdir()):
        if not subjects or shelf.name in subjects:
            shutil.copytree(shelf, library / "content/learn" / shelf.name)
    if planted:
        plant(library, planted)
    git(library, "init", "--quiet")
    git(library, "config", "user.name", "bench")
    git(library, "config", "user.email", "bench@localhost")
    git(library, "config", "gc.auto", "0")
    git(library, "add", "--all")
    git(library, "commit", "--quiet", "-m", "before")
    return library


class Report:
    def __init__(self, library: Path) -> None:
        self.library = library
        self.failed: list[str] = []

    def run(self) -> list[str]:
        before, tree = problems(self.library), hashed(self.library)
        first = git(self.library, "rev-parse", "HEAD").strip()
        print(responsa("fix", self.library, "--write"))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(
            f"user and system so far {used.ru_utime + used.ru_stime:.0f} s, largest process {used.ru_maxrss // 1024} MB"
        )
        after = problems(self.library)
        self.table(before, after)
        self.commits(first)
        self.site()
        print(responsa("fix", self.library, "--undo"))
        self.expect(hashed(self.library) == tree, "undo restores every byte")
        self.expect(not git(self.library, "status", "--porcelain").strip(), "nothing is left uncommitted")
        return self.failed

    def table(self, before: Counter[str], after: Counter[str]) -> None:
        mended = {name for rule in RULES.values() if rule.usual for name in rule.clears}
        print("\n| problem | before | after | |\n|---|---|---|---|")
        for name in sorted(before.keys() | after.keys(), key=lambda name: (name not in mended, -before[name])):
            whose = "fix" if name in mended else "a person"
            print(f"| {name} | {before[name]:,} | {after[name]:,} | {whose} |")
            if name in mended:
                self.expect(after[name] == 0, f"{name} is at 0")
        nothing = [name for name in CHECKS if not before[name] and not after[name]]
        print(f"\n0 before and after: {', '.join(nothing)}")

    def commits(self, first: str) -> None:
        """Each commit is of one rule, and its lines are of that rule's keys."""
        print("\n| rule | files | lines removed | lines added | unexplained |\n|---|---|---|---|---|")
        titles = {f"Mend: {rule.title}": rule.name for rule in RULES.values()}
        listed = git(self.library, "log", "--reverse", "--format=%H %s", f"{first}..HEAD").splitlines()
        for line in listed:
            commit, _, subject = line.partition(" ")
            rule = titles[subject]
            files, removed, added, strange = self.lines(commit, rule)
            print(f"| {rule} | {files:,} | {removed:,} | {added:,} | {strange:,} |")
            self.expect(strange == 0, f"every line of {rule} is explained")

    def lines(self, commit: str, rule: str) -> tuple[int, int, int, int]:
        """Files, lines removed and added, and lines of other keys than the rule's, by the whole diff of a commit."""
        command = ["git", "-C", str(self.library), "show", "--format=", "--no-renames", "-U100000", commit]
        files = removed = added = strange = 0
        old = new = ""
        gone = head = False
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="surrogateescape") as shown:
            for line in shown.stdout:
                if line.startswith("diff --git "):
                    files, gone, head, old, new = files + 1, False, True, "", ""
                elif head:
                    gone = gone or line.startswith("deleted file")
                    head = not line.startswith("@@")
                else:
                    sign, key = line[0], KEY.match(line[1:])
                    old = key[1] if key and sign in " -" else old
                    new = key[1] if key and sign in " +" else new
                    removed, added = removed + (sign == "-"), added + (sign == "+")
                    strange += sign == "-" and not explained(old, rule) and not (gone and rule == "copies")
                    strange += sign == "+" and not explained(new, rule)
        return files, removed, added, strange

    def site(self) -> None:
        out = responsa("build", self.library, "--out", self.library.parent / "site")
        print(f"\n{out}")
        self.expect("question pages" in out, "the site builds")

    def expect(self, right: bool, what: str) -> None:
        if not right:
            self.failed.append(what)
            print(f"FAILED: {what}")


def explained(key: str, rule: str) -> bool:
    """Whether a line of this key may change by the rule."""
    return any(key.startswith(known) for known in KEYS[rule])


def problems(library: Path) -> Counter[str]:
    out = subprocess.run([COMMAND, "check", str(library), "--json"], capture_output=True, text=True, check=False)
    return Counter(json.loads(line)["rule"] for line in out.stdout.splitlines())


def responsa(*words: object) -> str:
    done = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"responsa {words[0]}: {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.strip()


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, errors="surrogateescape"
    ).stdout


def hashed(library: Path) -> str:
    total = hashlib.sha256()
    for path in sorted((library / "content").rglob("*")):
        if path.is_file():
            total.update(str(path.relative_to(library)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


if __name__ == "__main__":
    main()
