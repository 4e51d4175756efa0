import pytest
from joserfc.errors import DecodeError

from sidelight.collect.store.vault import Identity, Vault

KEY = bytes(range(32))
FIELDS = {"PROLIFIC_PID": "5f0c1e2d3b4a", "SESSION_ID": "abc"}


@pytest.fixture(params=["file", "postgresql"])
def place(request, tmp_path):
    return tmp_path / "vault.sqlite" if request.param == "file" else request.getfixturevalue("postgres_url")


@pytest.fixture
def vaults(place):
    opened = []

    def open_vault(key: bytes = KEY) -> Vault:
        opened.append(Vault(place, key))
        return opened[-1]

    yield open_vault
    for one in opened:
        one.close()


def remember(vault: Vault, session: str, person: str = "5f0c1e2d3b4a", now: float = 0.0) -> str:
    return vault.remember(session, panel="prolific", person=person, fields=FIELDS, now=now)


def test_who_comes_again_is_found_by_her_id(vaults):
    vault = vaults()
    assert vault.session_of("prolific", "5f0c1e2d3b4a") is None
    assert remember(vault, "s1") == "s1"
    assert remember(vault, "s2") == "s1"
    assert vaults().session_of("prolific", "5f0c1e2d3b4a") == "s1"
    assert vault.session_of("link", "5f0c1e2d3b4a") is None
    assert vault.identity("s2") is None


def test_identities_come_out_for_payment(vaults):
    vault = vaults()
    remember(vault, "s1")
    remember(vault, "s0", person="other")
    assert vault.identity("s1") == Identity("s1", "prolific", FIELDS)
    assert [one.session for one in vault.identities()] == ["s0", "s1"]


def test_what_is_forgotten_cannot_be_found_again(vaults):
    vault = vaults()
    remember(vault, "s1")
    remember(vault, "s2", person="b")
    assert vault.forget("s1", "s3") == 1
    assert vault.session_of("prolific", "5f0c1e2d3b4a") is None
    assert [one.session for one in vault.identities()] == ["s2"]


def test_identities_are_forgotten_by_age(vaults):
    vault = vaults()
    remember(vault, "s1", now=10.0)
    remember(vault, "s2", person="b", now=20.0)
    assert vault.forget_before(15.0) == 1
    assert vault.identity("s1") is None


def test_another_key_finds_nobody(vaults):
    remember(vaults(), "s1")
    stranger = vaults(bytes(32))
    assert stranger.session_of("prolific", "5f0c1e2d3b4a") is None
    with pytest.raises(DecodeError):
        stranger.identity("s1")


def test_nothing_readable_is_in_the_file_and_only_its_owner_may_look(tmp_path):
    vault = Vault(tmp_path / "v.sqlite", KEY)
    remember(vault, "s1")
    vault.close()
    raw = (tmp_path / "v.sqlite").read_bytes()
    assert b"s1" in raw
    assert not any(value.encode() in raw for value in [*FIELDS, *FIELDS.values()])
    assert (tmp_path / "v.sqlite").stat().st_mode & 0o777 == 0o600
