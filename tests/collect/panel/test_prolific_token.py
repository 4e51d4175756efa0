import base64
import json

import pytest
from joserfc.jwk import KeySet, OctKey, RSAKey
from tests.collect.panel.by_hand import IDS, NOW

from sidelight.collect.panel.prolific_token import key_set, signed_ids


def ask(signer, token, *, now=NOW, audience="label.example"):
    return signed_ids(token, signer.keys, audience=audience, now=now)


def test_a_token_proves_its_ids(signer):
    assert ask(signer, signer.token()).items() >= IDS.items()


@pytest.mark.parametrize("aud", ["label.example", "https://label.example", ["https://a.example", "LABEL.example"]])
def test_the_audience_may_be_a_host_or_an_address_on_it(signer, aud):
    assert ask(signer, signer.token(aud=aud))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://label.example.evil.example"},
        {"aud": "https://evil.example/label.example"},
        {"aud": None},
        {"exp": NOW - 31},
        {"exp": None},
        {"exp": "soon"},
        {"prolific": None},
        {"prolific": [1]},
    ],
)
def test_a_token_for_another_service_time_or_purpose_proves_nothing(signer, changed):
    assert ask(signer, signer.token(**changed)) is None


def test_a_token_without_an_end_proves_nothing(signer):
    token = signer.token()
    assert ask(signer, token, now=NOW + 10_000) is None


def test_another_key_proves_nothing(signer):
    other = RSAKey.generate_key(2048, {"kid": "first"})
    assert ask(signer, signer.token(key=other)) is None
    assert ask(signer, signer.token(kid="second")) is None


def test_neither_no_signature_nor_a_public_key_used_as_a_secret_passes(signer):
    _, body, _ = signer.token().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "first"}).encode()).rstrip(b"=").decode()
    assert ask(signer, f"{none}.{body}.") is None
    secret = OctKey.import_key(signer.key.as_pem(private=False).replace(b"-----", b""), {"kid": "first"})
    assert ask(signer, signer.token(alg="HS256", key=secret)) is None


@pytest.mark.parametrize("rubbish", ["x", "a.b.c", "....", "é.é.é", "a" * 9000, "{{7*7}}"])
def test_rubbish_proves_nothing(signer, rubbish):
    assert ask(signer, rubbish) is None


def test_published_keys_of_other_kinds_are_left_out(signer):
    both = {"keys": [*signer.published["keys"], {"kty": "oct", "k": "c2VjcmV0"}]}
    assert isinstance(key_set(both), KeySet)
    assert len(key_set(both).keys) == 1
    assert key_set({}).keys == []
