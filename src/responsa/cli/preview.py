"""A site on this machine, for its publisher's eyes: plain files under clean addresses, on the loopback only."""

import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    """``/a/b`` is the file ``a/b.html``; what is not there is the site's own 404 page."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".md": "text/markdown; charset=utf-8"}  # noqa: RUF012

    def translate_path(self, path: str) -> str:
        """The file of an address; the standard handler keeps it below the folder."""
        plain = Path(super().translate_path(urlsplit(path).path))
        page = plain.with_name(f"{plain.name}.html")
        if not plain.is_file() and not path.endswith("/") and page.is_file():
            return str(page)
        return str(plain / "index.html") if plain.is_dir() else str(plain)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The 404 page as readers see it."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """A preview is quiet."""


def server(out: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the site in ``out``; ``port`` 0 takes a free one. Raises ``OSError`` where the port is taken."""
    return ThreadingHTTPServer((HOST, port), partial(Handler, directory=str(out)))


def address(served: ThreadingHTTPServer) -> str:
    """Where the preview is."""
    return f"http://{HOST}:{served.server_address[1]}/"


def has_browser() -> bool:
    """Whether this machine has a browser to open a page in."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
