"""The protocol around the tools: over standard input and output, or over HTTP inside the server."""

import functools
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any, Final

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from starlette.applications import Starlette

from responsa.serve.mcp.tools import INSTRUCTIONS, Tools
from responsa.serve.settings import Settings

READING: Final = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
TOGETHER: Final = 2
"""Calls that are worked on at once."""


def server(tools: Tools) -> MCPServer[Any]:
    """The tools as the SDK serves them."""
    made: MCPServer[Any] = MCPServer(
        "responsa", title="Responsa", instructions=INSTRUCTIONS, version=version("responsa"), log_level="ERROR"
    )
    limiter = anyio.CapacityLimiter(TOGETHER)
    for tool in tools.all():
        made.add_tool(
            _in_thread(tool, limiter), name=tool.__name__, description=tool.__doc__, annotations=READING,
            structured_output=False,
        )  # fmt: skip
    return made


def over_http(tools: Tools, settings: Settings) -> Starlette:
    """An ASGI app at ``/mcp``, without sessions: any replica answers any call.

    Browsers name the page that asks (``Origin``): only pages of this server may. The gate has looked at the host.
    """
    names = sorted(settings.hosts or settings.names)
    own = [f"{name}{port}" for name in names for port in ("", ":*")]
    origins = [f"{scheme}://{one}" for scheme in ("http", "https") for one in own]
    safety = TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(names), allowed_hosts=own, allowed_origins=origins
    )
    return server(tools).streamable_http_app(
        streamable_http_path="/mcp", json_response=True, stateless_http=True, max_request_body_size=settings.body,
        transport_security=safety,
    )  # fmt: skip


def _in_thread(tool: Callable[..., str], limiter: anyio.CapacityLimiter) -> Callable[..., Awaitable[str]]:
    """The tool with its own parameters, worked on beside the loop."""

    @functools.wraps(tool)
    async def called(*given: object, **named: object) -> str:
        return await anyio.to_thread.run_sync(functools.partial(tool, *given, **named), limiter=limiter)

    return called
