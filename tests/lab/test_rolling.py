"""What a rolling update, a node that leaves and an edit cost in requests, measured from outside.

The usual run tries what matters most with few requests; the proof tries every row of README's table with 5,000.
"""

from __future__ import annotations

import pytest

from tests.lab.authority import Authority
from tests.lab.hosts import Hosts
from tests.lab.rolling.rolled import Rolled, spec
from tests.lab.rolling.rows import DRAINED, ROWS, USUAL
from tests.lab.street_stack import StreetStack
from tests.lab.swarm_project import give_account
from tests.sizes import is_proof, sized


@pytest.fixture(scope="module")
def rolled(three_hosts: Hosts, street_authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Rolled:
    """The stack on three hosts, as edgegen renders and starts it; all three are managers where one is cut off."""
    three_hosts.sweep()
    three_hosts.form(sized(1, 3))
    stack = StreetStack.on(three_hosts, street_authority, tmp_path_factory.mktemp("rolling") / "project")
    found = Rolled(stack, spec(**DRAINED))  # what the first rows start with
    found.write()
    stack.render()
    give_account(stack.first.ground, stack.folder)
    found.up("--edge-node", "host1")
    return found


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("row", ROWS if is_proof() else USUAL)
def test_row(rolled: Rolled, row: str) -> None:
    ROWS[row](rolled)
