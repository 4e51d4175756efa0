"""The annotators' routes: what comes in is decoded and checked, work is done elsewhere, what goes out is encoded.

No route takes a session's id from its path or its body: it comes from the signed token alone.
"""

import contextlib
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import msgspec
from fastapi import APIRouter, Request, Response

from sidelight.collect.panel.visit import NotAdmitted
from sidelight.collect.service import arriving, ending, media, paging, recorded, submitting
from sidelight.collect.service.desk import Desk, address, threaded
from sidelight.collect.service.problem import Trouble, answer
from sidelight.collect.service.schema import Ahead, Done, Empty, Publication, Record, Withdrawal, described
from sidelight.collect.store import leases
from sidelight.collect.store.chunks import Sent
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.chunk import check_entries
from sidelight.collect.wire.packed import unpacked
from sidelight.collect.wire.page import (
    Acknowledged,
    Agreement,
    Arrival,
    Completion,
    ConsentText,
    Gaps,
    Next,
    PageSpec,
    Session,
    Submit,
    Submitted,
)

B = TypeVar("B", bound=msgspec.Struct)
Route = Callable[..., Awaitable[Response]]


def annotator_routes(doors: "Doors") -> APIRouter:
    """All of them, with their description."""
    router = APIRouter(tags=["annotators"])
    # method, path, route, body, answers, other statuses, whether a bearer token is needed
    table: tuple[tuple[str, str, Route, type | None, dict[int, type], tuple[int, ...], bool], ...] = (
        ("POST", "/api/arrive", doors.arrive, Arrival, {200: Session}, (400, 403, 413, 429), False),
        ("GET", "/api/consent", doors.consent, None, {200: ConsentText}, (401, 429), True),
        ("POST", "/api/consent", doors.agree, Agreement, {200: Session}, (400, 401, 409, 413, 429), True),
        ("GET", "/api/page", doors.page, None, {200: Next}, (401, 403, 409, 429), True),
        ("GET", "/api/ahead", doors.ahead, None, {200: Ahead}, (401, 429), True),
        ("POST", "/api/chunk", doors.chunk, bytes, {200: Acknowledged}, (400, 401, 403, 409, 413, 429), True),
        ("POST", "/api/submit", doors.submit, Submit, {200: Submitted, 409: Gaps}, (400, 401, 403, 413, 429), True),
        ("POST", "/api/return", doors.give_back, Empty, {200: Session}, (400, 401, 403, 409, 413, 429), True),
        ("POST", "/api/finish", doors.finish, Empty, {200: Completion}, (400, 401, 403, 409, 413, 429), True),
        ("GET", "/api/record", doors.record, None, {200: Record}, (401, 429), True),
        ("GET", "/api/record/{page}", doors.recorded_page, None, {200: PageSpec}, (401, 404, 429), True),
        ("GET", "/api/record/{page}/chunks", doors.recorded_chunks, None, {200: bytes}, (401, 404, 429), True),
        ("POST", "/api/publish", doors.publish, Publication, {200: Done}, (400, 401, 403, 409, 413, 429), True),
        ("POST", "/api/withdraw", doors.withdraw, Withdrawal, {200: Done}, (400, 404, 413, 429), False),
    )
    for method, path, route, body, answers, statuses, bearer in table:
        extra = described(body, answers, bearer=bearer, statuses=statuses)
        router.add_api_route(path, route, methods=[method], response_model=None, openapi_extra=extra)
    router.add_api_route("/image/{signed}", doors.picture, methods=["GET"], response_model=None)
    router.add_api_route("/hook/prolific", doors.hook, methods=["POST"], response_model=None, include_in_schema=False)
    return router


