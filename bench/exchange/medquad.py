"""MedQuAD end to end by the documented commands: imported, checked, built. Prints what each says.

python bench/exchange/medquad.py [FOLDER OF medquad.tar.xz]
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLI = [sys.executable, "-c", "from responsa.cli import main; raise SystemExit(main())"]


def run(name: str, *words: str) -> str:
    began = time.perf_counter()
    done = subprocess.run([*CLI, *words], stdout=subprocess.PIPE, text=True, check=False)
    print(f"responsa {name}: {time.perf_counter() - began:.0f} s, exit {done.returncode}")
    return done.stdout


def main(data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "library")
        library.mkdir()
        said = run("import", "import", str(library), str(data / "medquad.tar.xz"))
        print("\n".join(f"  {line}" for line in said.splitlines() if not line.startswith("    ")))
        again = run("import, again", "import", str(library), str(data / "medquad.tar.xz"))
        print(f"  {again.splitlines()[0]}")
        print(f"  {run('check', 'check', str(library)).splitlines()[-1]}")
        print(f"  {run('build', 'build', str(library), '--out', str(Path(folder, 'site'))).strip().splitlines()[-1]}")
        pages = sum(1 for _ in Path(folder, "site").rglob("*.html"))
        print(f"  {pages:,} pages of HTML")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data"))
