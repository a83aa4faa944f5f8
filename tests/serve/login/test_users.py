import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from responsa.cli.app import main
from responsa.errors import UsageError
from responsa.serve.login.passwords import matches
from responsa.serve.login.users import User, change, checked, load, outside, place, save

PASSWORD = "correct horse battery"
ANN = User("ann", "Ann Editor", "ann@example.org")


def test_a_users_file_is_readable_by_its_owner_alone(tmp_path):
    file = tmp_path / "deep" / "users.json"
    save(file, {"ann": ANN})
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert load(file) == {"ann": ANN}


def test_a_users_file_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "users.json"
    save(file, {"ann": ANN})
    file.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        load(file)


def test_a_missing_users_file_has_no_users_and_a_damaged_one_says_so(tmp_path):
    file = tmp_path / "users.json"
    assert load(file) == {}
    file.write_text("{")
    file.chmod(0o600)
    with pytest.raises(UsageError, match="no users file"):
        load(file)


def test_a_users_file_in_the_library_would_be_committed_and_is_refused(tmp_path):
    with pytest.raises(UsageError, match="elsewhere"):
        outside(tmp_path / "users.json", tmp_path)
    assert outside(tmp_path / ".responsa" / "users.json", tmp_path)


def test_the_command_refuses_a_users_file_below_a_librarys_settings(tmp_path, capsys, monkeypatch):
    (tmp_path / "library" / "deep").mkdir(parents=True)
    (tmp_path / "library" / "responsa.toml").write_text("")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    file = tmp_path / "library" / "deep" / "users.json"
    assert main(["users", "add", "ann", "--email", "a@x.org", "--stdin", "--users", str(file)]) == 2
    assert "lies in the library" in capsys.readouterr().err
    assert not file.exists()


def test_a_folder_is_no_users_file(tmp_path, capsys):
    assert main(["users", "list", "--users", str(tmp_path)]) == 2
    assert "is no file" in capsys.readouterr().err


def test_changes_made_at_once_are_all_kept(tmp_path):
    file = tmp_path / "users.json"
    logins = [f"u{number}" for number in range(16)]

    def add(login):
        change(file, lambda held: {**held, login: User(login, login, "u@example.org")})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, logins))
    assert set(load(file)) == set(logins)


def test_the_file_lies_where_it_is_told(monkeypatch, tmp_path):
    monkeypatch.delenv("RESPONSA_USERS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert place() == tmp_path / "responsa" / "users.json"
    monkeypatch.setenv("RESPONSA_USERS", str(tmp_path / "mine.json"))
    assert place() == tmp_path / "mine.json"


@pytest.mark.parametrize(
    ("login", "name", "email"),
    [
        ("Ann", "Ann", "a@b.c"),
        ("../ann", "Ann", "a@b.c"),
        ("", "Ann", "a@b.c"),
        ("ann", "Ann\nCo-authored-by: Eve", "a@b.c"),
        ("ann", " ", "a@b.c"),
        ("ann", "Ann", "nobody"),
        ("ann", "Ann", "a@b.c> <eve@d.e"),
    ],
)
def test_a_user_that_could_be_another_in_a_commit_is_refused(login, name, email):
    with pytest.raises(UsageError):
        checked(login, name, email)


def test_the_command_adds_changes_lists_and_removes(tmp_path, capsys, monkeypatch):
    file = tmp_path / "users.json"
    for action, password in (("add", PASSWORD), ("password", "another long one")):
        descriptor, name = os.pipe()
        os.write(name, f"{password}\n".encode())
        os.close(name)
        with os.fdopen(descriptor) as typed:
            monkeypatch.setattr("sys.stdin", typed)
            more = ["--name", "Ann Editor", "--email", "ann@example.org"] if action == "add" else []
            assert main(["users", action, "ann", *more, "--stdin", "--users", str(file)]) == 0
        assert matches(load(file)["ann"].hash, password)
    assert main(["users", "list", "--users", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "ann  Ann Editor  ann@example.org" in shown
    assert "argon2" not in shown
    assert main(["users", "remove", "ann", "--users", str(file)]) == 0
    assert load(file) == {}


def test_a_short_password_is_refused_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    file = tmp_path / "users.json"
    descriptor, name = os.pipe()
    os.write(name, b"short\n")
    os.close(name)
    with os.fdopen(descriptor) as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert main(["users", "add", "ann", "--email", "a@example.org", "--users", str(file)]) == 2
    assert "12 to" in capsys.readouterr().err
    assert not file.exists()


def test_a_user_by_proxy_has_no_password_that_could_be_guessed(tmp_path):
    file = tmp_path / "users.json"
    assert main(["users", "add", "bob", "--email", "b@example.org", "--by-proxy", "--users", str(file)]) == 0
    assert not matches(load(file)["bob"].hash, "")
    assert not matches(load(file)["bob"].hash, "nobody's password: logins without one are checked against it")
