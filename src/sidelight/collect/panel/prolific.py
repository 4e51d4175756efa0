"""Prolific: ids in the address, signed if the study's address is; a completion code that Prolific knows.

Prolific fixes the completion code of a study before anybody takes part, so that it is the same for all and no proof of
work. The proof is ours: a session that finished. Before paying, compare Prolific's submissions with the payment table.
"""

from collections.abc import Mapping

import msgspec
from joserfc.jwk import KeySet

from sidelight.collect.panel.prolific_token import signed_ids
from sidelight.collect.panel.visit import Home, Identity, NotAdmitted, required, with_query
from sidelight.records.errors import UserFault

PERSON, STUDY, SUBMISSION = "PROLIFIC_PID", "STUDY_ID", "SESSION_ID"
"""Prolific's names in an address: of the person, the study, and the person's submission to it."""

TOKEN = "prolific_token"  # noqa: S105
"""Parameter in which Prolific puts its signed token, if the study's address is a secured one."""

COMPLETE = "https://app.prolific.com/submissions/complete"


class Prolific(msgspec.Struct, frozen=True, tag_field="name", tag="prolific", forbid_unknown_fields=True):
    """A study on Prolific.

    Attributes:
        code: the study's completion code, as it was set at Prolific.
        study: id of the study; arrivals from another one are refused. "" takes any.
        audience: host of this service as the study's address has it; signed tokens must be meant for it.
        signed: refuse arrivals without a signed token. Otherwise they are taken and marked as not verified.
    """

    code: str
    study: str = ""
    audience: str = ""
    signed: bool = False

    def __post_init__(self) -> None:
        """Refuse what could send nobody home, or check a token against nothing."""
        if not self.code.isalnum():
            remedy = "Copy the completion code from the study's page at Prolific"
            raise UserFault("panel 'prolific', code", seen=repr(self.code), allowed="letters and digits", remedy=remedy)
        if self.signed and not self.audience:
            raise UserFault(
                "panel 'prolific', audience",
                seen="'' although signed tokens are asked for",
                allowed="this service's host, such as label.example.org",
                remedy="Name the host that stands in the study's address",
            )

    def arrive(self, parameters: Mapping[str, str], *, keys: KeySet | None, now: float) -> Identity:
        """Take the three ids; if a token came with them it must prove them.

        Args:
            parameters: of the address.
            keys: Prolific's public keys; None where they are not known, which no token then passes.
            now: seconds since 1970.

        Raises:
            NotAdmitted: an id is absent, the token proves something else, or the study is another one.
        """
        fields = {name: required(parameters, name, panel="Prolific") for name in (PERSON, STUDY, SUBMISSION)}
        token = parameters.get(TOKEN, "")
        verified = bool(token) and self._proved(token, fields, keys=keys, now=now)
        if (self.signed or token) and not verified:
            raise NotAdmitted(
                "the address's signed token",
                seen="it does not prove where you come from" if token else "it is absent",
                allowed="a token that Prolific signed for this study and visit, not older than it allows",
                remedy="Open the study from Prolific again",
            )
        if self.study and fields[STUDY] != self.study:
            raise NotAdmitted(
                f"the address's parameter {STUDY}",
                seen="it names another study",
                allowed="the study that this task belongs to",
                remedy="Open the study from Prolific again",
            )
        return Identity(fields[PERSON], fields, verified=verified)

    def home(self, fields: Mapping[str, str], *, code: str) -> Home:  # noqa: ARG002
        """Prolific's own code, and the address that takes it."""
        return Home(self.code, redirect=with_query(COMPLETE, {"cc": self.code}))

    def form_hosts(self) -> tuple[str, ...]:
        """Hosts that a completion may be posted to: none."""
        return ()

    def _proved(self, token: str, fields: Mapping[str, str], *, keys: KeySet | None, now: float) -> bool:
        if keys is None or not self.audience:
            return False
        said = signed_ids(token, keys, audience=self.audience, now=now)
        return said is not None and all(said.get(name) == value for name, value in fields.items())
