"""A pull-through cache of one upstream registry. It doesn't accept pushes."""

from __future__ import annotations

from edgegen.kinds.parts import Context, Parts
from edgegen.kinds.registry import assemble, common_settings, htpasswd_auth
from edgegen.spec.registry_cache import RegistryCache


def build(context: Context, name: str, service: RegistryCache) -> Parts:
    """The cache: a registry with an upstream."""
    settings = common_settings(context, name, service)
    settings.environment["REGISTRY_PROXY_REMOTEURL"] = service.upstream.rstrip("/")
    # Without delete the cache can't evict what has expired.
    settings.environment["REGISTRY_STORAGE_DELETE_ENABLED"] = "true"
    if service.cache_for:
        settings.environment["REGISTRY_PROXY_TTL"] = service.cache_for
    settings.environment.update(htpasswd_auth())
    if service.username:
        settings.secrets["REGISTRY_PROXY_USERNAME"] = service.username.secret
    if service.password:
        settings.secrets["REGISTRY_PROXY_PASSWORD"] = service.password.secret
    return assemble(context, name, service, settings)
