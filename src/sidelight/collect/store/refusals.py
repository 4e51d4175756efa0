"""What the store refuses to an annotator; the service turns the reason into a status code."""

from typing import Literal

Reason = Literal["unknown", "not_yours", "no_consent", "withdrawn", "closed"]
"""`unknown`: no such session; `not_yours`: no such page of yours; `no_consent`: nothing may be recorded yet;
`withdrawn`: nothing may be recorded any more; `closed`: the session is over."""


class Refused(Exception):
    """An annotator asked for what she may not have; nothing was changed.

    Args:
        reason: why. The message holds no id, since messages end in logs.

    >>> Refused("no_consent").reason
    'no_consent'
    """

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(f"refused: {reason}")
