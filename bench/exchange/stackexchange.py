"""Imports a generated Stack Exchange dump and prints what it took: seconds, and the most memory.

    python bench/exchange/stackexchange.py [POSTS]

The dump has POSTS posts (100,000 unless told), two answers a question, of the length of real ones, made from a seed.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path

WORDS = "flour water oven yeast crumb crust dough salt starter rise bake heat stone steam proof knead fold rest".split()  # noqa: SIM905
SITE = "baking.stackexchange.com"


def sentence(source: random.Random) -> str:
    return " ".join(source.choices(WORDS, k=source.randint(6, 18))).capitalize() + "."


def body(source: random.Random) -> str:
    paragraphs = [f"<p>{' '.join(sentence(source) for _ in range(4))}</p>" for _ in range(source.randint(1, 5))]
    paragraphs.append("<ul><li>one &amp; <code>two</code></li><li><a href='https://example.org/x'>three</a></li></ul>")
    return escape("\n".join(paragraphs), quote=True)


def dump(folder: Path, posts: int) -> int:
    source = random.Random(1)
    with (folder / "Posts.xml").open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<posts>\n')
        for number in range(1, posts + 1):
            owner = f'OwnerUserId="{source.randint(1, 5000)}" CreationDate="2020-01-02T03:04:05.678"'
            score = f'Score="{source.randint(-1, 60)}" ContentLicense="CC BY-SA 4.0" Body="{body(source)}"'
            if number % 3 == 1:
                kind = f'PostTypeId="1" AcceptedAnswerId="{number + 2}" Tags="&lt;bread&gt;&lt;yeast&gt;"'
                kind += f' Title="{sentence(source)[:-1]} {number}?"'
            else:
                kind = f'PostTypeId="2" ParentId="{number - (number - 1) % 3}"'
            file.write(f'  <row Id="{number}" {kind} {owner} {score} />\n')
        file.write("</posts>\n")
    with (folder / "Users.xml").open("w", encoding="utf-8") as file:
        file.write("<users>\n")
        file.writelines(f'  <row Id="{number}" DisplayName="Baker {number}" />\n' for number in range(1, 5001))
        file.write("</users>\n")
    return (folder / "Posts.xml").stat().st_size


def main(posts: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, SITE)
        folder.mkdir()
        size = dump(folder, posts)
        library = Path(name, "library")
        library.mkdir()
        began = time.perf_counter()
        command = [sys.executable, "-c", "from responsa.cli import main; raise SystemExit(main())", "import"]
        done = subprocess.run([*command, str(library), str(folder)], check=True, stdout=subprocess.PIPE, text=True)
        took, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        print(done.stdout.splitlines()[0])
        print(
            f"{posts:,} posts, {size / 1e6:.0f} MB: {took:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of CPU, ",
            end="",
        )
        print(f"at most {used.ru_maxrss / 1024:.0f} MB of memory")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
