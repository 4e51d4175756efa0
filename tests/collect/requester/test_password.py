"""Passwords are made, hashed slowly, and never kept."""

import pytest

from sidelight.collect.requester.password import LONGEST, hash_password, make_password, matches


def test_a_password_matches_its_own_hash_only():
    mine, other = make_password(), make_password()
    hashed = hash_password(mine)
    assert matches(mine, hashed)
    assert not matches(other, hashed)


def test_no_two_passwords_are_alike_and_all_are_long():
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(password) for password in made} == {24}


def test_the_hash_is_argon2id_salted_and_holds_no_password():
    hashed = hash_password("secret-password")
    assert hashed.startswith("$argon2id$")
    assert "secret-password" not in hashed
    assert hashed != hash_password("secret-password")


@pytest.mark.parametrize("hashed", ["", "plain", "$argon2id$broken", "$2b$12$abc"])
def test_a_broken_hash_matches_nothing(hashed):
    assert not matches("plain", hashed)
    assert not matches("", hashed)


def test_endless_passwords_are_refused_unread():
    long = "x" * (LONGEST + 1)
    assert not matches(long, hash_password(long))
