"""The command `sidelight collect withdraw DIR TOKEN`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import console
from sidelight.collect.campaign.folder import open_campaign
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.refusals import Refused
from sidelight.collect.store.withdrawal import withdraw
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.records.errors import UserFault


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """Delete what a person did, by the token that she was given; the service may be running.

    Her events and answers are removed from the store, and later exports are without them; the pay is not touched.
    """

    folder: tyro.conf.Positional[Path]
    """Folder of the campaign."""
    token: tyro.conf.Positional[str]
    """As the person was shown it; case and dashes do not count."""


def main(argv: Sequence[str]) -> int:
    """Withdraw; print how much was removed."""
    asked = tyro.cli(Withdraw, args=argv, prog="sidelight collect withdraw")
    campaign = open_campaign(asked.folder)
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        token = hash_token(asked.token)
        removed = store.write(lambda c: withdraw(c, token, now=wall_clock())).result()
        store.scrub()
    except Refused as refused:
        raise UserFault(
            "the token",
            seen="nobody of this campaign was given it",
            allowed="a withdrawal token as it was shown",
            remedy="Compare it with what the person wrote",
        ) from refused
    finally:
        store.close()
    console.print(f"removed: {removed.answers:,} answers, {removed.chunks:,} chunks with {removed.samples:,} samples")
    console.print("Exports made before still hold them: make them anew, or tell whoever has them.")
    return 0
