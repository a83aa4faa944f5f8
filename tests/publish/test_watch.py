import threading
import time

from library_folder import made, put
from responsa.errors import ResponsaError
from responsa.publish.build import Build, Wish
from responsa.publish.watch import rebuilds


def first_after(folder, change):
    """The first rebuild after ``change``, which is made again until the watcher is awake."""
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
        return next(iter(rebuilds(folder, folder / "site", Wish(), stop)), None)
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
