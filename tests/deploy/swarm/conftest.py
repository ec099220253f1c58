"""A machine whose ports are free, whatever other tests hold at the time."""

from __future__ import annotations

import pytest

from edgegen.deploy import preflight
from edgegen.deploy.ports import Answer


@pytest.fixture(autouse=True)
def ports_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` asks the kernel about 80 and 443."""
    monkeypatch.setattr(preflight, "probe", lambda _: Answer.FREE)
