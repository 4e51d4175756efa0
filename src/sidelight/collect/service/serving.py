"""Running the service: an address to listen at, one process or several, and an orderly end."""

import contextlib
import errno
import gc
import signal
import socket
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from sidelight.collect.service.patience import Patient
from sidelight.records.errors import UserFault

BACKLOG = 2048
GARBAGE = 10_000
"""New objects after which garbage is looked for; hundreds of requests are under way at once."""

END_S = 15
"""How long requests under way are waited for when the service ends; an annotator's page sends the rest later."""


def static_folder() -> Path:
    """The built front end, as it lies in the package.

    Raises:
        UserFault: it was not built.
    """
    folder = Path(str(files("sidelight.collect") / "static"))
    if not (folder / "index.html").is_file():
        raise UserFault(
            f"front end {folder}",
            seen="it was not built",
            allowed="the files that wheels of sidelight bring",
            remedy="Install a wheel, or type make in a checkout, which builds it",
        )
    return folder


def listen(host: str, port: int) -> socket.socket:
    """Listen at an address; port 0 takes a free one.

    Raises:
        UserFault: the address is in use, or not this machine's.
    """
    if not 0 <= port < 1 << 16:
        raise UserFault("--port", seen=str(port), allowed="0 to 65535", remedy="Mend --port; 0 takes a free one")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        taken = fault.errno == errno.EADDRINUSE
        raise UserFault(
            f"address {host}:{port}",
            seen="another program listens there" if taken else str(fault),
            allowed="an address of this machine with a free port",
            remedy="Choose another --port" if taken else "Mend --host and --port",
        ) from fault


def addresses(listening: socket.socket) -> tuple[str, str]:
    """What annotators and requesters type, for whoever sits at this machine."""
    host, port = listening.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    shown = f"[{here}]" if ":" in here else here
    return f"http://{shown}:{port}/", f"http://{shown}:{port}/admin"


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until the process is told to end; requests under way are finished."""
    _allow_many_connections()
    _keep_what_is_there()
    with _ended_by_signals(), listening:
        uvicorn.Server(uvicorn.Config(app, **options())).run(sockets=[listening])


def run_workers(factory: str, host: str, port: int, *, workers: int) -> None:
    """Serve from several processes, each with an app of its own, until told to end.

    Args:
        factory: module and function that makes an app, as uvicorn takes it.
        host: to listen at.
        port: to listen at.
        workers: how many processes.
    """
    _allow_many_connections()
    uvicorn.run(factory, factory=True, host=host, port=port, workers=workers, **options())


def options() -> dict[str, Any]:
    """Of uvicorn: nothing about people in its log, and no waiting for ever."""
    return {
        "http": Patient,
        "ws": "none",
        "lifespan": "on",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "backlog": BACKLOG,
        "timeout_keep_alive": 65,
        "timeout_graceful_shutdown": END_S,
    }


def _keep_what_is_there() -> None:
    """Let the collector of garbage pass over what was loaded so far, and come less often.

    Modules and routes are a hundred thousand objects that stay for ever; looking through them took a tenth of the
    service's time, and held up all requests while it lasted.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 10, 10)


def _allow_many_connections() -> None:
    """Raise the number of files that the process may open to what the system allows: browsers hold several each."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (there is none on Windows)

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let an orderly end be one: after uvicorn has stopped, a signal leads out of the block, not out of the process."""

    def leave(_: int, __: FrameType | None) -> None:
        sys.exit(0)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with contextlib.suppress(SystemExit):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
