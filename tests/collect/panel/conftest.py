import pytest
from tests.collect.panel.by_hand import Signer


@pytest.fixture(scope="session")
def signer():
    return Signer()
