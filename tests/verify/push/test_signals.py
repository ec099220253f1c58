"""A signal in the middle of a push, through the command line: nothing is left at the registry."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.fakes.registry import FakeRegistry
from tests.verify.push.faults import at
from tests.verify.push.ground import CANARY, HOST, Ground

DEADLINE = 60


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_of_a_push(
    ground: Ground, fake: FakeRegistry, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    trickles = threading.Event()

    fake.hook = at("PATCH", occurrence=4)(lambda _: trickles.set() or False)  # the slow one comes after those in chunks
    child = subprocess.Popen(
        [
            sys.executable, "-m", "edgegen", "verify", f"https://{HOST}/v2/", "--push-slow", "30", "--json",
            "--connect-to", f"{HOST}:443:127.0.0.1:{fake.port}", "--ca-file", ground.ca_file, "-C", tmp_path,
        ],
        env={"EDGEGEN_REGISTRY_USER": "ci", "EDGEGEN_REGISTRY_PASSWORD": CANARY, "HOME": str(tmp_path)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert trickles.wait(DEADLINE)
    child.send_signal(number)
    out, err = child.communicate(timeout=DEADLINE)
    assert (child.returncode, fake.uploads, fake.blobs, fake.manifests) == (code, {}, {}, {}), err
    assert json.loads(out)["incomplete"] is True
    assert CANARY not in out + err
    assert "Traceback" not in err
    how = "interrupted" if number == signal.SIGINT else "terminated"
    where = f"{HOST}:443" if fake.port == 443 else HOST
    assert err.splitlines()[-1] == f"{how}: what was pushed to {where} was deleted again"
