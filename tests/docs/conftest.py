"""The site is built once for all tests that look at it."""

from __future__ import annotations

import pytest

from tests.docs.site import Built, build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("site"))
