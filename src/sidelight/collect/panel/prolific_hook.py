"""Webhooks of Prolific: signed, timed, and possibly sent twice.

After Prolific's public documentation ("Webhooks: Verifying", "Idempotency and the X-Event-ID header"): the header
`X-Prolific-Request-Signature` is the base64 of HMAC-SHA256(secret, timestamp + body), `X-Prolific-Request-Timestamp`
says when it was sent, and `X-Event-ID` names the event, so that one that comes twice is done once.
"""

import base64
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping

import msgspec

from sidelight.collect.panel.visit import NotAdmitted

WINDOW_S = 300.0
"""How old, or how far ahead, a hook's timestamp may be."""

REMEMBERED = 10_000
"""Events whose ids are remembered. Within the window of time there are never so many."""

GONE = frozenset({"RETURNED", "TIMED-OUT", "REJECTED"})
"""Statuses of a submission whose person is not coming back: its lease is free again."""


class Event(msgspec.Struct, frozen=True):
    """What Prolific tells; fields that we do not use are left out.

    Attributes:
        event_type: such as "submission.status.change".
        resource_id: of the submission.
        status: that it has now.
    """

    event_type: str = ""
    resource_id: str = ""
    status: str = ""

    @property
    def gone(self) -> str:
        """Id of the submission whose person will not go on; "" if the event says nothing of the kind."""
        return self.resource_id if self.event_type == "submission.status.change" and self.status in GONE else ""


class Hook:
    """Takes webhooks of one study.

    Args:
        secret: shared with Prolific.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def receive(self, headers: Mapping[str, str], body: bytes, *, now: float) -> Event | None:
        """Check a webhook.

        Args:
            headers: of the request, names in any case that the mapping finds.
            body: exactly as it came.
            now: seconds since 1970.

        Returns:
            The event; None if it was here before.

        Raises:
            NotAdmitted: it is forged, stale, or no event.
        """
        sent, event = headers.get("x-prolific-request-timestamp", ""), headers.get("x-event-id", "")
        signature = headers.get("x-prolific-request-signature", "")
        if not self._secret or not hmac.compare_digest(sign(self._secret, sent, body).encode(), signature.encode()):
            raise _refused("its signature is not the secret's")
        if not sent.isascii() or not sent.isdigit() or abs(now - _seconds(sent)) > WINDOW_S:
            raise _refused("it is too old, or from the future")
        try:
            said = msgspec.json.decode(body, type=Event)
        except msgspec.MsgspecError as broken:
            raise _refused("its body is no event") from broken
        name = event or signature
        if name in self._seen:
            return None
        self._seen[name] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return said


def sign(secret: bytes, sent: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256(secret, timestamp + body)."""
    return base64.b64encode(hmac.new(secret, sent.encode() + body, hashlib.sha256).digest()).decode()


def _seconds(sent: str) -> float:
    """A time stamp in seconds; one in milliseconds is read as such."""
    number = float(sent[:20])
    return number / 1000.0 if number > 1e11 else number


def _refused(seen: str) -> NotAdmitted:
    return NotAdmitted("webhook", seen=seen, allowed="one that Prolific signed just now", remedy="Check the secret")
