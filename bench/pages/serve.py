"""Serve a built site as a host would, and run a command with its address at the end: ``serve.py SITE COMMAND...``."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/pages"))

from static_server import serving

if __name__ == "__main__":
    with serving(Path(sys.argv[1])) as address:
        sys.exit(subprocess.run([*sys.argv[2:], address], check=False).returncode)
