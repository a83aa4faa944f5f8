"""How much a server on two processors takes, beside nginx for pages and bm25s for search, in one run.

    python bench/serve/load.py LIBRARY SITE [--seconds 10] [--long 0] [--only pages,search,peers] [--workers N]

``SITE`` is the folder of the site (built if it is not there). wrk and nginx must be installed; they run on the same
processors. ``--long 300`` ends with so many seconds of the kinds of load in ``--only`` at once, and says what memory
does.
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from responsa.library.catalogue import refresh
from responsa.library.library import read

RESPONSA, NGINX, PEER = 8471, 8472, 8473
PAGES, QUERIES = 1000, 20_000
LUA = """
local list, n, i = {}, 0, 0
for line in io.lines(os.getenv("LIST")) do n = n + 1; list[n] = line end
function init(args) i = tonumber(os.getenv("FIRST") or "0") % n end
function request() i = i % n + 1; return wrk.format("GET", list[i]) end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %.1f %.2f %.2f %.2f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    e.status + e.connect + e.read + e.timeout))
end
"""
CONF = """
worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{ access_log off; types {{ text/html html; text/css css; text/javascript js; }} sendfile on; tcp_nopush on;
  open_file_cache max=10000; gzip {gzip}; gzip_comp_level 6; client_body_temp_path {folder}/b;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {site}; location / {{ try_files $uri.html $uri $uri/index.html =404; }} }} }}
"""


@dataclass(frozen=True)
class Load:
    """What wrk found: requests a second, milliseconds, errors; processor seconds of the server a thousand requests."""

    rate: float
    p50: float
    p99: float
    most: float
    errors: int

    def row(self, name: str) -> str:
        return f"| {name} | {self.rate:,.0f} | {self.p50:.1f} | {self.p99:.1f} | {self.most:.0f} | {self.errors} |"


def lists(library: Path, folder: Path) -> None:
    """Addresses of pages, and queries none of which is asked twice: beginnings of titles, as readers type them."""
    with refresh(read(library)) as catalogue:
        cards = [(card.url, card.title) for card in catalogue.published()]
    chance = random.Random(7)
    (folder / "pages").write_text("\n".join(url for url, _ in chance.sample(cards, min(PAGES, len(cards)))))
    asked = {
        " ".join(title.split()[: chance.randint(2, 9)]).strip("?") for _, title in chance.sample(cards, len(cards))
    }
    chosen = sorted(asked)
    chance.shuffle(chosen)
    escaped = [
        re.sub(r"[^\w.-]", lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), one) for one in chosen
    ]
    escaped = [one if one.isascii() else "".join(sign for sign in one if sign.isascii()) for one in escaped][:QUERIES]
    (folder / "queries").write_text("\n".join(f"/api/search?q={one or 'a'}" for one in escaped))
    common = [chance.choices(escaped[:2000], [1 / rank for rank in range(1, 2001)])[0] for _ in range(QUERIES)]
    (folder / "common").write_text("\n".join(f"/api/search?q={one or 'a'}" for one in common))


def wrk(folder: Path, name: str, port: int, connections: int, seconds: int, *lines: str) -> Load:
    environment = {**os.environ, "LIST": str(folder / name), "FIRST": str(random.randrange(QUERIES))}
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-s", str(folder / "load.lua")]
    for line in lines:
        command += ["-H", line]
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    rate, p50, p99, most, errors = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\d+)", told).groups()
    return Load(float(rate), float(p50), float(p99), float(most), int(errors))


@contextlib.contextmanager
def running(command: list[str], port: int, path: str, seconds: float = 300) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def indexed(process: subprocess.Popen[bytes], workers: int, seconds: float = 1800) -> None:
    """Wait until the server searches, in as many processes as it should: until then it answers searches with 503."""
    start = time.monotonic()
    while not searching(workers if workers > 1 else 0):
        if time.monotonic() > start + seconds or process.poll() is not None:
            sys.exit("the server did not index the library in time")
        time.sleep(0.5)
    print(f"searches are answered {time.monotonic() - start:.0f} s after pages are", flush=True)


def searching(processes: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{RESPONSA}/api/search?q=warm", timeout=20).read()
        told = urllib.request.urlopen(f"http://127.0.0.1:{RESPONSA}/metrics", timeout=20).read().decode()
    except OSError:
        return False
    return int(re.search(r"^responsa_searchers (\d+)", told, re.MULTILINE)[1]) >= processes


def family(process: subprocess.Popen[bytes]) -> list[Path]:
    """The server and the processes that search for it."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [Path(f"/proc/{one}") for one in (process.pid, *children)]


