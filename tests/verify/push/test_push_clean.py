"""What was made is taken away again, and what stays is said."""

from __future__ import annotations

from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.faults import at
from tests.verify.push.ground import CANARY, Ground, verdicts


def test_what_can_not_be_deleted_is_said(ground: Ground, fake: FakeRegistry) -> None:
    fake.deletes = False
    assert ground.push(fake.port, CANARY).cleaned is None
    fake.hook = lambda call: call.method == "DELETE" and call.answer(202)
    seen = ground.push(fake.port, CANARY)
    assert seen.cleaned is False
    assert verdicts(seen, deletes=True) == ["push-left-behind"]


def test_a_registry_that_dies(ground: Ground, fake: FakeRegistry) -> None:
    def die(call: Call) -> object:
        fake.close()
        return call.reset()

    fake.hook = at("PUT", "/manifests/")(die)
    seen = ground.push(fake.port, CANARY)
    assert verdicts(seen) == ["push-failed"]
    assert seen.cleaned is False
