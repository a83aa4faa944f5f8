"""Pages from templates; every text is escaped, only the publisher's own sanitised HTML is passed as such."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import minijinja

from responsa.serve.desk.asked import Answer, Asked, to

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
FONT: Final = Path(__file__).parents[2] / "publish" / "static" / "fonts" / "responsa-math.woff2"
KINDS: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}


class Pages:
    """Compiles the templates once."""

    def __init__(self, site: str) -> None:
        self._environment = minijinja.Environment(
            loader=_template,
            auto_escape_callback=lambda _name: "html",
            undefined_behavior="strict",
            trim_blocks=True,
            lstrip_blocks=True,
            globals={"style": _named("desk.css"), "script": _named("desk.js"), "site": site, "to": to},
            debug=False,
        )

    def page(self, name: str, asked: Asked, status: int = 200, /, **context: object) -> Answer:
        """A whole page. ``person`` and ``csrf`` are there for every template."""
        user = asked.person.user if asked.person else None
        body = self._environment.render_template(
            f"{name}.html",
            user=user,
            signs_out=bool(asked.person and asked.person.cookie),
            csrf=asked.person.csrf if asked.person else "",
            here=asked.path,
            **context,
        )
        return Answer(body, status)


def static(name: str) -> tuple[bytes, str] | None:
    """A file beside the pages, by its name with or without its mark."""
    return _files().get(name)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    found: dict[str, tuple[bytes, str]] = {}
    for path in (STATIC / "desk.css", STATIC / "desk.js", FONT):
        data = path.read_bytes()
        found[path.name] = found[_marked(path.name, data)] = (data, KINDS[path.suffix])
    return found


def _marked(name: str, data: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{blake2b(data, digest_size=5).hexdigest()}.{ending}"


def _named(name: str) -> str:
    data, _ = _files()[name]
    return f"/desk/static/{_marked(name, data)}"


def _template(name: str) -> str | None:
    file = TEMPLATES / name
    return file.read_text(encoding="utf-8") if file.parent == TEMPLATES and file.is_file() else None
