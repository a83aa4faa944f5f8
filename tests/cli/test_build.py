import json
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from library_folder import put
from responsa.cli import main
from responsa.cli.preview import address, server


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "a")
    return tmp_path


def test_build_says_what_it_made_and_then_that_nothing_changed(folder, capsys):
    assert main(["build", str(folder)]) == 0
    assert "1 question page" in capsys.readouterr().out
    assert main(["build", str(folder)]) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_json_is_one_line_a_build(folder, capsys):
    assert main(["build", str(folder), "--out", str(folder / "public"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["pages"], said["held"], said["unreadable"]) == (1, 0, [])
    assert Path(said["out"]) == folder / "public"


def test_unreadable_files_end_in_3_and_are_named(folder, capsys):
    (folder / "content/learn/medicine/bad.md").write_text("no front matter")
    assert main(["build", str(folder)]) == 3
    assert "content/learn/medicine/bad.md:1: " in capsys.readouterr().err


def test_wrong_use_ends_in_2_with_a_sentence(folder, tmp_path, capsys):
    assert main(["build", str(tmp_path / "nowhere")]) == 2
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("precious")
    assert main(["build", str(folder), "--out", str(tmp_path / "full")]) == 2
    said = capsys.readouterr().err
    assert "no such folder" in said
    assert "did not make" in said
    assert (tmp_path / "full/mine.txt").read_text() == "precious"


def test_quiet_says_nothing(folder, capsys):
    assert main(["build", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_the_preview_serves_clean_addresses_its_404_page_and_nothing_above_the_site(folder):
    main(["build", str(folder), "--quiet"])
    served = server(folder / "site")
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    try:
        base = address(served)[:-1]
        with urllib.request.urlopen(f"{base}/learn/medicine/questions/a") as page:
            assert b"What is a?" in page.read()
        for wrong in ("/nowhere", "/../responsa.toml", "/%2e%2e/content/learn/medicine/a.md", "/learn/"):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(base + wrong)
            with error.value:
                assert error.value.code == 404
                assert b"This page does not exist" in error.value.read()
    finally:
        served.shutdown()
        thread.join()
        served.server_close()
