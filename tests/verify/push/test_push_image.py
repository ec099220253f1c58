"""Blobs that the registry keeps elsewhere: fetched without a word of who one is, and not from inside."""

from __future__ import annotations

from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.faults import at, leads_to, resolver, status
from tests.verify.push.ground import CANARY, Ground, broken, verdicts


def test_a_blob_from_its_storage(ground: Ground, fake: FakeRegistry) -> None:
    with FakeRegistry(ground.certificate) as storage, resolver("storage.test") as resolvers:

        def hook(call: Call) -> object:
            digest = call.where.rpartition("/")[2]
            location = f"https://storage.test:{storage.port}/{digest}"
            is_blob = call.method == "GET" and "/blobs/" in call.path
            return is_blob and call.answer(307, b"x" * 100, leads_to(location))

        fake.hook = hook
        storage.hook = lambda call: call.answer(200, fake.blobs[call.where[1:]])
        seen = ground.push(fake.port, CANARY, resolvers=resolvers, allow_private=True)
        assert verdicts(seen) == ["ok"]
        assert len(storage.calls) == 3
        assert not [call for call in storage.calls if "Authorization" in call[2]]


def test_a_storage_inside_is_not_asked(ground: Ground, fake: FakeRegistry) -> None:
    """A registry could name the metadata service of the machine that looks."""
    with FakeRegistry(ground.certificate) as inside, resolver("storage.test", "127.0.0.2") as resolvers:
        fake.hook = at("GET", "/blobs/")(status(307, leads_to(f"https://storage.test:{inside.port}/latest/meta-data")))
        seen = ground.push(fake.port, CANARY, resolvers=resolvers)
        assert inside.calls == []
    assert verdicts(seen) == ["push-failed"]
    assert "127.0.0.2, which is not public" in broken(seen).fault


def test_a_storage_that_gives_other_bytes(ground: Ground, fake: FakeRegistry) -> None:
    """What a URL of a storage is signed with stays out of the observation."""
    with FakeRegistry(ground.certificate) as storage, resolver("storage.test") as resolvers:
        there = f"https://storage.test:{storage.port}/bucket/blob"
        fake.hook = at("GET", "/blobs/")(status(307, leads_to(f"{there}?signature=x")))
        storage.hook = lambda call: call.answer(200, bytes(300_000))
        seen = ground.push(fake.port, CANARY, resolvers=resolvers, allow_private=True)
    assert verdicts(seen) == ["push-corrupt"]
    assert (broken(seen).fault, broken(seen).url) == ("other bytes came back", there)
