"""Where a request comes from: a page of another site must not act with the requester's cookie."""

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def may_act(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request may be answered, judged by what browsers say of its origin and pages cannot forge.

    A safe method is refused only when the browser says that another site asked for it. Any other needs proof that it
    comes from our own pages: `Sec-Fetch-Site: same-origin`, or, from older browsers, an `Origin` that names our host.

    Args:
        method: of the request, upper case.
        headers: with names in lower case, or case-insensitive.

    >>> may_act("POST", {"host": "lab.example", "origin": "https://lab.example"})
    True
    >>> may_act("POST", {"host": "lab.example", "origin": "https://evil.example"}), may_act("POST", {"host": "x"})
    (False, False)
    >>> may_act("GET", {"sec-fetch-site": "cross-site"}), may_act("GET", {})
    (False, True)
    """
    site = headers.get("sec-fetch-site")
    if method in SAFE:
        return site in (None, "same-origin", "none") or headers.get("sec-fetch-mode") == "navigate"
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
