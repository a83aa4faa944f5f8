"""The API's description, OpenAPI 3.1, made of the types by which requests are checked and answers are written."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from responsa.serve.api import models

_REFERENCE: Final = "#/components/schemas/{name}"
_PROBLEM: Final = "application/problem+json"
_ERRORS: Final = {
    400: "The request cannot be meant; `detail` says why.",
    404: "There is no such article.",
    413: "The request has a body that is too large.",
    421: "The server does not answer under the name that was asked for.",
    429: "Too many requests of one client; `Retry-After` says when to ask again.",
    431: "The request's head is too long.",
    503: "Too much is asked, or the library cannot be read at the moment.",
}


class Endpoint(Struct, frozen=True):
    """An address with what it takes and gives. ``one``: it is about one article, which need not exist.

    ``tagged``: the same until the library's state changes; what sources say may change without that.
    """

    path: str
    summary: str
    takes: type[Struct]
    gives: type[Struct]
    one: bool = False
    tagged: bool = True

    def parameters(self) -> list[str]:
        """The names of what stands in the query."""
        return [name for name in self.takes.__struct_fields__ if f"{{{name}}}" not in self.path]


def document(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """The whole description."""
    kinds = [*dict.fromkeys([endpoint.gives for endpoint in endpoints]), models.Error]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Responsa",
            "version": version,
            "description": "A library of questions and answers. Read only; every answer has an ETag.",
        },
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in endpoints},
        "components": {"schemas": schemas},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    name = endpoint.path.removeprefix("/api/").replace("/{url}", "_one")
    return {
        "operationId": name,
        "summary": endpoint.summary,
        "parameters": [*_parameters(endpoint), *([_IF_NONE_MATCH] if endpoint.tagged else [])],
        "responses": {
            "200": _answer(endpoint.gives.__doc__ or "", endpoint.gives, "application/json", tagged=endpoint.tagged),
            **(
                {"301": _answer("The article has another address now.", models.Error, _PROBLEM)} if endpoint.one else {}
            ),
            **({"304": {"description": "As the client has it."}} if endpoint.tagged else {}),
            **{str(code): _answer(why, models.Error, _PROBLEM) for code, why in _errors(endpoint)},
        },
    }


_IF_NONE_MATCH: Final = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of an earlier answer.",
}  # fmt: skip


def _errors(endpoint: Endpoint) -> Iterable[tuple[int, str]]:
    return ((code, why) for code, why in _ERRORS.items() if code != 404 or endpoint.one)  # noqa: PLR2004


def _answer(description: str, kind: type[Struct], media: str, *, tagged: bool = False) -> dict[str, Any]:
    headers = {"headers": {"ETag": {"schema": {"type": "string"}}}} if tagged else {}
    schema = {"$ref": _REFERENCE.format(name=kind.__name__)}
    return {"description": description, "content": {media: {"schema": schema}}, **headers}


def _parameters(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    _, schemas = msgspec.json.schema_components([endpoint.takes], ref_template=_REFERENCE)
    told = schemas[endpoint.takes.__name__]
    for name, schema in told["properties"].items():
        inner = f"{{{name}}}" in endpoint.path
        required = inner or name in told.get("required", [])
        plain = {key: value for key, value in schema.items() if key not in {"description", "default"} or not required}
        yield {
            "name": name,
            "in": "path" if inner else "query",
            "required": required,
            "description": schema.get("description", ""),
            "schema": {key: value for key, value in plain.items() if key != "description"},
        }
