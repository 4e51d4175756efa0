"""Where a campaign's service can be reached, written down in its folder for as long as it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sidelight.records.errors import UserFault

FILE = "running.url"


@contextmanager
def running_at(folder: Path, url: str) -> Iterator[None]:
    """Let others on this machine find the service while the block lasts.

    Args:
        folder: of the campaign.
        url: that annotators type.
    """
    file, half = folder / FILE, folder / f"{FILE}.new"
    half.write_text(url)
    half.replace(file)  # whoever waits for the address finds it whole
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def running_address(folder: Path) -> str:
    """The address of the campaign's service.

    A service that was killed leaves its address behind; who asks for an answer there notices.

    Raises:
        UserFault: no service has been started here.
    """
    file = folder / FILE
    if not file.is_file():
        raise UserFault(
            f"campaign {folder}",
            seen="no service runs on this machine",
            allowed="a running service, or its address",
            remedy=f"Start it with sidelight collect serve {folder}, or give --url",
        )
    return file.read_text().strip()
