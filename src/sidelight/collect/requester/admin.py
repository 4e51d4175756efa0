"""The requester's routes: one table says what there is and who may have it."""

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.requester.doing import Doing
from sidelight.collect.requester.gate import Gate
from sidelight.collect.requester.keys import Keys
from sidelight.collect.requester.looking import Looking, answer
from sidelight.collect.requester.password import Role
from sidelight.collect.requester.query import Password, body
from sidelight.collect.requester.view import Done
from sidelight.collect.store.engine import Store
from sidelight.collect.store.vault import Vault


class Route(msgspec.Struct, frozen=True):
    """A route.

    Attributes:
        method: GET or POST.
        path: below /admin.
        to: who may have it at least.
        name: of the method that answers, of `Door`, `Looking` or `Doing`.
    """

    method: Literal["GET", "POST"]
    path: str
    to: Role | Literal["anybody"]
    name: str


ROUTES: tuple[Route, ...] = (
    Route("POST", "/api/login", "anybody", "login"),
    Route("POST", "/api/logout", "viewer", "logout"),
    Route("GET", "/api/me", "viewer", "me"),
    Route("GET", "/api/overview", "viewer", "overview"),
    Route("GET", "/api/annotators", "viewer", "annotators"),
    Route("GET", "/api/annotators/{session}/screening", "viewer", "screening"),
    Route("GET", "/api/items", "viewer", "items"),
    Route("GET", "/api/pages", "viewer", "pages"),
    Route("GET", "/api/pages/{page}", "viewer", "page"),
    Route("GET", "/api/pictures/{picture}", "viewer", "picture"),
    Route("GET", "/api/consent", "viewer", "consent"),
    Route("GET", "/api/cost", "viewer", "cost"),
    Route("POST", "/api/preview", "viewer", "preview"),
    Route("GET", "/api/pages/{page}/chunks", "admin", "chunks"),
    Route("GET", "/api/payments.csv", "admin", "payments"),
    Route("POST", "/api/annotators/{session}/exclude", "admin", "exclude"),
    Route("POST", "/api/annotators/{session}/restore", "admin", "restore"),
    Route("POST", "/api/campaign", "admin", "campaign"),
    Route("POST", "/api/passwords/{role}", "admin", "password"),
)
"""All of them. A replay is drawn from raw traces: whoever sees it could keep them, so it is for admins."""


class Door:
    """Answers to those who come and go."""

    def __init__(self, gate: Gate, looking: Looking) -> None:
        self._gate, self._looking = gate, looking

    def login(self, request: Request, said: Annotated[Password, Depends(body(Password))]) -> Response:
        """Come in."""
        role = self._gate.enter(said.password, request, cookie := Response())
        welcome = answer(self._looking.who(role))
        welcome.raw_headers += [pair for pair in cookie.raw_headers if pair[0] == b"set-cookie"]
        return welcome

    def logout(self, request: Request) -> Response:
        """Go."""
        bye = answer(Done())
        self._gate.leave(self._gate.viewer(request), request, bye)
        return bye


def admin_routes(campaign: Campaign, store: Store, *, clock: Callable[[], float]) -> APIRouter:
    """The routes, to be mounted under /admin.

    They are not part of the annotators' API description. Bodies are those of `view`; errors are `Problem`s, raised as
    `HTTPException` with its fields as detail.

    Args:
        campaign: settings, secrets and texts.
        store: of the campaign.
        clock: seconds since 1970.
    """
    key = campaign.secrets.signing_key()
    keys = Keys(store, clock=clock)
    gate = Gate(key, keys, clock=clock)
    looking = Looking(campaign, store, gate, clock=clock)
    vault = lambda: Vault(campaign.vault_place, campaign.secrets.vault_key())  # noqa: E731
    answering = (Door(gate, looking), looking, Doing(campaign, store, keys, vault=vault))
    lets_in = {"anybody": [], "viewer": [Depends(gate.viewer)], "admin": [Depends(gate.admin)]}
    router = APIRouter(include_in_schema=False, dependencies=[Depends(gate.same_site)])
    for route in ROUTES:
        does = next(getattr(one, route.name) for one in answering if hasattr(one, route.name))
        router.add_api_route(
            route.path, does, methods=[route.method], dependencies=lets_in[route.to], response_model=None
        )
    return router
