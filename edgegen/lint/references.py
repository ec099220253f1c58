"""Names that labels and files refer to: is one that nobody here defines a fault, likely one, or out of sight? Pure.

A Traefik reads the labels of its whole engine, so a container of another project may define what is missing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from edgegen.core.finding import Outcome, Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.corrections import renamed
from edgegen.lint.edge import Defined, Edge
from edgegen.lint.model import Spot
from edgegen.lint.rule import Confidence, Found
from edgegen.lint.uses import is_used

OF_LABELS = ("docker", "swarm")
_WITH_OWN_SECTION = ("consul", "consulcatalog", "ecs", "etcd", "http", "nomad", "redis", "rest", "zookeeper")
"""Providers whose section of the static configuration has their own name."""
_INTERNAL = {
    "middlewares": late_pattern(r"redirect-.+-to-.+|dashboard_redirect|dashboard_stripprefix"),
    "services": late_pattern(".*"),
    "serverstransports": late_pattern("default"),
    "options": late_pattern("default"),
}
"""What Traefik itself defines, by kind. Its services are judged by their own rule."""
_PROVIDERS = ("file", "internal", *OF_LABELS, *_WITH_OWN_SECTION, "kubernetes", "kubernetescrd", "kubernetesgateway")


class Use(NamedTuple):
    """A place that names something."""

    user: Defined
    option: str
    name: str

    @property
    def provider(self) -> str:
        """Whose name it is: without `@` that of the place."""
        return self.name.rpartition("@")[2] if "@" in self.name else self.user.provider

    @property
    def in_file(self) -> Use:
        """The same name, of the file provider."""
        return self._replace(name=f"{self.name.partition('@')[0]}@file")


class Missing(Struct, frozen=True):
    """Why a name is not there. Without `why` that can't be seen here."""

    why: str = ""
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    meant: str = ""
    """The name that was meant, as far as that can be guessed."""


UNSEEN = Missing(severity=Severity.INFO)


def disabled(use: Use) -> str:
    """What a name that is not there does to the router that needs it."""
    who = "the router" if use.user.kind == "routers" else "every router that uses"
    return f"Traefik disables {who} `{shown(use.user.name)}`"


def in_a_file(edge: Edge, kind: str, use: Use, what: str) -> str:
    """The hint for a name of `labels` that only a file can define."""
    meant = use.in_file.name
    is_there = missing(edge, kind, use.in_file) is None
    return f"did you mean `{meant}`?" if is_there else f"define {what} in a dynamic file, and write `{meant}`"


def out_of_sight(users: Sequence[Defined], option: str, names: Iterable[str], what: str) -> Found:
    """One remark for all names of a kind that only the static configuration can define, where that is not here."""
    shown_names = ", ".join(f"`{shown(name)}`" for name in list(dict.fromkeys(names))[:5])
    return Found(
        users[0].owner, f"{shown_names}: these files don't show Traefik's {what}", users[0].place(option),
        "check them together with the files of their Traefik", Severity.INFO, outcome=Outcome.UNKNOWN,
    )  # fmt: skip


def missing(edge: Edge, kind: str, use: Use) -> Missing | None:
    """None where somebody defines it."""
    gone = _missing(edge, kind, use)
    may_be_elsewhere = edge.project.partial or any(service.partial for service, _ in edge.labelled)
    return (
        UNSEEN if gone and not gone.meant and may_be_elsewhere and use.name.rpartition("@")[2] != "internal" else gone
    )


def _missing(edge: Edge, kind: str, use: Use) -> Missing | None:
    section = "tls" if kind == "options" else use.user.section
    if edge.find(section, kind, use.name, use.user.provider):
        return None
    bare, at, provider = use.name.rpartition("@")
    if not at:
        bare, provider = use.name, use.user.provider
    here = [item for item in edge.of(kind) if item.section == section]
    if provider == "internal":
        return None if _INTERNAL[kind].fullmatch(bare) else Missing("Traefik itself has none of this name")
    if provider == "file":
        return _in_files(edge, bare, here)
    if provider == edge.provider:
        return _in_labels(edge, bare, here, explicit=bool(at))
    return _elsewhere(edge, bare, provider, here)


def _in_files(edge: Edge, bare: str, here: list[Defined]) -> Missing:
    if edge.traefik is None:
        return UNSEEN
    if not edge.traefik.static.has("providers.file"):
        meant = next((item.full for item in here if item.name == bare), "")
        return Missing("this Traefik has no file provider", meant=meant)
    if not edge.files_are_sure:
        return UNSEEN
    return Missing("no file of this Traefik defines it", meant=_meant(bare, here, "file"))