class Doors:
    """The routes of one campaign.

    Args:
        desk: of the campaign.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def arrive(self, request: Request) -> Response:
        """Exchange the address's parameters for a session."""
        desk = self._desk
        desk.wait(desk.paces.arrivals.take(address(request)))
        said = await _body(request, Arrival)
        return answer(200, await threaded(partial(arriving.arrive, desk, said.parameters)))

    async def consent(self, request: Request) -> Response:
        """The text to agree to."""
        self._paced(request)
        return answer(200, self._desk.campaign.consent)

    async def agree(self, request: Request) -> Response:
        """Agree, or not."""
        session = self._paced(request)
        said = await _body(request, Agreement)
        return answer(200, await threaded(partial(arriving.agree, self._desk, session, said)))

    async def page(self, request: Request) -> Response:
        """The page to work on now."""
        session = self._paced(request)
        return answer(200, await threaded(partial(paging.next_page, self._desk, session)))

    async def ahead(self, request: Request) -> Response:
        """What the browser may load already."""
        session = self._paced(request)
        return answer(200, await threaded(partial(paging.ahead, self._desk, session)))

    async def chunk(self, request: Request) -> Response:
        """Keep a chunk; the answer comes after it is on the disk."""
        desk, began = self._desk, time.perf_counter()
        session = desk.holder(request)
        came, encoding = await request.body(), request.headers.get("content-encoding", "")
        body = unpacked(came, encoding)
        desk.wait(desk.paces.bytes.take(session, len(body)))
        head = check_entries(body)
        desk.wait(desk.paces.samples.take(session, head.n))
        fresh = await desk.intake.put(Sent(session, head, body, desk.clock(), came if encoding else b""))
        desk.metrics.acknowledging.observe(time.perf_counter() - began)
        (desk.metrics.fresh if fresh else desk.metrics.again).inc()
        if fresh:
            desk.metrics.samples.inc(head.n)
            desk.metrics.bytes.inc(len(body))
        return answer(200, Acknowledged(head.tab, head.seq, again=not fresh))

    async def submit(self, request: Request) -> Response:
        """Take a page's answer."""
        session = self._paced(request)
        said = await _body(request, Submit)
        result = await threaded(partial(submitting.submit, self._desk, session, said))
        return answer(409 if isinstance(result, Gaps) else 200, result)

    async def give_back(self, request: Request) -> Response:
        """Give the assignment back."""
        session = self._paced(request)
        return answer(200, await threaded(partial(ending.give_back, self._desk, session)))

    async def finish(self, request: Request) -> Response:
        """Go home."""
        session = self._paced(request)
        return answer(200, await threaded(partial(ending.finish, self._desk, session)))

    async def record(self, request: Request) -> Response:
        """What is kept of the person who asks."""
        session = self._paced(request)
        return answer(200, await threaded(partial(recorded.record, self._desk, session)))

    async def recorded_page(self, request: Request, page: str) -> Response:
        """A page of hers."""
        session = self._paced(request)
        return answer(200, await threaded(partial(recorded.recorded_page, self._desk, session, page)))

    async def recorded_chunks(self, request: Request, page: str) -> Response:
        """What was recorded on it."""
        session = self._paced(request)
        packed = await threaded(partial(recorded.recorded_chunks, self._desk, session, page))
        return Response(packed, headers={"Cache-Control": "no-store"}, media_type="application/octet-stream")

    async def publish(self, request: Request) -> Response:
        """Whether it may be published."""
        session = self._paced(request)
        said = await _body(request, Publication)
        await threaded(partial(recorded.decide, self._desk, session, publish=said.publish))
        return answer(200, Done())

    async def withdraw(self, request: Request) -> Response:
        """Delete what the holder of a token did."""
        desk, where = self._desk, address(request)
        desk.wait(desk.paces.guesses.empty(where))
        said = await _body(request, Withdrawal)
        try:
            await threaded(partial(ending.withdraw, desk, said.token))
        except Trouble:
            desk.paces.guesses.take(where)
            raise
        return answer(200, Done())

    async def picture(self, signed: str) -> Response:
        """A picture."""
        return await threaded(partial(media.picture, self._desk, signed))

    async def hook(self, request: Request) -> Response:
        """Prolific tells that somebody is not coming back: her place is free again."""
        desk = self._desk
        if desk.hook is None:
            raise Trouble(404)
        try:
            event = desk.hook.receive(request.headers, await request.body(), now=desk.clock())
        except NotAdmitted as forged:
            desk.wait(desk.paces.guesses.take(address(request)))
            raise Trouble(403) from forged
        if event is not None and event.gone:
            await threaded(partial(_free, desk, event.gone))
        return answer(200, Done())

    def _paced(self, request: Request) -> str:
        """The session that a request is from, if it is not too fast."""
        session = self._desk.holder(request)
        self._desk.wait(self._desk.paces.requests.take(session))
        return session


async def _body(request: Request, kind: type[B]) -> B:
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as broken:
        raise Trouble(400) from broken


def _free(desk: Desk, submission: str) -> None:
    """Give back what the person of a submission has under way."""
    mine = [one.session for one in desk.vault.identities() if one.fields.get("SESSION_ID") == submission]
    now = desk.clock()
    for session in mine:
        with contextlib.suppress(Refused):  # she never began, or has withdrawn
            desk.write(lambda c, session=session: leases.give_back(c, session, now=now))  # type: ignore[misc]
