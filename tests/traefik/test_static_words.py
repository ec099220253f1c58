"""What is said of static options. The real Traefik is asked about every one of the grammar elsewhere."""

from __future__ import annotations

import pytest

from edgegen.traefik.label_words import Effect
from edgegen.traefik.static_words import static_faults
from edgegen.traefik.version import Version

V2 = Version(2, 11)


@pytest.mark.parametrize(
    ("option", "value", "effect", "meant"),
    [
        ("entryPoints.web.adress", ":80", Effect.STOPS, "entryPoints.web.address"),
        ("entrypoints.web.transport.respondingtimeouts.readtimeout", "soon", Effect.STOPS, ""),
        ("providers.dokcer.endpoint", "x", Effect.STOPS, "providers.docker.endpoint"),
        ("metrics.prometheus.buckets", "0.1,x", Effect.STOPS, ""),
        ("global.checknewversion", "", Effect.STOPS, ""),
        ("accesslog", "on", Effect.OFF, ""),
        ("entrypoints.web", "", Effect.IGNORES, ""),
    ],
)
def test_what_is_wrong(option: str, value: str, effect: Effect, meant: str) -> None:
    (found,) = static_faults({option: value})
    assert (found.label, found.effect, found.meant) == (option, effect, meant)


@pytest.mark.parametrize(
    ("option", "value"),
    [("ENTRYPOINTS.Web.ADDRESS", ":80"), ("accesslog", "true"), ("ping", ""), ("configfile", "/etc/traefik.yml"),
     ("entrypoints.web.http.tls.domains[0].sans", "a,b"), ("providers.plugin.mine.any.thing", "1"),
     ("metrics.prometheus.buckets", "0.1,0.3"), ("providers.docker.httpclienttimeout", "5")],
)  # fmt: skip
def test_what_is_right(option: str, value: str) -> None:
    assert static_faults({option: value}) == []


@pytest.mark.parametrize(
    ("option", "hint"),
    [("providers.docker.swarmMode", "`providers.swarm`"), ("pilot.token", "Pilot"), ("experimental.http3", "HTTP/3"),
     ("providers.marathon.endpoint", "Marathon"), ("tracing.jaeger.samplingtype", "OpenTelemetry"),
     ("providers.docker.tls.caoptional", "caOptional"), ("providers.rancher", "Rancher")],
)  # fmt: skip
def test_what_only_version_2_knew(option: str, hint: str) -> None:
    (found,) = static_faults({option: "true"})
    assert found.effect is Effect.STOPS
    assert found.why.startswith("Traefik 2.11 was the last to know it")
    assert hint in found.why
    assert static_faults({option: "true"}, V2) == []


def test_what_came_later() -> None:
    option = "accesslog.fields.queryparameters.defaultmode"
    (found,) = static_faults({option: "drop"}, Version(3, 5))
    assert found.why == "it came with Traefik 3.6"
    (found,) = static_faults({option: "drop"}, Version(3, 6, 2))
    assert found.why == "it came with Traefik 3.6, after 3.6.2"
    assert static_faults({option: "drop"}, Version(3, 6)) == []


def test_each_is_told_once_and_in_order() -> None:
    options = {"zz": "1", "ping": "true", "aa.bb": "2", "log.levle": "INFO"}
    assert [fault.label for fault in static_faults(options)] == ["zz", "aa.bb", "log.levle"]
