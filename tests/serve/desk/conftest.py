import datetime

import pytest
from desk_library import example, troubled
from desk_server import PASSWORD, Editor

from fake_encoder import FakeEncoder
from responsa.serve.desk.addresses import routes
from responsa.serve.desk.desk import Desk
from responsa.serve.live import Live
from responsa.serve.login.access import Access
from responsa.serve.login.passwords import hashed
from responsa.serve.login.users import User, save

HASH = hashed(PASSWORD)


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch):
    """The embedded one takes a second to load, and no test here asks what is near in meaning."""
    monkeypatch.setattr("responsa.serve.live.encoder_of", lambda _library: FakeEncoder())


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    """tests/serve/login hashes; here a login is only the way in."""
    monkeypatch.setattr("responsa.serve.login.door.matches", lambda kept, given: (kept, given) == (HASH, PASSWORD))


@pytest.fixture
def library(tmp_path):
    return example(tmp_path / "library")


@pytest.fixture(scope="session")
def troubled_library(tmp_path_factory):
    """To be copied: checking it takes a second."""
    return troubled(tmp_path_factory.mktemp("troubled") / "library")


@pytest.fixture
def users(tmp_path):
    file = tmp_path / "users.json"
    people = (User("ann", "Ann Editor", "ann@example.org", HASH), User("bob", "Bob Editor", "bob@example.org", HASH))
    save(file, {user.login: user for user in people})
    return file


@pytest.fixture
def live(library):
    with Live(library) as found:
        found.open()
        yield found


@pytest.fixture
def desk(live, users):
    with Desk(live, Access(users), today=lambda: datetime.date(2026, 11, 25)) as found:
        with live.reading() as now:
            found.queue.renew(now.library, now.catalogue)
        yield found


@pytest.fixture
def app(desk):
    return routes(desk)


@pytest.fixture
def ann(app):
    return Editor(app, "ann")


@pytest.fixture
def bob(app):
    return Editor(app, "bob")


@pytest.fixture
def nobody(app):
    return Editor(app)
