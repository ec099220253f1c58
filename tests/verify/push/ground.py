"""What the tests of pushes share: a registry's name and authority, and the verdicts of a push to a port."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgegen.core.secret import Credentials, Secret
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.checks.check import Context
from edgegen.verify.checks.registry_push import CHECK
from edgegen.verify.observation import Observation, PushSeen, Step, StepSeen
from edgegen.verify.push.trip import push
from edgegen.verify.settings import PushSettings, Settings
from tests.fakes.authority_of_tests import Authority, Issued
from tests.verify.checks.making import NOW

HOST = "registry.test"
CANARY = "c4nary-Passw0rd"


@dataclass(frozen=True)
class Ground:
    """A certificate authority, the registry's certificate, and where the authority's file is."""

    authority: Authority
    certificate: Issued
    ca_file: str

    @classmethod
    def make(cls, folder: Path) -> Ground:
        authority = Authority.root()
        return cls(authority, authority.issue(HOST, "auth.test", "storage.test"), authority.write(folder))

    def settings(self, *, size: int = 300_000, slow: float = 0.0, timeout: float = 60.0, **changes: Any) -> Settings:
        return Settings(ca_file=self.ca_file, push=PushSettings(size, slow, timeout), **changes)

    def push(self, port: int, password: str = "", *, endpoint: Endpoint | None = None, **changes: Any) -> PushSeen:
        own = {name: changes.pop(name) for name in ("stop", "credentials") if name in changes}
        credentials = own.pop("credentials", credentials_of(password) if password else None)
        return push(endpoint or registry(port), "127.0.0.1", self.settings(**changes), credentials, **own)


def registry(port: int, **changes: Any) -> Endpoint:
    return Endpoint("registry", HOST, Kind.REGISTRY, port, **changes)


def credentials_of(password: str, user: str = "ci", **changes: Any) -> Credentials:
    return Credentials(user, Secret(password), "a test", **changes)


def verdicts(seen: PushSeen, **changes: Any) -> list[str]:
    """What the check says of it."""
    there = Observation(registry(443, **changes), push=seen)
    return [finding.verdict for finding in CHECK.judge(there, Context(now=NOW))]


def broken(seen: PushSeen) -> StepSeen:
    """The one step that was not ok."""
    (step,) = [step for step in seen.steps if not step.ok and step.step is not Step.DELETE]
    return step
