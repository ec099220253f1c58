"""The matrix's ground: all servers of the table at once, for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.verify.matrix.ground import Ground, ground
from tests.verify.matrix.table import ROWS


def build(here: Ground) -> None:
    """A place for every case."""
    for row in ROWS:
        for case in row.cases:
            case.serve(here.place(case.label, case.zone))


@pytest.fixture(scope="session")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("matrix"), build) as here:
        yield here
