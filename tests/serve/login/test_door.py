import time

import pytest

from responsa.errors import UsageError
from responsa.serve.login import passwords
from responsa.serve.login.access import Access, access_of
from responsa.serve.login.door import Door, Refused
from responsa.serve.login.passwords import hashed
from responsa.serve.login.sessions import IDLE, LONGEST, Sessions
from responsa.serve.login.throttle import FREE, FREE_ADDRESS, MOST, Throttle
from responsa.serve.login.users import User, load, save
from responsa.serve.login.visit import Visit

PASSWORD = "correct horse battery"
HASH = hashed(PASSWORD)
LOCAL = Visit("127.0.0.1", "http", {"host": "localhost:8000", "origin": "http://localhost:8000"})
TLS = {"host": "desk.example.org", "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7"}


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def users(tmp_path):
    file = tmp_path / "users.json"
    save(file, {"ann": User("ann", "Ann", "ann@example.org", HASH), "bob": User("bob", "Bob", "bob@example.org")})
    return file


@pytest.fixture
def door(tmp_path, users, clock):
    sessions = Sessions(tmp_path / "library", clock)
    yield Door(Access(users, proxies=("127.0.0.1",), header="x-user"), sessions, clock)
    sessions.close()


def held(door, token, visit=LOCAL):
    return {door.cookie(visit): token}


def test_a_right_password_gives_a_session_and_a_wrong_one_none(door):
    assert door.enter(LOCAL, {}, "ann", "wrong password") == Refused(0)
    token = door.enter(LOCAL, {}, " Ann ", PASSWORD)
    assert door.person(LOCAL, held(door, token)).user.email == "ann@example.org"
    assert door.person(LOCAL, held(door, token + "x")) is None


def test_what_a_browser_held_before_the_login_is_worth_nothing_after_it(door):
    """Session fixation: a name that a stranger planted, even a living one, does not become the person's."""
    planted = door.enter(LOCAL, {}, "ann", PASSWORD)
    token = door.enter(LOCAL, held(door, planted), "ann", PASSWORD)
    assert token != planted
    assert door.person(LOCAL, held(door, planted)) is None
    assert door.person(LOCAL, held(door, "chosen-by-a-stranger")) is None


def test_a_session_ends_by_signing_out_by_idling_and_by_age(door, clock):
    token = door.enter(LOCAL, {}, "ann", PASSWORD)
    clock.now += IDLE - 1
    assert door.person(LOCAL, held(door, token))
    clock.now += IDLE - 1
    assert door.person(LOCAL, held(door, token))
    clock.now += IDLE + 1
    assert door.person(LOCAL, held(door, token)) is None
    token = door.enter(LOCAL, {}, "ann", PASSWORD)
    for _ in range(int(LONGEST / IDLE) + 1):
        clock.now += IDLE - 1
        door.person(LOCAL, held(door, token))
    assert door.person(LOCAL, held(door, token)) is None
    token = door.enter(LOCAL, {}, "ann", PASSWORD)
    door.leave(LOCAL, held(door, token))
    assert door.person(LOCAL, held(door, token)) is None


def test_a_user_who_was_removed_is_nobody_at_once(door, users):
    token = door.enter(LOCAL, {}, "ann", PASSWORD)
    save(users, {name: user for name, user in load(users).items() if name != "ann"})
    assert door.person(LOCAL, held(door, token)) is None


def test_another_password_signs_out_whoever_is_signed_in_by_the_former(door, users):
    token = door.enter(LOCAL, {}, "ann", PASSWORD)
    save(users, {**load(users), "ann": User("ann", "Ann", "ann@example.org", hashed("another long password"))})
    assert door.person(LOCAL, held(door, token)) is None


def test_a_session_outlasts_a_restart_and_its_file_holds_no_name_that_opens_it(door, tmp_path, clock):
    token = door.enter(LOCAL, {}, "ann", PASSWORD)
    again = Sessions(tmp_path / "library", clock)
    assert again.find(token).login == "ann"
    again.close()
    files = [path for path in (tmp_path / "library" / ".responsa").iterdir() if "sessions" in path.name]
    assert files
    assert all(token.encode() not in path.read_bytes() for path in files)
    assert oct((tmp_path / "library" / ".responsa" / "sessions.sqlite").stat().st_mode & 0o777) == "0o600"


def test_a_damaged_file_of_sessions_signs_everybody_out_and_stops_nobody(tmp_path, clock):
    folder = tmp_path / "library"
    Sessions(folder, clock).close()
    (folder / ".responsa" / "sessions.sqlite").write_bytes(b"no database at all" * 100)
    sessions = Sessions(folder, clock)
    assert sessions.find("anything") is None
    sessions.close()


def test_guesses_on_an_account_wait_longer_and_longer(door, clock):
    for _ in range(FREE):
        assert door.enter(LOCAL, {}, "ann", "wrong") != ""
    first = door.enter(LOCAL, {}, "ann", PASSWORD)
    assert isinstance(first, Refused), "the right password does not count either"
    clock.now += first.wait + 1
    second = door.enter(LOCAL, {}, "ann", "wrong")
    assert second.wait > first.wait
    clock.now += 4000
    assert isinstance(door.enter(LOCAL, {}, "ann", PASSWORD), str)


def test_guesses_from_one_address_wait_whatever_the_account(clock):
    throttle = Throttle(clock)
    for number in range(FREE_ADDRESS):
        throttle.wrong(f"user{number}", "203.0.113.7")
    assert throttle.wait("another", "203.0.113.7") > 0
    assert throttle.wait("another", "203.0.113.8") == 0


