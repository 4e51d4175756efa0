"""The whole service: annotators' routes, the requester's, the front end's files, and the guard before all of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from sidelight import __version__
from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.requester.admin import admin_routes
from sidelight.collect.requester.gate import Gate
from sidelight.collect.requester.keys import Keys
from sidelight.collect.service.annotator import Doors, annotator_routes
from sidelight.collect.service.assets import FOR_EVER, asset, read_assets
from sidelight.collect.service.desk import Desk, make_desk, threaded
from sidelight.collect.service.guard import Express, Guard
from sidelight.collect.service.headers import page_policy
from sidelight.collect.service.housekeeping import keep_house
from sidelight.collect.service.metrics import from_this_machine
from sidelight.collect.service.problem import answer, handler
from sidelight.collect.service.schema import Done, openapi
from sidelight.collect.store.engine import Store

PAGES = {"/": "index.html", "/withdraw": "index.html", "/admin": "admin.html", "/admin/": "admin.html"}
"""Address -> file of the front end."""


def create_app(campaign: Campaign, store: Store, *, clock: Callable[[], float], static: Path) -> Express:
    """Make the service.

    Args:
        campaign: that it serves.
        store: of the campaign, open; whoever opened it closes it after the service has stopped.
        clock: seconds since 1970.
        static: folder of the built front end.

    Raises:
        UserFault: the campaign's panel cannot be used with its options.
    """
    desk = make_desk(campaign, store, clock=clock)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house = asyncio.create_task(keep_house(desk))
        yield
        house.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await house
        desk.vault.close()

    app = FastAPI(
        title="sidelight collect",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.openapi = partial(openapi, app)  # type: ignore[method-assign]
    app.state.desk = desk
    doors = Doors(desk)
    app.include_router(annotator_routes(doors))
    app.include_router(admin_routes(campaign, store, clock=clock), prefix="/admin", include_in_schema=False)
    _serve_front_end(app, desk, static)
    _serve_figures(app, desk)
    for kind in (HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handler)
    app.add_middleware(Guard)
    return Express(app, path="/api/chunk", route=doors.chunk)


def _serve_front_end(app: FastAPI, desk: Desk, static: Path) -> None:
    """Pages and the files that they load; all were read at the start, nothing else can be asked for."""
    files = read_assets(static)
    policies = {
        "index.html": page_policy(ancestors=desk.campaign.settings.frame_ancestors, form_hosts=desk.panel.form_hosts()),
        "admin.html": page_policy(ancestors=(), form_hosts=()),
    }

    async def page(request: Request) -> Response:
        name = PAGES[request.url.path]
        accepted = request.headers.get("accept-encoding", "")
        return asset(files, name).response(accepted=accepted, cache="no-cache", policy=policies[name])

    async def file(request: Request, name: str) -> Response:
        accepted = request.headers.get("accept-encoding", "")
        return asset(files, f"assets/{name}").response(accepted=accepted, cache=FOR_EVER)

    for path in PAGES:
        app.add_api_route(path, page, methods=["GET"], include_in_schema=False)
    app.add_api_route("/assets/{name:path}", file, methods=["GET"], include_in_schema=False)


def _serve_figures(app: FastAPI, desk: Desk) -> None:
    """Whether the service lives, for all; and what it counted, for this machine itself and for who is logged in.

    The login's cookie is sent to addresses below /admin only.
    """
    gate = Gate(desk.campaign.secrets.signing_key(), Keys(desk.store, clock=desk.clock), clock=desk.clock)

    async def health() -> Response:
        return answer(200, Done())

    async def figures(request: Request) -> Response:
        if not from_this_machine(request):
            await threaded(partial(gate.viewer, request))
        return Response(desk.metrics.text(), media_type="text/plain; version=0.0.4")

    app.add_api_route("/healthz", health, methods=["GET"], include_in_schema=False)
    for path in ("/metrics", "/admin/metrics"):
        app.add_api_route(path, figures, methods=["GET"], include_in_schema=False)
