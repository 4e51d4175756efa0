"""The panels there are. A new one is a module, a line here, and a row in the contract tests."""

from collections.abc import Mapping
from typing import Protocol

import msgspec
from joserfc.jwk import KeySet

from sidelight.collect.panel.generic import Generic
from sidelight.collect.panel.link import Link
from sidelight.collect.panel.prolific import Prolific
from sidelight.collect.panel.visit import Home, Identity
from sidelight.records.errors import UserFault, unknown_name


class Panel(Protocol):
    """What an adapter does. It knows nothing of the store, the network or the clock."""

    def arrive(self, parameters: Mapping[str, str], *, keys: KeySet | None, now: float) -> Identity:
        """Who an address's parameters say has arrived; `NotAdmitted` if nobody that this panel sends."""

    def home(self, fields: Mapping[str, str], *, code: str) -> Home:
        """How a person who finished goes back; `fields` are those of the arrival, `code` is the service's own."""

    def form_hosts(self) -> tuple[str, ...]:
        """Hosts that a completion may be posted to."""


PANELS: dict[str, type[Link | Prolific | Generic]] = {
    "link": Link,
    "prolific": Prolific,
    "generic": Generic,
}
"""Name in a campaign's settings -> adapter."""


def panel_of(name: str, options: Mapping[str, str]) -> Panel:
    """The adapter that a campaign's settings name.

    Args:
        name: of the panel.
        options: its fields as words; lists are parted by commas.

    Raises:
        UserFault: there is no such panel, or the options are not the panel's.

    >>> panel_of("generic", {"completion": "form", "hosts": "a.example, b.example"}).form_hosts()
    ('a.example', 'b.example')
    """
    if name not in PANELS:
        raise unknown_name("panel", name, PANELS)
    lists = {field.name for field in msgspec.structs.fields(PANELS[name]) if field.type == tuple[str, ...]}
    said = {key: _words(value) if key in lists else value for key, value in options.items()}
    try:
        return msgspec.convert({**said, "name": name}, PANELS[name], strict=False)
    except msgspec.ValidationError as broken:
        fields = ", ".join(PANELS[name].__struct_fields__) or "no options"
        remedy = "Mend the panel's options in campaign.json"
        raise UserFault(f"panel {name!r}", seen=str(broken), allowed=fields, remedy=remedy) from broken


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]
