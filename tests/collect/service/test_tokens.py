import pytest
from itsdangerous import Signer

from sidelight.collect.service.tokens import Tokens

TOKENS = Tokens(b"k" * 32)


def test_a_bearer_proves_its_session_and_no_other():
    token = TOKENS.bearer("s1")
    assert TOKENS.session(token) == "s1"
    assert TOKENS.session(token.replace("s1", "s2")) == ""
    assert Tokens(b"other" * 8).session(token) == ""


def test_the_first_part_of_a_bearer_names_the_session_on_the_device():
    assert TOKENS.bearer("s1").split(".")[0] == "s1"


@pytest.mark.parametrize("rubbish", ["", ".", "s1", "s1.", "é.é", "\ud800.x", "s" * 600, "{{7*7}}", "s1\0.x"])
def test_rubbish_proves_nothing(rubbish):
    assert TOKENS.session(rubbish) == ""
    assert TOKENS.pictured(rubbish) == ""
    assert not TOKENS.previewed(rubbish, now=0.0)


def test_one_kind_of_signature_is_not_another():
    picture, bearer = TOKENS.picture("s1", "p1"), TOKENS.bearer("s1")
    assert TOKENS.pictured(picture) == "p1"
    assert (TOKENS.session(picture), TOKENS.pictured(bearer), TOKENS.previewed(bearer, now=0.0)) == ("", "", False)


def test_a_pictures_address_is_another_in_every_session_and_shows_neither():
    first, second = TOKENS.picture("s1", "p1"), TOKENS.picture("s2", "p1")
    assert first != second
    assert TOKENS.picture("s1", "p1") == first, "the same each time, so that the browser's cache finds it"
    for address in (first, second):
        assert not {"s1", "s2", "p1"} & {address, *address.split("."), *address.split(":")}


def test_a_picture_cannot_be_exchanged_for_another():
    mine = TOKENS.picture("s1", "p1")
    other = TOKENS.picture("s1", "p2")
    assert TOKENS.pictured(other.split(".")[0] + "." + mine.split(".")[1]) == ""


def test_a_look_at_the_task_ends():
    token = TOKENS.preview(until=1000.0)
    assert TOKENS.previewed(token, now=999.0)
    assert not TOKENS.previewed(token, now=1000.0)
    assert not TOKENS.previewed(token.replace("1000", "9999"), now=1001.0)
    assert not Tokens(b"other" * 8).previewed(token, now=999.0)


def test_signatures_are_sha256_and_not_the_librarys_default():
    assert TOKENS.session(Signer(b"k" * 32, salt="sidelight.session").sign("s1").decode()) == ""
