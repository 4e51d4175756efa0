"""What a viewer may see: everything but raw traces and panel ids."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Annotated

import msgspec
from fastapi import HTTPException, Path, Query, Request, Response

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.campaign.forecast import forecast, warnings
from sidelight.collect.campaign.images import NoPicture, sniff
from sidelight.collect.requester.annotators import list_annotators
from sidelight.collect.requester.consents import consents
from sidelight.collect.requester.dashboard import Dashboard
from sidelight.collect.requester.gate import Gate, refusal
from sidelight.collect.requester.items import list_items, list_pages
from sidelight.collect.requester.listing import BadKey
from sidelight.collect.requester.page_detail import page_detail
from sidelight.collect.requester.password import Role
from sidelight.collect.requester.query import ItemsQuery, ListQuery, PagesQuery
from sidelight.collect.requester.screener import Screener
from sidelight.collect.requester.view import Cost, CostLine, Me, Preview
from sidelight.collect.service.arriving import is_open
from sidelight.collect.service.headers import PICTURE
from sidelight.collect.service.tokens import Tokens
from sidelight.collect.store import pictures
from sidelight.collect.store.engine import Store

PREVIEW_S = 7 * 24 * 3600.0
"""How long a preview link is good: long enough to send it to colleagues and the ethics board."""

Id = Annotated[str, Path(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class Looking:
    """Answers to those who look.

    Args:
        campaign: settings, secrets and texts.
        store: of the campaign.
        gate: knows who asks.
        clock: seconds since 1970.
    """

    def __init__(self, campaign: Campaign, store: Store, gate: Gate, *, clock: Callable[[], float]) -> None:
        pay = campaign.settings.pay
        self._campaign, self._store, self._gate, self._clock = campaign, store, gate, clock
        self._dashboard = Dashboard(store, pay=pay.per_hit, currency=pay.currency, clock=clock)
        self._screener = Screener(campaign.settings)
        self._tokens = Tokens(campaign.secrets.signing_key())

    def me(self, request: Request) -> Response:
        """Who asks."""
        return answer(self.who(self._gate.viewer(request).role))

    def who(self, role: Role) -> Me:
        """What somebody who came in sees first."""
        settings = self._campaign.settings
        with self._store.read() as c:
            return Me(role, settings.title, settings.task, is_open(c))

    def overview(self) -> Response:
        """How the campaign goes."""
        return answer(self._dashboard.overview())

    def annotators(self, asked: Annotated[ListQuery, Query()]) -> Response:
        """Who labels."""
        with self._store.read() as c, known_place():
            return answer(list_annotators(c, after=asked.after))

    def screening(self, session: Id) -> Response:
        """What stands out of somebody's recordings."""
        with self._store.read() as c:
            return answer(self._screener.screen(c, session))

    def items(self, asked: Annotated[ItemsQuery, Query()]) -> Response:
        """The pictures."""
        with self._store.read() as c, known_place():
            return answer(list_items(c, **asked.model_dump()))

    def pages(self, asked: Annotated[PagesQuery, Query()]) -> Response:
        """The pages."""
        with self._store.read() as c, known_place():
            return answer(list_pages(c, **asked.model_dump()))

    def page(self, page: Id) -> Response:
        """One page in detail."""
        with self._store.read() as c:
            found = page_detail(c, page, self._campaign.settings)
        if found is None:
            raise nothing("page")
        return answer(found)

    def picture(self, picture: Id) -> Response:
        """A picture: what it is is looked up in the file, whatever its name says."""
        with self._store.read() as c:
            row = pictures.get(c, [picture]).get(picture)
        try:
            if row is None:
                raise nothing("picture")
            file = self._campaign.file_of(row)
            kind, body = sniff(file).type, file.read_bytes()
        except (NoPicture, OSError):
            raise nothing("picture") from None
        headers = {"Content-Security-Policy": PICTURE.decode(), "Cache-Control": "private, max-age=3600"}
        return Response(body, headers=headers, media_type=kind)

    def consent(self) -> Response:
        """What people agreed to."""
        with self._store.read() as c:
            return answer(consents(c, irb=self._campaign.settings.irb, current=self._campaign.consent.version))

    def cost(self) -> Response:
        """What the campaign will cost, and what was earned so far."""
        size = self._dashboard.size()
        settings = self._campaign.settings
        figures = forecast(settings, pictures=size.pictures, pages=size.pages, hits=size.hits)
        lines = tuple(CostLine(name, said) for name, said in figures.lines())
        return answer(Cost(lines, tuple(warnings(settings, figures)), self._dashboard.overview().pay))

    def preview(self) -> Response:
        """A link to look at the task: nothing that is done there is recorded."""
        until = self._clock() + PREVIEW_S
        return answer(Preview(f"/?preview={self._tokens.preview(until=until)}", until))


@contextlib.contextmanager
def known_place() -> Iterator[None]:
    """Turn a place that is in no list into a refusal."""
    try:
        yield
    except BadKey:
        raise refusal(400, "This list has no such place.", "Begin at its start.") from None


def answer(body: object) -> Response:
    """A body as JSON; no cache keeps it."""
    return Response(msgspec.json.encode(body), headers={"Cache-Control": "no-store"}, media_type="application/json")


def nothing(kind: str) -> HTTPException:
    """The refusal where there is no such thing."""
    return refusal(404, f"There is no such {kind}.", "It may have been withdrawn. Go back to the list.")
