"""Errors as every route answers them: a `Problem`, in words for the person, without anything of what was sent."""

import logging
import traceback

import msgspec
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from sidelight.collect.panel.visit import NotAdmitted
from sidelight.collect.store.refusals import Reason, Refused
from sidelight.collect.wire.chunk import BadChunk
from sidelight.collect.wire.page import Problem

log = logging.getLogger("sidelight.collect")

WORDS = {
    400: Problem("What was sent breaks the protocol.", "Reload the page."),
    401: Problem("This page has lost its session.", "Open the link from where you found this task."),
    403: Problem("This is not yours, or not yet.", "Reload the page."),
    404: Problem("There is nothing at this address.", "Open the link from where you found this task."),
    405: Problem("This address does not take that.", "Reload the page."),
    408: Problem("The connection is too slow.", "It is tried again by itself."),
    409: Problem("This does not fit where the session is.", "Reload the page."),
    413: Problem("That was too much at once.", "Reload the page."),
    429: Problem("That was too fast.", "Wait a moment; it is tried again by itself."),
}
"""Status -> what is said where nothing more precise is known."""

REFUSALS: dict[Reason, tuple[int, str, str]] = {
    "unknown": (401, "This page has lost its session.", "Open the link from where you found this task."),
    "not_yours": (403, "This page is not yours.", "Reload the page."),
    "no_consent": (403, "Nothing may be recorded before you agreed.", "Reload the page."),
    "withdrawn": (403, "You have withdrawn: nothing is recorded any more.", "You can close this page."),
    "closed": (409, "This session is over.", "You can close this page."),
}
"""What the store refuses -> status and words."""

BROKEN = Problem("The service has a fault.", "Nothing is lost; it is tried again by itself.")


class Trouble(HTTPException):
    """An error answer.

    Args:
        status: of the answer.
        problem: what happened; None takes the usual words.
        remedy: what the person can do.
        wait: seconds after which to try again.
    """

    def __init__(self, status: int, problem: str | None = None, remedy: str = "", *, wait: float = 0.0) -> None:
        said = WORDS[status] if problem is None else Problem(problem, remedy)
        headers = {"Retry-After": str(int(wait) + 1)} if wait else None
        super().__init__(status, said.problem, headers)
        self.said = said


def answer(status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    """A body of the wire as JSON; never kept by a cache."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(msgspec.json.encode(body), status, kept, media_type="application/json")


def answered(fault: Exception) -> Response:
    """The answer to a fault: of the sender's, with what to do; of ours, reported and without anything of it."""
    if isinstance(fault, HTTPException):
        return _from_http(fault)
    if isinstance(fault, Refused):
        status, *said = REFUSALS[fault.reason]
        return answer(status, Problem(*said))
    if isinstance(fault, BadChunk):
        return answer(400, Problem(str(fault)[:500]))
    if isinstance(fault, NotAdmitted):
        return answer(403, Problem(f"You cannot be let in: {fault.thing}: {fault.seen}.", f"{fault.remedy}."))
    if isinstance(fault, RequestValidationError):
        return answer(400, WORDS[400])
    report(fault)
    return answer(500, BROKEN)


def handler(_: Request, fault: Exception) -> Response:
    """The same, as the framework calls it."""
    return answered(fault)


def _from_http(fault: HTTPException) -> Response:
    """The answer to any `HTTPException`: ours, the requester's (a problem's fields as detail), the framework's."""
    detail: object = fault.detail
    if isinstance(fault, Trouble):
        said = fault.said
    elif isinstance(detail, dict):
        said = msgspec.convert(detail, Problem)
    else:
        said = WORDS.get(fault.status_code, WORDS[400])
    return answer(fault.status_code, said, dict(fault.headers or {}))


def report(fault: BaseException) -> None:
    """Log a fault of ours: its kind and where it happened. Messages may hold what people sent, and are left out."""
    where = "".join(traceback.format_tb(fault.__traceback__)[-6:])
    log.error("%s\n%s", type(fault).__name__, where)
