"""The fuzz targets, briefly: harness/fuzz/run is for long. What is asserted is that they run, reach
something, find nothing, and that a fault planted on purpose is found."""

import pytest

from kit import fuzz

SECONDS = 2


@pytest.fixture(scope="session", autouse=True)
def built():
    fuzz.build()


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_nothing_is_found(name):
    assert fuzz.run(name, SECONDS) is None


def test_a_planted_overflow_is_found():
    assert "found after" in fuzz.planted()
