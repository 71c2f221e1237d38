"""What the tests share: the built programs, the fixture, a running reference broker."""

import pytest

from kit import fixture, reference
from kit.paths import BROKER, FIXTURE, RUNNER


@pytest.fixture(scope="session")
def programs():
    """Tests judge what is built; they do not build."""
    for path in (RUNNER, BROKER):
        assert path.exists(), f"{path} is missing: run harness/check, or cmake -B build && cmake --build build"


@pytest.fixture(scope="session")
def kit(programs):
    """The fixture folder: issuers, policies, certificates, keys."""
    fixture.ensure()
    return FIXTURE


@pytest.fixture(scope="session")
def broker(kit):
    """The reference broker, shared by all tests that leave it as they found it."""
    with reference.reference(kit, "shared") as running:
        yield running
