"""From a project, or only from URLs, to endpoints, observations and findings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.core.errors import SpecError, UsageError
from edgegen.core.finding import Finding
from edgegen.core.show import shown
from edgegen.endpoints import LOCAL, Endpoint
from edgegen.spec import SPEC_FILE
from edgegen.verify.observation import Observation
from edgegen.verify.settings import Settings
from edgegen.verify.url_endpoint import as_url, is_url, named, stranger, told_apart

if TYPE_CHECKING:
    from edgegen.spec.edge import Spec
    from edgegen.verify.checks import Context
    from edgegen.verify.run import Patience


def chosen(project: Path, environment: str | None, words: Sequence[str]) -> tuple[Endpoint, ...]:
    """The endpoints that the command line names, each once: services and hosts of the spec, and URLs.

    Without words: every public name of the spec. The spec is read only where a word, or the lack of any, asks for it.
    Raises UsageError for a word that means nothing, SpecError for a spec that is wrong or has no public name.
    """
    if any("@" in word and not is_url(word) for word in words):  # it may contain a password, and is not repeated
        raise UsageError(
            "names of services and hosts have no `@`", hint="write `https://HOST` for a host outside the spec"
        )
    if words and all(map(is_url, words)):
        return told_apart(map(stranger, words))
    known = _of_spec(project, environment, words)
    if not words:
        return known
    found = (item for word in words for item in ((stranger(word),) if is_url(word) else named(known, word)))
    return told_apart(found)


def _of_spec(project: Path, environment: str | None, words: Sequence[str]) -> tuple[Endpoint, ...]:
    host = next((word for word in words if "." in word and not is_url(word)), None)
    if host is not None and not (project / SPEC_FILE).exists():
        raise UsageError(f"there is no `{SPEC_FILE}` that could know `{shown(host)}`", hint=as_url(host))
    if not words and not (project / SPEC_FILE).exists():
        raise UsageError(f"there is no `{project / SPEC_FILE}` with hosts to check", hint=_WITHOUT_SPEC)
    from edgegen.desired.endpoints import endpoints
    from edgegen.spec.load import load

    loaded = load(project, environment)
    found = endpoints(loaded.spec, loaded.locate)
    if not found:
        raise SpecError(
            "the spec has no public host, so there is nothing to check",
            where=loaded.locate(("services",)),
            hint=_nothing_public(loaded.spec),
        )
    return found


_WITHOUT_SPEC = "`edgegen verify https://www.example.com` checks any host; `edgegen init registry DOMAIN` writes a spec"


def _nothing_public(spec: Spec) -> str:
    from edgegen.spec.shared import NoEdge

    if isinstance(spec.edge, NoEdge):
        return "with `edge: none` no service is public: name another environment (`-e base` is edge.yaml without one)"
    return "give a service its `host`, or name a URL: `edgegen verify https://www.example.com`"


def with_local_authority(settings: Settings, endpoints: Iterable[Endpoint], project: Path) -> Settings:
    """The settings with the project's own authority, where its hosts have certificates of that and it is here.

    Its name constraints keep it from vouching for any other host of the run. A file that the user names comes first.
    """
    if settings.ca_file is not None or not any(item.ca == LOCAL for item in endpoints):
        return settings
    from edgegen.project.local_ca import ROOT  # with all models of the spec: a run over URLs needs none of them

    root = project / ROOT
    return replace(settings, ca_file=str(root)) if root.is_file() else settings


class Ways(Struct, frozen=True):
    """How a run reports its progress, and how it is stopped."""

    now: Callable[[], datetime]
    """The time, aware."""
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Callable[[int, int], None] | None = None
    """(endpoints seen, of how many)."""
    pushing: Callable[[str], None] | None = None
    """The registry that is pushed to next."""
    meanwhile: Callable[[], None] = lambda: None
    """What to do while waiting for the servers, in a separate thread."""
    patience: Patience | None = None
    """With `--wait`: look again at what is not good yet."""
    cut: Callable[[str, bool | None], None] | None = None
    """The registry whose push was stopped, and whether what it made is gone; None: nothing is deleted there."""


class Verified(Struct, frozen=True):
    """What was seen, and the findings about it, in the endpoints' order."""

    endpoints: tuple[Endpoint, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    incomplete: bool


def verify(endpoints: Sequence[Endpoint], settings: Settings, ways: Ways) -> Verified:
    """Look at every endpoint and judge what was seen. Pushes come last, and once, however long was waited.

    Raises LocalIOError for a file of authorities that can't be read.
    """
    from edgegen.verify.look.background import Background
    from edgegen.verify.look.trust import Trust

    # OpenSSL reads the system's authorities in 20 ms, and Python the other modules in as many.
    with Background(lambda: Trust.load(settings.ca_file)) as loading:
        from edgegen.verify.engine import look
    trust = loading.result()

    def context() -> Context:
        from edgegen.verify.checks import Context

        return Context(ways.now(), settings.cloudflare, settings.strict_tls)

    def once(some: Sequence[Endpoint]) -> tuple[Observation, ...]:
        return look(some, settings, trust=trust, stop=ways.stop, progress=ways.progress)

    # What judges and reports is loaded while the servers are waited for.
    def load() -> None:
        import edgegen.verify.run  # noqa: F401 (so that it is there when everything was seen)

        ways.meanwhile()

    with Background(load) as judges:
        seen = _until_good(ways.patience, endpoints, once, context, ways.stop) if ways.patience else once(endpoints)
    judges.result()
    from edgegen.verify.pushing import push_all
    from edgegen.verify.run import judge

    seen = push_all(seen, settings, stop=ways.stop, progress=ways.pushing, cut=ways.cut)
    incomplete = ways.stop.is_set() or any(item.incomplete for item in seen)
    return Verified(tuple(endpoints), seen, judge(seen, context()), incomplete)


def _until_good(
    patience: Patience,
    endpoints: Sequence[Endpoint],
    once: Callable[[Sequence[Endpoint]], tuple[Observation, ...]],
    context: Callable[[], Context],
    stop: threading.Event,
) -> tuple[Observation, ...]:
    from edgegen.verify.run import is_settled, judge_one, lacking, look_until_good

    def settled(seen: Observation) -> bool:
        return is_settled(judge_one(seen, context()))

    def why(seen: Observation) -> str:
        return lacking(judge_one(seen, context()))

    return look_until_good(endpoints, once, settled, patience, stop, why=why)
