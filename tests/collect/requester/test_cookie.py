"""A login's cookie proves the role, for a day, for the password of now."""

import pytest

from sidelight.collect.requester.cookie import LASTS_S, Login, cookie_name, fingerprint, read, sign

KEY = b"k" * 32
HASHES = {"admin": "hash-a", "viewer": "hash-v"}
LOGIN = Login("viewer", 1000.0, "n", fingerprint("hash-v"))


def test_what_was_signed_is_read():
    assert read(sign(LOGIN, KEY), KEY, hashes=HASHES, now=1000.0 + LASTS_S - 1) == LOGIN


@pytest.mark.parametrize("now", [1000.0 + LASTS_S, 999.0])
def test_a_cookie_ends_after_its_day_and_is_not_good_before_it(now):
    assert read(sign(LOGIN, KEY), KEY, hashes=HASHES, now=now) is None


def test_another_campaigns_cookie_is_not_good_here():
    assert read(sign(LOGIN, b"x" * 32), KEY, hashes=HASHES, now=1001.0) is None
    assert cookie_name(KEY) != cookie_name(b"x" * 32)


def test_a_changed_cookie_is_not_good():
    value = sign(LOGIN, KEY)
    for place in range(len(value)):
        forged = value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]
        assert read(forged, KEY, hashes=HASHES, now=1001.0) in (None, LOGIN)
    as_admin = sign(Login("admin", 1000.0, "n", fingerprint("hash-a")), b"guessed")
    assert read(as_admin, KEY, hashes=HASHES, now=1001.0) is None


@pytest.mark.parametrize("value", ["", "x", "a.b", ".", "e30.x", "\0", "é"])
def test_what_is_no_cookie_of_ours_is_not_good(value):
    assert read(value, KEY, hashes=HASHES, now=1001.0) is None


def test_a_new_password_ends_the_logins_of_the_old_one():
    assert read(sign(LOGIN, KEY), KEY, hashes={**HASHES, "viewer": "new"}, now=1001.0) is None


def test_a_role_without_a_password_has_no_logins():
    nobody = Login("viewer", 1000.0, "n", fingerprint(""))
    assert read(sign(nobody, KEY), KEY, hashes={"admin": "hash-a", "viewer": ""}, now=1001.0) is None
    assert read(sign(nobody, KEY), KEY, hashes={"admin": "hash-a"}, now=1001.0) is None
