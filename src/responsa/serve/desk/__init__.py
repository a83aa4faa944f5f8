"""The desk: what needs a person, most harmful first; every accepted change is one edit and one commit."""

import atexit
from collections.abc import Iterable

from starlette.routing import BaseRoute

from responsa.serve.desk import addresses
from responsa.serve.desk.desk import Desk
from responsa.serve.live import Live
from responsa.serve.login.access import Access
from responsa.serve.settings import Settings


def routes(live: Live, access: Access, _settings: Settings) -> Iterable[BaseRoute]:
    """The desk's addresses, for a server that runs until its process ends."""
    desk = Desk(live, access)
    desk.start()
    atexit.register(desk.close)
    return addresses.routes(desk)
