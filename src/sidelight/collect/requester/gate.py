"""The gate before every admin route: where a request comes from, who is logged in, and what that role may do."""

import secrets
import threading
from collections.abc import Callable

from fastapi import HTTPException, Request, Response

from sidelight.collect.requester.cookie import LASTS_S, Login, cookie_name, fingerprint, read, sign
from sidelight.collect.requester.guesses import Guesses
from sidelight.collect.requester.keys import Keys
from sidelight.collect.requester.origin import may_act
from sidelight.collect.requester.password import Role, matches

PATH = "/admin"
"""Where browsers send the cookie to."""


class Gate:
    """Lets requests in, or refuses them.

    Args:
        key: the campaign's secret; cookies are signed with it.
        keys: passwords and ended logins.
        clock: seconds since 1970.
    """

    def __init__(self, key: bytes, keys: Keys, *, clock: Callable[[], float]) -> None:
        self._key, self._keys, self._clock = key, keys, clock
        self._cookie = cookie_name(key)
        self._guesses = Guesses(clock=clock)
        self._one_at_a_time = threading.Lock()

    def same_site(self, request: Request) -> None:
        """Refuse what another site's page asks for."""
        if not may_act(request.method, request.headers):
            raise refusal(403, "This request does not come from the campaign's own pages.", "Use those pages.")

    def viewer(self, request: Request) -> Login:
        """Let in whoever is logged in."""
        value = request.cookies.get(self._cookie, "")
        login = read(value, self._key, hashes=self._keys.hashes(), now=self._clock())
        if login is None or self._keys.ended(login.nonce):
            raise refusal(401, "You are not logged in.", "Log in with the campaign's password.")
        return login

    def admin(self, request: Request) -> Login:
        """Let an admin in."""
        login = self.viewer(request)
        if login.role != "admin":
            raise refusal(403, "A viewer may look, but not do this.", "Log in as admin.")
        return login

    def enter(self, password: str, request: Request, response: Response) -> Role:
        """Log in: find whose password it is and set the cookie; wrong ones cost time."""
        address = request.client.host if request.client else ""
        wait = self._guesses.take(address)
        if wait:
            seconds = int(wait) + 1
            later = {"Retry-After": str(seconds)}
            raise refusal(429, "Too many wrong passwords.", f"Wait {seconds} seconds.", headers=later)
        with self._one_at_a_time:  # each hash takes 64 MiB
            found = [(role, one) for role, one in self._keys.hashes().items() if matches(password, one)]
        if not found:
            raise refusal(401, "That is not the password.", "It was shown when the service first started.")
        self._guesses.strike_out(address)
        role, hashed = found[0]
        login = Login(role, self._clock(), secrets.token_urlsafe(12), fingerprint(hashed))
        secure = request.url.scheme == "https"
        value = sign(login, self._key)
        response.set_cookie(
            self._cookie, value, int(LASTS_S), path=PATH, secure=secure, httponly=True, samesite="strict"
        )
        return role

    def leave(self, login: Login, request: Request, response: Response) -> None:
        """Log out: the cookie is taken away, and no longer good where somebody kept a copy."""
        self._keys.end(login.nonce, until=login.since + LASTS_S)
        secure = request.url.scheme == "https"
        response.delete_cookie(self._cookie, path=PATH, secure=secure, httponly=True, samesite="strict")


def refusal(status: int, problem: str, remedy: str, *, headers: dict[str, str] | None = None) -> HTTPException:
    """An error as every route of the service answers it: the fields of a `Problem`."""
    return HTTPException(status, {"problem": problem, "remedy": remedy}, headers)
