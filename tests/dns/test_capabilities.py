"""What a provider can't do is brought into a form that it can keep, before anything is compared; and its options."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edgegen.core.errors import SpecError
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.planning import fitted
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.dns.sync import sync
from edgegen.provider_names import PROVIDERS, Capabilities, Entry
from edgegen.records import Record, RecordType
from edgegen.spec.load import load_text

ZONE = "example.com"


def record(content: str, *, ttl: int = 1, proxied: bool = False, name: str = ZONE) -> Record:
    return Record(ZONE, name, RecordType.A, content, ttl, proxied)


ALL = Capabilities(proxy=True, automatic_ttl=True, ttl_per_set=False)
WANTED = [
    record("192.0.2.1", proxied=True),
    record("192.0.2.2", ttl=600),
    record("192.0.2.3", ttl=900),
    record("192.0.2.4", ttl=900, name=f"www.{ZONE}"),
]


@pytest.mark.parametrize(
    ("provider", "kept"),
    [
        (ALL, [(True, 1), (False, 600), (False, 900), (False, 900)]),
        (replace(ALL, proxy=False), [(False, 1), (False, 600), (False, 900), (False, 900)]),
        (replace(ALL, automatic_ttl=False), [(True, 300), (False, 600), (False, 900), (False, 900)]),
        (Capabilities(), [(False, 300), (False, 300), (False, 300), (False, 900)]),
    ],
)  # fmt: skip
def test_records_are_fitted(provider: Capabilities, kept: list[tuple[bool, int]]) -> None:
    assert [(item.proxied, item.ttl) for item in fitted(WANTED, provider)] == kept


def text(provider: str, more: str = "") -> bytes:
    return f"name: a\ndomains:\n  example.com:\n    provider: {provider}\n    {more}\n".encode()


@pytest.mark.parametrize("short", ["cloudflare", "zonefile", "none"])
def test_the_long_form_says_the_same(short: str) -> None:
    one, other = load_text(text(short)).spec, load_text(text(f"{{kind: {short}}}")).spec
    (domain, same) = one.domains["example.com"], other.domains["example.com"]
    assert (domain.keeper, domain.options, domain.is_planned) == (same.keeper, same.options, same.is_planned)


@pytest.mark.parametrize(
    ("provider", "said", "hint"),
    [
        ("cloudfare", "`cloudfare` is not one of cloudflare, zonefile, none", "did you mean `cloudflare`?"),
        ("{kind: cloudfare}", "`cloudfare` is not one of cloudflare, zonefile, none", "did you mean `cloudflare`?"),
        ("{}", "the key `kind` is missing", ""),
        ("{kind: zonefile, folder: x}", "zonefile has no option `folder`", "remove it"),
        ("{kind: made, tokn: x}", "made has no option `tokn`", "did you mean `token`?"),
        ("{kind: made, token: [x]}", "expected text", ""),
        ("3", "`3` is not one of", ""),
        ("{kind: made}\n    proxied: true", "the provider made has no proxy", "remove `proxied`"),
    ],
)
def test_wrong_providers_and_options(provider: str, said: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "made" in provider:
        monkeypatch.setitem(PROVIDERS, "made", Entry("nowhere:opened", options=("token",)))  # type: ignore[misc]
    with pytest.raises(SpecError) as caught:
        load_text(text(provider))
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.hint.startswith(hint)
    assert str(problem.where).startswith(("edgegen.yaml:4", "edge.yaml:4", "edge.yaml:5"))


def test_a_zone_file_has_one_ttl_for_a_set() -> None:
    """Two ttls for one name and type could never be written: each sync would leave one of the records out."""
    files: dict[str, bytes] = {}
    wanted = (record("192.0.2.1", ttl=900), record("192.0.2.2", ttl=600))
    provider = ZonefileProvider(files.get, files.__setitem__)
    task = ZoneTask(provider, ZONE, wanted, capabilities=PROVIDERS["zonefile"].capabilities)
    assert [sync([task], Choices("house")).made for _ in range(2)] == [2, 0]
