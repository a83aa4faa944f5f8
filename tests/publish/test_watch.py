import os
import threading
import time

from library_folder import made, put
from responsa.errors import ResponsaError
from responsa.publish.build import Build, Wish
from responsa.publish.watch import changes, rebuilds


def first_after(folder, change, wanted=lambda _: True):
    """The first rebuild after ``change`` that is ``wanted``; the change is made again until the watcher is awake."""
    stop, done = threading.Event(), threading.Event()

    def keep_changing():
        number = 0
        while not done.is_set() and number < 200:
            change(number)
            number += 1
            time.sleep(0.1)
        stop.set()

    changer = threading.Thread(target=keep_changing)
    changer.start()
    try:
        return next(filter(wanted, rebuilds(folder, folder / "site", Wish(), stop)), None)
    finally:
        done.set()
        changer.join()


def test_a_change_is_built(tmp_path):
    put(tmp_path, "a")
    made(tmp_path)
    result = first_after(tmp_path, lambda number: put(tmp_path, "a", answer=f"Version {number}."))
    assert isinstance(result, Build)
    assert "Version" in (tmp_path / "site/learn/medicine/questions/a.html").read_text()


def test_a_wrong_setting_is_told_and_the_site_stays(tmp_path):
    put(tmp_path, "a")
    made(tmp_path)
    result = first_after(tmp_path, lambda number: (tmp_path / "responsa.toml").write_text(f"[oops{number}]\n"))
    assert isinstance(result, ResponsaError)
    assert (tmp_path / "site/index.html").exists()


def test_a_name_that_is_no_utf8_is_told_and_the_watch_goes_on(tmp_path):
    put(tmp_path, "a")
    made(tmp_path)
    wrong = tmp_path / "content/learn/medicine" / os.fsdecode(b"caf\xe9.md")

    def change(number):
        wrong.write_text(f"{number}")
        time.sleep(0.05)
        put(tmp_path, "a", answer=f"Version {number}.")

    result = first_after(tmp_path, change, lambda made: isinstance(made, Build) and made.written > 0)
    assert [str(bad.path.name) for bad in result.unreadable] == [r"caf\xe9.md"]
    assert "Version" in (tmp_path / "site/learn/medicine/questions/a.html").read_text()


def test_a_library_behind_a_link_is_watched_and_its_site_is_no_change(tmp_path):
    put(tmp_path / "library", "a")
    (tmp_path / "link").symlink_to(tmp_path / "library")
    made(tmp_path / "link")
    seen = changes(tmp_path / "link", tmp_path / "link/site", stop := threading.Event(), 100)
    assert next(seen) == frozenset()
    (tmp_path / "link/site/index.html").unlink()
    assert next(seen) == frozenset()
    put(tmp_path / "library", "a", answer="Other.")
    assert set(map(str, next(filter(None, seen)))) == {"content/learn/medicine/a.md"}
    stop.set()
