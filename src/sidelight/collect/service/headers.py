"""What every answer says to the browser: what a page may load, who may embed it, and that nothing is passed on."""

from collections.abc import Sequence

ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
)
"""Of every answer."""

PICTURE = b"default-src 'none'; sandbox; frame-ancestors 'none'"
"""Policy of a picture's answer: whatever the file is, it can neither run nor load anything."""

NOTHING = b"default-src 'none'; frame-ancestors 'none'"
"""Policy of answers that are not pages."""


def page_policy(*, ancestors: Sequence[str], form_hosts: Sequence[str]) -> bytes:
    """Policy of the service's pages: only their own files, no script or style within the page, no plug-in.

    Args:
        ancestors: origins that may embed the pages, such as https://panel.example; none as a rule.
        form_hosts: hosts that a completion may be posted to.
    """
    forms = " ".join(["'self'", *(f"https://{host}" for host in form_hosts)])
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": forms,
        "frame-ancestors": " ".join(ancestors) or "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items()).encode("ascii")