def memory(process: subprocess.Popen[bytes]) -> str:
    """Megabytes of each process: its share of what is resident, mapped files counted once among them."""
    told = [(one / "smaps_rollup").read_text() for one in family(process)]
    each = [int(re.search(r"Pss:\s+(\d+)", one)[1]) // 1024 for one in told]
    return f"{sum(each)} MB ({' + '.join(map(str, each))})"


def seconds_of(process: subprocess.Popen[bytes]) -> float:
    fields = [(one / "stat").read_text().rpartition(")")[2].split() for one in family(process)]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def head(title: str) -> None:
    print(f"\n| {title} | requests/s | p50 ms | p99 ms | longest ms | errors |\n|---|---|---|---|---|---|", flush=True)


def pages(folder: Path, seconds: int) -> None:
    wrk(folder, "pages", RESPONSA, 16, 2, "Accept-Encoding: gzip")
    print(wrk(folder, "pages", RESPONSA, 16, seconds).row("Responsa, as it is"), flush=True)
    print(wrk(folder, "pages", RESPONSA, 16, seconds, "Accept-Encoding: gzip").row("Responsa, gzip"), flush=True)


def nginx(folder: Path, site: Path, seconds: int) -> None:
    for gzip in ("off", "on"):
        (folder / "nginx.conf").write_text(
            CONF.format(folder=folder, site=site, port=NGINX, gzip=gzip, workers=len(os.sched_getaffinity(0)))
        )
        lines = ("Accept-Encoding: gzip",) if gzip == "on" else ()
        with running(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], NGINX, "/"):
            name = "nginx, gzip made anew" if lines else "nginx, as it is"
            print(wrk(folder, "pages", NGINX, 16, seconds, *lines).row(name), flush=True)


def search(folder: Path, process: subprocess.Popen[bytes], seconds: int) -> None:
    wrk(folder, "queries", RESPONSA, 4, 4)
    for name, told in (("queries", "each query once"), ("common", "as readers ask (Zipf)")):
        before = seconds_of(process)
        found = wrk(folder, name, RESPONSA, 8, seconds)
        cost = 1000 * (seconds_of(process) - before) / max(1, found.rate * seconds)
        print(found.row(f"Responsa, {told} ({cost:.1f} CPU ms each)"), flush=True)


def search_long(folder: Path, process: subprocess.Popen[bytes], seconds: int) -> None:
    """Searches alone, each query once, in rounds."""
    head(f"{seconds} s of searches, {loaded()}")
    until, errors, total = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < until:
        found = wrk(folder, "queries", RESPONSA, 8, 20)
        errors, total = errors + found.errors, total + found.rate * 20
        print(found.row(f"{memory(process)}, {loaded()}"), flush=True)
    print(f"\n{total:,.0f} searches, {errors} errors")


def loaded() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def long(folder: Path, process: subprocess.Popen[bytes], seconds: int) -> None:
    """Pages and searches at once, in rounds."""
    head(f"{seconds} s of pages and searches at once, {loaded()}")
    until, errors = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with subprocess.Popen(
            ["wrk", "-t1", "-c8", "-d20", "-s", str(folder / "load.lua"), f"http://127.0.0.1:{RESPONSA}/"],
            env={**os.environ, "LIST": str(folder / "pages")}, stdout=subprocess.PIPE, text=True,
        ) as other:  # fmt: skip
            found = wrk(folder, "queries", RESPONSA, 4, 20)
            told = other.communicate()[0]
        rate, p50, p99, most, failed = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\d+)", told).groups()
        errors += found.errors + int(failed)
        print(found.row(f"searches; {memory(process)}, {loaded()}"))
        print(Load(float(rate), float(p50), float(p99), float(most), int(failed)).row("pages"), flush=True)
    print(f"\n{errors} errors")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("site", type=Path)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--long", type=int, default=0)
    parser.add_argument("--only", default="pages,search,peers")
    parser.add_argument("--workers", default="")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "load.lua").write_text(LUA)
    lists(given.library, folder)
    serve = [str(Path(sys.executable).with_name("responsa")), "serve", str(given.library), "--out", str(given.site)]
    serve += ["--workers", given.workers] if given.workers else []
    try:
        with running(
            [*serve, "--port", str(RESPONSA), "--public", "--host", "127.0.0.1", "--rate", "0"], RESPONSA, "/healthz"
        ) as process:
            if "search" in given.only or given.long:
                indexed(process, int(given.workers or len(os.sched_getaffinity(0))))
            if "pages" in given.only:
                head("pages")
                pages(folder, given.seconds)
                if "peers" in given.only:
                    nginx(folder, given.site.absolute(), given.seconds)
            if "search" in given.only:
                head("search")
                search(folder, process, given.seconds)
            if given.long:
                (long if "pages" in given.only else search_long)(folder, process, given.long)
        if "search" in given.only and "peers" in given.only:
            peer = [sys.executable, str(Path(__file__).with_name("peer.py")), str(given.library), str(PEER)]
            with running(peer, PEER, "/?q=a"):
                print(wrk(folder, "queries", PEER, 8, given.seconds).row("bm25s, words alone"), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
