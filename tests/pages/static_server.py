"""A host for a built site, as small as can be: addresses without .html, gzip, the 404 page, a strict policy."""

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src"
    " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PACKED = (".html", ".css", ".xml", ".txt", ".md", ".js", ".json", ".svg")


def found(folder: Path, path: str) -> Path | None:
    """The file that a host would send for an address."""
    inner = unquote(path).strip("/")
    for name in (inner, f"{inner}.html", f"{inner}/index.html" if inner else "index.html"):
        file = (folder / name).resolve()
        if file.is_file() and file.is_relative_to(folder.resolve()):
            return file
    return None


def handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            file = found(folder, urlsplit(self.path).path)
            status, file = (200, file) if file else (404, folder / "404.html")
            content = file.read_bytes()
            self.send_response(status)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if file.suffix in PACKED else kind)
            if file.suffix in PACKED:
                content = gzip.compress(content, 9, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            if file.parent.name == "assets":
                self.send_header("Cache-Control", "public, max-age=31536000, immutable")
            if file.suffix == ".html":
                self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of the site in ``folder`` while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
