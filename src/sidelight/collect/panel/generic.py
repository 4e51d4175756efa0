"""Any panel that puts ids into the address and takes a redirect, a form or a code back.

The defaults are the parameters of MTurk-style links (`workerId`, `assignmentId`, `hitId`, `turkSubmitTo`), whose names
live on in published data and in panels that copied them. Amazon closed MTurk itself on 2026-09-30.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec
from joserfc.jwk import KeySet

from sidelight.collect.panel.visit import Home, Identity, NotAdmitted, https_host, required, with_query
from sidelight.records.errors import UserFault

NOT_ACCEPTED = "ASSIGNMENT_ID_NOT_AVAILABLE"
"""What an MTurk-style link says in place of a visit's id while somebody only looks at the task."""


class Generic(msgspec.Struct, frozen=True, tag_field="name", tag="generic", forbid_unknown_fields=True):
    """Ids in the address, by configurable names.

    Attributes:
        person: parameter that names the person.
        visit: parameter that names this person's visit ("" if the panel has none).
        others: further parameters to keep and to give back.
        completion: how the person is sent home.
        address: https address of the redirect or form. "" takes it from the parameter `address_from`.
        address_from: parameter that holds the address's beginning; it must lie on one of the `hosts`.
        path: appended to an address that came as a parameter.
        hosts: that such an address may lie on.
        code_as: name under which the completion code is sent along; "" sends none.
    """

    person: str = "workerId"
    visit: str = "assignmentId"
    others: tuple[str, ...] = ("hitId",)
    completion: Literal["code", "redirect", "form"] = "code"
    address: str = ""
    address_from: str = "turkSubmitTo"
    path: str = "/mturk/externalSubmit"
    hosts: tuple[str, ...] = ()
    code_as: str = "code"

    def __post_init__(self) -> None:
        """Refuse what could send nobody home."""
        if self.address and not https_host(self.address):
            raise _fault("address", self.address, "an https address", "Write it with https://, without a user name")
        if self.completion != "code" and not self.address and not self.hosts:
            remedy = "Set the panel's address, or the hosts that the address in the link may lie on"
            raise _fault("completion", self.completion, "'code' as long as there is no address and no host", remedy)

    def arrive(self, parameters: Mapping[str, str], *, keys: KeySet | None, now: float) -> Identity:  # noqa: ARG002
        """Take the ids as they are: nobody signed them.

        Raises:
            NotAdmitted: an id is absent, or the address to send people home to lies elsewhere than allowed.
        """
        preview = bool(self.visit) and parameters.get(self.visit) == NOT_ACCEPTED
        if preview:
            return Identity("", {}, verified=False, preview=True)
        names = [name for name in (self.person, self.visit) if name]
        fields = {name: required(parameters, name, panel="the panel") for name in names}
        fields |= {name: required(parameters, name, panel="the panel") for name in self.others if name in parameters}
        if self.completion != "code" and not self.address:
            fields[self.address_from] = self._allowed(parameters.get(self.address_from, ""))
        return Identity(fields[self.person], fields, verified=False)

    def home(self, fields: Mapping[str, str], *, code: str) -> Home:
        """The code; or the address with the ids and the code, to go to or to post to."""
        if self.completion == "code":
            return Home(code)
        address = self.address or fields[self.address_from].rstrip("/") + self.path
        back = {name: fields[name] for name in (self.person, self.visit, *self.others) if name in fields}
        back |= {self.code_as: code} if self.code_as else {}
        if self.completion == "redirect":
            return Home(code, redirect=with_query(address, back))
        return Home(code, form=(address, back))

    def form_hosts(self) -> tuple[str, ...]:
        """Hosts that a completion may be posted to."""
        if self.completion != "form":
            return ()
        return (https_host(self.address),) if self.address else self.hosts

    def _allowed(self, address: str) -> str:
        if https_host(address) not in self.hosts or not https_host(address):
            raise NotAdmitted(
                f"the address's parameter {self.address_from}",
                seen="it leads elsewhere, or is absent",
                allowed=", ".join(self.hosts),
                remedy="Open the link from where you found this task",
            )
        return address


def _fault(name: str, value: str, allowed: str, remedy: str) -> UserFault:
    return UserFault(f"panel 'generic', {name}", seen=repr(value), allowed=allowed, remedy=remedy)
