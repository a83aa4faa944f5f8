"""The process that reads one PDF from its input and prints its pages as JSON; run by ``pdf``."""

import io
import logging
import resource
import sys
import warnings
from typing import Any, Final

import msgspec

MEMORY: Final = 2 * 1024**3
CPU_SECONDS: Final = 100
MOST_PAGES: Final = 3_000
MOST_TEXT: Final = 20_000_000


def main() -> None:
    """Bounded in memory and time by the operating system."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    logging.disable()
    warnings.simplefilter("ignore")
    sys.stdout.buffer.write(msgspec.json.encode(pages(sys.stdin.buffer.read())))


def pages(data: bytes) -> dict[str, Any]:
    """``pages``, ``title``, ``author`` and ``date``, or ``problem``."""
    from pypdf import PdfReader  # noqa: PLC0415 - the optional extra
    from pypdf.errors import DependencyError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "is encrypted; save it without a password"}
        if len(reader.pages) > MOST_PAGES:
            return {"problem": f"has more than {MOST_PAGES:,} pages; cut out the part that is cited"}
        held: dict[str, Any] = dict(reader.metadata or {})
        named = {name: str(held.get(key) or "")[:500] for name, key in _NAMES.items()}
        return {**named, "pages": _texts(reader)}
    except DependencyError:
        return {"problem": "is encrypted with AES; pip install cryptography, or save it without encryption"}
    except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever a damaged file makes of the parser
        return {"problem": f"a damaged PDF ({type(error).__name__}); print it to a new PDF"}


_NAMES: Final = {"title": "/Title", "author": "/Author", "date": "/CreationDate"}


def _texts(reader: Any) -> list[str]:  # noqa: ANN401 - pypdf is an optional part
    texts: list[str] = []
    length = 0
    for page in reader.pages:
        text = page.extract_text() or ""
        length += len(text)
        if length > MOST_TEXT:
            break
        texts.append(text.encode("utf-8", "replace").decode())
    return texts


if __name__ == "__main__":
    main()
