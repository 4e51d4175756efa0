import json
import os

import pytest

from sidelight.collect.campaign.secret import make_secrets, read_secrets, write_secrets
from sidelight.records.errors import UserFault


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "secrets.json"
    before = os.umask(0)
    try:
        write_secrets(file, make_secrets(store="postgresql://u:geheim@h/d"))
    finally:
        os.umask(before)
    return file


def test_secrets_are_for_their_owner_only_whatever_the_mask(file):
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_secrets(file).store == "postgresql://u:geheim@h/d"


def test_secrets_are_made_by_chance_and_differ():
    one, two = make_secrets(), make_secrets()
    assert len({one.signing, one.withdrawing, one.vault, two.signing, two.withdrawing, two.vault}) == 6
    assert len(one.signing_key()) == len(one.vault_key()) == 32


def test_secrets_are_not_printed(file):
    secrets = read_secrets(file)
    for shown in (repr(secrets), str(secrets), f"{secrets}"):
        assert secrets.signing not in shown
        assert "geheim" not in shown


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602])
def test_secrets_that_others_can_read_are_refused(file, mode):
    file.chmod(mode)
    with pytest.raises(UserFault, match="chmod 600"):
        read_secrets(file)


@pytest.mark.parametrize("key", ["", "changeme", "0" * 64, "ab" * 32, "secret" * 11, "G" * 64])
@pytest.mark.parametrize("name", ["signing", "withdrawing", "vault"])
def test_keys_that_were_not_made_by_chance_are_refused(file, name, key):
    file.write_text(json.dumps(json.loads(file.read_text()) | {name: key}))
    with pytest.raises(UserFault, match="not made by chance") as fault:
        read_secrets(file)
    assert not key or key not in str(fault.value)


def test_a_broken_file_is_refused_without_telling_what_is_in_it(file):
    file.write_text(file.read_text().replace('"signing": "', '"signing": 7, "geheimnis": "'))
    with pytest.raises(UserFault, match="nobody can go on") as fault:
        read_secrets(file)
    assert "geheim" not in str(fault.value)
    assert fault.value.__cause__ is None


def test_secrets_are_never_overwritten(file):
    with pytest.raises(FileExistsError):
        write_secrets(file, make_secrets())


def test_a_withdrawal_token_is_the_same_whenever_it_is_shown_and_anothers_differs():
    secrets = make_secrets()
    token = secrets.withdraw_token("session")
    assert token == secrets.withdraw_token("session")
    assert len({token, secrets.withdraw_token("other"), make_secrets().withdraw_token("session")}) == 3
    assert len(token.replace("-", "")) == 26
