"""A link that is passed on by hand: people take a code home."""

from collections.abc import Mapping

import msgspec
from joserfc.jwk import KeySet

from sidelight.collect.panel.visit import Home, Identity


class Link(msgspec.Struct, frozen=True, tag_field="name", tag="link", forbid_unknown_fields=True):
    """Whoever has the address may come. Nobody is told apart, and nothing of the address is kept."""

    def arrive(self, parameters: Mapping[str, str], *, keys: KeySet | None, now: float) -> Identity:  # noqa: ARG002
        """Every arrival is somebody new.

        >>> Link().arrive({"name": "Ada"}, keys=None, now=0.0)
        Identity(person='', fields={}, verified=False, preview=False)
        """
        return Identity("", {}, verified=False)

    def home(self, fields: Mapping[str, str], *, code: str) -> Home:  # noqa: ARG002
        """The code, to be handed to the requester."""
        return Home(code)

    def form_hosts(self) -> tuple[str, ...]:
        """Hosts that a completion may be posted to: none."""
        return ()
