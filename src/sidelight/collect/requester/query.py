"""What may be asked of the lists, and what a body may hold: anything else is refused."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

import msgspec
from fastapi import Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from sidelight.collect.requester.gate import refusal

Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
"""Text that a database can be asked for."""

Body = TypeVar("Body", bound=msgspec.Struct)


class ListQuery(BaseModel):
    """Of every list: what the page comes after."""

    model_config = ConfigDict(extra="forbid")
    after: Text = ""


class ItemsQuery(ListQuery):
    """Of the pictures."""

    pool: Literal["images", "distractors"] | None = None
    label: Text | None = None
    gold: bool | None = None


class PagesQuery(ListQuery):
    """Of the pages."""

    state: Literal["submitted", "shown", "waiting"] = "submitted"
    session: Text | None = None
    complete: bool | None = None
    agrees: bool | None = None
    late: bool | None = None


class Password(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a login."""

    password: str


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of an exclusion."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of opening and closing."""

    open: bool


def body(kind: type[Body]) -> Callable[[Request], Awaitable[Body]]:
    """A dependency that reads a body of a kind, and refuses any other without repeating it."""

    async def read(request: Request) -> Body:
        try:
            return msgspec.json.decode(await request.body(), type=kind)
        except (msgspec.DecodeError, ValueError):
            raise refusal(400, "What was sent breaks the protocol.", "Reload the page.") from None

    return read
