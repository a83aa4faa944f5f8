"""A server of a small library, in a thread of its own, and a client that sends what no browser would."""

import http.client
import json
import socket
import threading
from contextlib import contextmanager

from responsa.serve import server
from responsa.serve.app import App
from responsa.serve.live import Live
from responsa.serve.log import Log
from responsa.serve.login.access import access_of
from responsa.serve.settings import Settings


class Served:
    """``get`` and ``raw`` ask it; ``lines`` is its log."""

    def __init__(self, app, port, lines, running):
        self.app, self.live, self.port, self.lines, self.running = app, app.live, port, lines, running

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def get(self, path, method="GET", body=None, **headers):
        """(status, headers by small name, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, path):
        status, _, body = self.get(path)
        assert status == 200, body
        return json.loads(body)

    def raw(self, data, wait=3.0):
        """Everything that comes back for these bytes, until the server ends the connection or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(data)
            found = b""
            try:
                while piece := connection.recv(65536):
                    found += piece
            except (TimeoutError, ConnectionError):
                pass
            return found


@contextmanager
def serving(folder, follow=False, environment=None, tools=None, start=Live.open, **settings):
    lines = []
    with Live(folder) as live:
        start(live)
        if follow:
            live.follow()
        setting = Settings(**{"port": 0, **settings})
        app = App(live, setting, access_of(environment or {}, public=setting.public), log=Log(lines.append))
        around = tools(app) if tools else None
        listening = server.opened(setting)
        running = server.of(app)
        ready = threading.Event()
        more = {"around": around} if around else {}
        thread = threading.Thread(target=server.run, args=(running, listening), kwargs={"started": ready.set, **more})
        thread.start()
        ready.wait(10)
        try:
            yield Served(app, listening.getsockname()[1], lines, running)
        finally:
            running.should_exit = True
            thread.join(15)
            app.close()
            listening.close()
            assert not thread.is_alive()