def test_a_guesser_with_many_names_costs_no_memory(clock):
    throttle = Throttle(clock)
    for number in range(2 * MOST):
        throttle.wrong(f"user{number}", f"address {number}")
    assert len(throttle._wrong) <= MOST


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(clock):
    throttle = Throttle(clock)
    for _ in range(3 * FREE_ADDRESS):
        throttle.wrong("ann", "203.0.113.7")
        throttle.right("ann", "203.0.113.7")
    assert throttle.wait("ann", "203.0.113.7") == 0


def test_an_unknown_login_takes_as_long_as_a_wrong_password(door, monkeypatch):
    """Both are hashed in full; the work is counted, since times on a busy machine say little."""
    checked = []
    monkeypatch.setattr("responsa.serve.login.door.matches", lambda kept, _: bool(checked.append(kept)))
    door.enter(LOCAL, {}, "ann", "wrong password")
    door.enter(LOCAL, {}, "nobody", "wrong password")
    assert checked == [HASH, ""]
    passwords._nobody()
    spent = []
    for kept in (HASH, ""):
        start = time.thread_time()
        assert not passwords.matches(kept, "wrong password")
        spent.append(time.thread_time() - start)
    assert min(spent) > 0.005, "no hash was made for one of them"


def test_a_password_beyond_all_length_is_not_hashed(door, monkeypatch):
    monkeypatch.setattr("responsa.serve.login.door.matches", lambda *_: pytest.fail("was hashed"))
    assert isinstance(door.enter(LOCAL, {}, "ann", "x" * 100_000), Refused)


def test_a_proxy_is_believed_from_its_own_address_only(door):
    named = {**TLS, "x-user": "bob"}
    assert door.person(Visit("127.0.0.1", "http", named), {}).user.name == "Bob"
    assert door.person(Visit("203.0.113.9", "http", named), {}) is None
    assert door.person(Visit("127.0.0.1", "http", {**TLS, "x-user": "stranger"}), {}) is None


def test_the_address_is_the_last_that_is_no_proxy_of_ours(door):
    visit = Visit("127.0.0.1", "http", {"x-forwarded-for": "10.9.9.9, 203.0.113.7, 127.0.0.1"})
    assert visit.address(door.access) == "203.0.113.7"
    stranger = Visit("198.51.100.2", "http", {"x-forwarded-for": "10.9.9.9"})
    assert stranger.address(door.access) == "198.51.100.2"


@pytest.mark.parametrize(
    ("visit", "reads"),
    [
        (LOCAL, True),
        (Visit("::1", "http", {"host": "[::1]:8000"}), True),
        (Visit("127.0.0.1", "http", {"host": "evil.example:8000"}), False),
        (Visit("127.0.0.1", "http", {"host": "localhost", "x-forwarded-for": "203.0.113.7"}), False),
        (Visit("203.0.113.7", "http", {"host": "localhost"}), False),
        (Visit("", "http", {}), False),
    ],
)
def test_only_this_machine_reads_without_a_login(door, visit, reads):
    assert door.may_read(visit, None) is reads


def test_a_public_desk_is_read_by_nobody_without_a_login(users, door, clock):
    public = Door(Access(users, public=True), door.sessions, clock)
    assert not public.may_read(LOCAL, None)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "desk.example.org", "origin": "https://evil.example"},
        {"host": "desk.example.org", "origin": "null"},
        {"host": "desk.example.org"},
        {"host": "desk.example.org", "referer": "https://evil.example/desk.example.org"},
        {"host": "desk.example.org", "origin": "https://desk.example.org", "sec-fetch-site": "cross-site"},
        {"host": "desk.example.org", "origin": "https://desk.example.org", "sec-fetch-site": "same-site"},
        {"host": "desk.example.org", "origin": "https://desk.example.org.evil.example"},
        {"host": "desk.example.org", "origin": "https://["},
    ],
)
def test_a_form_of_another_page_is_not_believed(door, headers):
    person = door.person(LOCAL, held(door, door.enter(LOCAL, {}, "ann", PASSWORD)))
    assert not door.believes(Visit("127.0.0.1", "https", headers), person, person.csrf)


def test_a_form_is_believed_with_the_token_of_its_own_session_only(door):
    one = door.person(LOCAL, held(door, door.enter(LOCAL, {}, "ann", PASSWORD)))
    other = door.person(LOCAL, held(door, door.enter(LOCAL, {}, "ann", PASSWORD)))
    assert door.believes(LOCAL, one, one.csrf)
    assert not door.believes(LOCAL, one, other.csrf)
    assert not door.believes(LOCAL, one, "")


def test_without_tls_the_cookie_is_for_this_machine_only(door):
    assert door.cookie(LOCAL) == "responsa-desk"
    assert door.cookie(Visit("127.0.0.1", "http", TLS)) == "__Host-responsa-desk"
    assert door.cookie(Visit("203.0.113.7", "http", {"host": "desk.example.org"})) == "__Host-responsa-desk"


def test_settings_that_would_open_the_door_are_refused(users):
    with pytest.raises(UsageError, match="RESPONSA_PROXIES"):
        access_of({"RESPONSA_USER_HEADER": "X-User"}, users)
    with pytest.raises(UsageError, match="expected addresses"):
        access_of({"RESPONSA_PROXIES": "everyone"}, users)
    access = access_of({"RESPONSA_USER_HEADER": "X-User", "RESPONSA_PROXIES": "127.0.0.1, 10.0.0.0/8"}, users)
    assert access.trusts("10.1.2.3")
    assert access.trusts("::ffff:127.0.0.1")
    assert not access.trusts("192.0.2.1")
