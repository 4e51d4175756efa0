"""What every panel's adapter gives: who arrived, and what the person takes home."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from sidelight.records.errors import UserFault

LONGEST = 200
"""Letters of an id that a panel gives; longer ones are nobody's."""


class Identity(msgspec.Struct, frozen=True):
    """Who a panel says has arrived. It goes into the vault, and nowhere else.

    Attributes:
        person: what tells this person from others of the panel; "" when the panel cannot tell.
        fields: the panel's parameters that belong to this visit, needed to send the person home and to pay.
        verified: the panel signed them. Otherwise anyone could have typed them.
        preview: the panel shows the task to somebody who has not accepted it; nothing is recorded.
    """

    person: str
    fields: dict[str, str]
    verified: bool
    preview: bool = False


class Home(msgspec.Struct, frozen=True):
    """How a person who has finished goes back.

    Attributes:
        code: shown to the person; "" when the panel wants none.
        redirect: address to go to; "" if none.
        form: address and fields to post instead; None if none.
    """

    code: str = ""
    redirect: str = ""
    form: tuple[str, dict[str, str]] | None = None


class NotAdmitted(UserFault):
    """An arrival that the panel's adapter does not take."""


def required(parameters: Mapping[str, str], name: str, *, panel: str) -> str:
    """A parameter that must be there: printable, and not longer than any id is.

    Raises:
        NotAdmitted: it is absent or no id. What was seen is not repeated: it may be somebody's name.
    """
    value = parameters.get(name, "")
    if not value or len(value) > LONGEST or not value.isprintable():
        raise NotAdmitted(
            f"the address's parameter {name}",
            seen="it is absent" if not value else "it cannot be an id",
            allowed=f"printable text of at most {LONGEST} letters, as {panel} puts it there",
            remedy="Open the link from where you found this task",
        )
    return value


def with_query(address: str, more: Mapping[str, str]) -> str:
    """The address with parameters added to those that it has.

    >>> with_query("https://panel.example/done?lang=en", {"code": "A B&C"})
    'https://panel.example/done?lang=en&code=A+B%26C'
    """
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit(parts._replace(query=query))


def https_host(address: str) -> str:
    """Host of an https address without a user name or a password; "" for any other address.

    >>> https_host("https://panel.example/done"), https_host("https://panel.example@evil.example/")
    ('panel.example', '')
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    plain = not any(letter in address for letter in "\\\r\n\t @")
    return host if parts.scheme == "https" and plain and port in (None, 443) else ""
