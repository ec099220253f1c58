"""The site is built once for all tests that look at it."""

from __future__ import annotations

import pytest

from tests.docs.site import Built, build
from tests.docs.typed import Pages


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = build(tmp_path_factory.mktemp("site"))
    # Whoever looks for what is wrong on its pages would find nothing on none.
    assert built.code == 0, built.said
    assert built.pages
    return built


@pytest.fixture(scope="session")
def typed_pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Each page runs once, for the test of its blocks and for the tasks that lead to it."""
    return Pages(tmp_path_factory.mktemp("pages"))
