"""A campaign's service in a process of its own, for as long as somebody here needs it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sidelight.collect.service.running import running_address
from sidelight.records.errors import UserFault

START_S = 60
"""How long a service may take to answer for the first time."""


@contextmanager
def serving(campaign: Path, log: Path) -> Iterator[str]:
    """Run `sidelight collect serve` as long as the block lasts.

    Args:
        campaign: its folder.
        log: file for what the service prints, the password of the first start among it.

    Yields:
        The address that annotators type.

    Raises:
        UserFault: if the service does not start.
    """
    words = [sys.executable, "-m", "sidelight", "collect", "serve", str(campaign), "--port", "0"]
    with log.open("wb") as written, subprocess.Popen(words, stdout=written, stderr=subprocess.STDOUT) as service:  # noqa: S603
        try:
            yield _address(campaign, service, log)
        finally:
            service.terminate()


def _address(campaign: Path, service: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and service.poll() is None:
        with suppress(UserFault):
            return running_address(campaign)
        time.sleep(0.1)
    raise UserFault(
        f"service of {campaign}",
        seen=f"it did not start: {log.read_text(errors='replace').strip()[-500:]}",
        allowed=f"an answer within {START_S} s",
        remedy=f"Look into {log}",
    )
