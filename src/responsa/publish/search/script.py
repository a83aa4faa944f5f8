"""The page's script as it is published: under a name that holds its hash, without comments and indents."""

import hashlib
import re
from pathlib import Path
from typing import Final

from responsa.publish.assets import Asset

SCRIPT: Final = Path(__file__).parents[1] / "static" / "search.js"
_COMMENT: Final = re.compile(r"(?:^|(?<=[{};,)>])) *// .*$", re.MULTILINE)


def script(path: Path = SCRIPT) -> Asset:
    """One file. Only whole comments and the blanks that begin a line go: the script holds no text over lines."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    content = "\n".join(filter(None, map(str.strip, text.splitlines()))).encode() + b"\n"
    return Asset(f"assets/search.{hashlib.sha256(content).hexdigest()[:10]}.js", content)