def _in_labels(edge: Edge, bare: str, here: list[Defined], *, explicit: bool) -> Missing:
    meant = _meant(bare, here, edge.provider)
    if edge.traefik is not None:
        if meant or edge.only_this_project:
            return Missing("nothing defines it", meant=meant)
        confidence = Confidence.LOW if explicit else Confidence.MEDIUM
        return Missing("nothing in these files defines it", Severity.MEDIUM, confidence)
    if meant and not meant.endswith("@file"):
        return Missing("nothing in these files defines it", Severity.MEDIUM, Confidence.MEDIUM, meant)
    return UNSEEN


def _elsewhere(edge: Edge, bare: str, provider: str, here: list[Defined]) -> Missing:
    if provider not in _PROVIDERS:
        near = suggest(provider, _PROVIDERS)
        if not near and not provider.startswith("plugin-"):
            return Missing(f"Traefik has no provider `{shown(provider)}`", Severity.MEDIUM, Confidence.MEDIUM)
        return Missing(f"Traefik has no provider `{shown(provider)}`", meant=f"{bare}@{near}") if near else UNSEEN
    own = next((item.full for item in here if item.name == bare and item.provider == edge.provider), "")
    if provider in (*OF_LABELS, *_WITH_OWN_SECTION):
        if edge.traefik is not None and not edge.traefik.static.has(f"providers.{provider}"):
            return Missing(f"this Traefik has no provider `{provider}`", meant=own)
        if own and provider in OF_LABELS:
            why = f"the labels of {'a swarm' if edge.provider == 'swarm' else 'containers'} are `@{edge.provider}`"
            return Missing(why, Severity.MEDIUM, Confidence.MEDIUM, own)
    return UNSEEN


def _meant(bare: str, here: list[Defined], provider: str) -> str:
    """The same name of another provider, or a similar one of this."""
    same = [item.full for item in here if item.name.lower() == bare.lower() and item.provider != provider]
    near = suggest(bare, [item.name for item in here if item.provider == provider])
    return f"{near}@{provider}" if near else same[0] if same else ""


def reported(edge: Edge, kind: str, noun: str, uses: Iterable[Use], effect: Callable[[Use], str]) -> Iterator[Found]:
    """A finding for each name that is not there, and one for all that can't be seen here.

    `effect`: what Traefik does then, as the end of a sentence.
    """
    unseen: dict[str, Use] = {}
    for use in uses:
        gone = missing(edge, kind, use)
        if gone is None:
            continue
        if not gone.why:
            unseen.setdefault(use.name, use)
            continue
        message = f"there is no {noun} `{shown(use.name)}`: {gone.why}, and {effect(use)}"
        meant = _as_written(gone.meant, use) if gone.meant else ""
        hint = f"did you mean `{meant}`?" if meant else _others(edge, kind, use)
        correction = renamed(use.user, use.option, use.name, meant) if meant else None
        severity = gone.severity
        if use.user.kind != "routers" and severity is Severity.HIGH and not is_used(edge, use.user):
            severity = Severity.MEDIUM  # Traefik never builds it
        yield Found(
            use.user.owner,
            message,
            use.user.place(use.option, use.name),
            hint,
            severity,
            gone.confidence,
            fix=correction,
        )
    if unseen:
        yield _not_seen(noun, unseen)


def _as_written(meant: str, use: Use) -> str:
    """Without the provider where that is the user's own and was not written."""
    bare, _, provider = meant.rpartition("@")
    return bare if provider == use.user.provider and "@" not in use.name else meant


def _others(edge: Edge, kind: str, use: Use) -> str:
    section = "tls" if kind == "options" else use.user.section
    names = sorted({item.full for item in edge.of(kind) if item.section == section})
    return f"these are defined: {', '.join(names[:5])}{', …' * (len(names) > 5)}" if names else ""


def _not_seen(noun: str, unseen: dict[str, Use]) -> Found:
    names = [f"`{shown(name)}`" for name in unseen]
    first = next(iter(unseen.values()))
    several = len(names) > 1
    message = (
        f"{', '.join(names[:5])}{', …' * (len(names) > 5)}: these files don't show whether "
        f"{'these ' + noun + 's exist' if several else 'this ' + noun + ' exists'}"
    )
    spot: Spot = first.user.place(first.option)
    hint = "check them together with the files of the Traefik that reads them"
    return Found(first.user.owner, message, spot, hint, Severity.INFO, Confidence.HIGH, Outcome.UNKNOWN)
