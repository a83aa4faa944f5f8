"""Which folders a site may be written to: an empty one, a new one, or one that Responsa made."""

from pathlib import Path

from responsa.errors import UsageError
from responsa.library.lock import PRIVATE
from responsa.publish.swap import mark_of, recover

SERVED = "site"
"""Where a server keeps the site it shows unless told otherwise: among the library's derived files."""


def claim(out: Path, library: Path, content: Path) -> Path:
    """The folder as an absolute path, or an error that says why it is refused. Nothing is written."""
    out, library, content = out.resolve(), library.resolve(), content.resolve()
    _keep_apart(out, library, content)
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; the site needs a folder")
    if out.is_mount():
        raise UsageError(f"{out}: is a mount point, which cannot be exchanged in one step; give a folder inside it")
    recover(out)
    if out.exists() and not mark_of(out) and any(out.iterdir()):
        raise UsageError(f"{out}: holds files that Responsa did not make; give an empty or a new folder")
    return out


def _keep_apart(out: Path, library: Path, content: Path) -> None:
    if out == library or out in library.parents:
        raise UsageError(f"{out}: the site would replace the library {library}; give another folder")
    if out == library / PRIVATE / SERVED:
        return
    inside = content != library and content in (out, *out.parents)
    if inside or out in content.parents or out == content or library / ".responsa" in (out, *out.parents):
        raise UsageError(f"{out}: the site would lie among articles or the library's own files; choose another")
