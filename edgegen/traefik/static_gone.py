"""Static options of Traefik 2 that keep Traefik 3 from starting, and what replaces them.

Source: Traefik's reference, "Migration: from v2 to v3"; each was given to Traefik 3.7.15, which ended with exit code 1.
"""

from __future__ import annotations

import re

from edgegen.traefik.grammar.history import too_new_or_removed
from edgegen.traefik.version import Version

_INSTEAD: tuple[tuple[str, str], ...] = (
    (r"providers\.docker\.swarmmode", "Traefik 3 has a separate provider, `providers.swarm`"),
    (r"providers\.docker\.swarmmoderefreshseconds", "in Traefik 3 it is `providers.swarm.refreshseconds`"),
    (r"pilot(\..*)?", "Traefik Pilot no longer exists"),
    (r"providers\.marathon(\..*)?", "the Marathon provider was removed with Traefik 3"),
    (r"providers\.rancher(\..*)?", "the Rancher v1 provider was removed with Traefik 3"),
    (r"experimental\.http3", "HTTP/3 is not experimental in Traefik 3: only `entrypoints.NAME.http3` is needed"),
    (
        r"experimental\.kubernetesgateway",
        "in Traefik 3.1 and newer the Gateway API is not experimental: only `providers.kubernetesgateway` is needed",
    ),
    (r".*\.tls\.caoptional", "client authentication is a server's option, so Traefik 3 has no `tls.caOptional`"),
    (
        r"tracing\.(jaeger|zipkin|datadog|instana|haystack|elastic|spanNameLimit)(\..*)?",
        "Traefik 3 traces with OpenTelemetry only: `tracing.otlp`",
    ),
    (r"metrics\.influxdb(\..*)?", "Traefik 3 only writes to InfluxDB 2: `metrics.influxdb2`"),
    (r"providers\.(consul|consulcatalog|nomad)\.namespace", "in Traefik 3 it is a list: `namespaces`"),
)


def why_gone(option: str, version: Version | None) -> str:
    """Why this Traefik does not know an option that another one knows; empty where none does."""
    history = too_new_or_removed("static", option, version)
    if not history:
        return ""
    instead = next((text for form, text in _INSTEAD if re.fullmatch(form, option, re.IGNORECASE)), "")
    return f"{history}: {instead}" if instead and "last" in history else history
