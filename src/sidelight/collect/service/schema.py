"""The OpenAPI of the annotators' routes, made from the wire's types."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sidelight.collect.wire.page import (
    Acknowledged,
    Agreement,
    Arrival,
    Completion,
    ConsentText,
    Gaps,
    Next,
    PageSpec,
    Problem,
    Session,
    Submit,
    Submitted,
)


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/withdraw: the token that the person was given."""

    token: str


class Ahead(msgspec.Struct, frozen=True):
    """GET /api/ahead: addresses of the pictures of the page after this one, to be loaded while this one is at work."""

    pictures: tuple[str, ...]


class Record(msgspec.Struct, frozen=True):
    """GET /api/record: what is kept of the person, and whether she lets it be published.

    Attributes:
        publish: as she said last.
        pages: ids of those that she submitted, in order.
    """

    publish: bool
    pages: tuple[str, ...]


class Publication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/publish: whether what was recorded may be published."""

    publish: bool


class Done(msgspec.Struct, frozen=True):
    """It was done; there is nothing more to say."""


class Empty(msgspec.Struct, frozen=True):
    """A body without fields that matter."""


BODIES = (
    Acknowledged, Agreement, Ahead, Arrival, Completion, ConsentText, Done, Empty, Gaps, Next, PageSpec, Problem,
    Publication, Record, Session, Submit, Submitted, Withdrawal,
)  # fmt: skip
TEMPLATE = "#/components/schemas/{name}"
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
BEARER = {"bearer": {"type": "http", "scheme": "bearer"}}


def described(body: type | None, answers: dict[int, type], *, bearer: bool, statuses: Sequence[int]) -> dict[str, Any]:
    """`openapi_extra` of a route.

    Args:
        body: of the request; None if there is none, `bytes` for a chunk.
        answers: status -> body, of the answers that are no problems.
        bearer: a token is needed.
        statuses: of the problems.
    """
    said: dict[str, Any] = {str(status): _answer(kind) for status, kind in answers.items()}
    said |= {str(status): _answer(Problem) for status in statuses}
    more: dict[str, Any] = {"responses": said, "security": [{"bearer": []}] if bearer else []}
    if body is not None:
        more["requestBody"] = {"required": True, "content": BYTES if body is bytes else _json(body)}
    return more


def openapi(app: FastAPI) -> dict[str, Any]:
    """The whole description, with the types that the routes refer to."""
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = made.setdefault("components", {})
    components.setdefault("schemas", {}).update(msgspec.json.schema_components(BODIES, ref_template=TEMPLATE)[1])
    components["securitySchemes"] = BEARER
    return made


def _json(kind: type) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": TEMPLATE.format(name=kind.__name__)}}}


def _answer(kind: type) -> dict[str, Any]:
    if kind is bytes:
        return {"description": "Chunks, each behind its length (uint32, little-endian).", "content": BYTES}
    return {"description": (kind.__doc__ or "").splitlines()[0], "content": _json(kind)}
