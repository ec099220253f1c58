"""A variable that the registry ignores, or that stops it.

What it does
    Reports `REGISTRY_…` variables whose name no option has, with the nearest one, and `REGISTRY_AUTH=htpasswd`
    without a realm or a path.

Why
    An unknown name costs one line in the log (`Ignoring unrecognized environment variable`). If it was meant
    to set the login, the registry is open. Without a realm or a path the registry stops at once.

Example
    `REGISTRY_AUTH_HTPASWD_PATH: /auth/htpasswd`

Instead
    `REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.suggest import suggest
from edgegen.lint.corrections import is_slip
from edgegen.lint.edits import fix, rename_label
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.views.registries import Registry, registries

RULE = Rule("EL090", "registry-variables", Severity.MEDIUM)
_LEAVES = """
version loglevel log_level log_formatter log_fields log_accesslog_disabled log_hooks log_reportcaller storage
storage_filesystem_rootdirectory storage_filesystem_maxthreads storage_inmemory storage_delete_enabled
storage_redirect_disable storage_tag_concurrencylimit storage_cache_blobdescriptor storage_cache_blobdescriptorsize
storage_maintenance_readonly storage_maintenance_readonly_enabled storage_maintenance_uploadpurging_enabled
storage_maintenance_uploadpurging_age storage_maintenance_uploadpurging_interval
storage_maintenance_uploadpurging_dryrun storage_maintenance_uploadpurging auth auth_silly_realm auth_silly_service
auth_token_realm auth_token_service auth_token_issuer auth_token_rootcertbundle auth_token_autoredirect
auth_token_autoredirectpath auth_token_jwks auth_token_signingalgorithms auth_htpasswd auth_htpasswd_realm
auth_htpasswd_path auth_none auth_silly auth_token http_addr http_net http_host http_prefix http_secret
http_relativeurls http_draintimeout http_tls_certificate http_tls_key http_tls_clientcas http_tls_clientauth
http_tls_minimumtls http_tls_ciphersuites http_tls_letsencrypt_cachefile http_tls_letsencrypt_email
http_tls_letsencrypt_hosts http_tls_letsencrypt_directoryurl http_tls http_debug_addr http_debug_prometheus_enabled
http_debug_prometheus_path http_http2_disabled http_h2c_enabled notifications_events_includereferences proxy_remoteurl
proxy_username proxy_password proxy_ttl proxy_exec_command proxy_exec_lifetime validation_disabled validation_enabled
validation_manifests_urls_allow validation_manifests_urls_deny validation_manifests_indexes_platforms
validation_manifests_indexes_platformlist compatibility_schema1_enabled compatibility_schema1_signingkeyfile
compatibility_schema1_trustkey policy_repository_classes catalog_maxentries health_storagedriver_enabled
health_storagedriver_interval health_storagedriver_threshold
"""

_OPEN = tuple(
    f"REGISTRY_{part}_"
    for part in ("STORAGE_S3", "STORAGE_AZURE", "STORAGE_GCS", "STORAGE_SWIFT", "STORAGE_OSS", "STORAGE_RADOS",
                 "STORAGE_MIDDLEWARE", "MIDDLEWARE", "HTTP_HEADERS", "NOTIFICATIONS", "REDIS", "HEALTH", "LOG_FIELDS",
                 "LOG_HOOKS", "REPORTING", "AUTH_TOKEN", "STORAGE_CACHE", "VALIDATION")
)  # fmt: skip
_KNOWN = frozenset(f"REGISTRY_{leaf.upper()}" for leaf in _LEAVES.split())
_SECTIONS = frozenset("_".join(name.split("_")[:count]) for name in _KNOWN for count in (2, 3, 4))
"""REGISTRY_ and the path of an option. Source: the registry's configuration reference. Sections with names of the
user's own (headers, middlewares, end points) take anything below them."""


def check(project: Project) -> Iterator[Found]:
    """Each variable of each registry."""
    for registry in registries(project):
        for name, value in registry.service.environment.items():
            if not name.startswith("REGISTRY_") or _is_known(name):
                continue
            meant = suggest(name, _KNOWN)
            login = name.startswith("REGISTRY_AUT") or bool(meant and meant.startswith("REGISTRY_AUTH"))
            yield Found(
                registry.service.name,
                f"the registry ignores `{name}`: no option has that name" + (", so it sets no login" if login else ""),
                value.spot.of_key if value else registry.service.spot,
                f"did you mean `{meant}`?" if meant else "",
                fix=_fix(registry, name, value, meant),
            )
        yield from _incomplete(registry)


def _fix(registry: Registry, name: str, value: Value | None, meant: str | None) -> Fix | None:
    """Where one letter is wrong, and the right variable is not there as well."""
    if value is None or not meant or not is_slip(name, meant) or meant in registry.service.environment:
        return None
    return fix(f"write `{meant}`", rename_label(value, name, meant))


def _incomplete(registry: Registry) -> Iterator[Found]:
    said = registry.variables
    value = registry.service.environment.get("REGISTRY_AUTH")
    if value is None or value.text != "htpasswd" or registry.config is not None or registry.service.partial:
        return
    lacks = [name for name in ("REGISTRY_AUTH_HTPASSWD_REALM", "REGISTRY_AUTH_HTPASSWD_PATH") if name not in said]
    if lacks:
        message = f"the registry exits at startup: `REGISTRY_AUTH=htpasswd` needs `{lacks[0]}`"
        yield Found(registry.service.name, message, value.spot, f"add `{lacks[0]}`", Severity.HIGH)


def _is_known(name: str) -> bool:
    """Whether an option, or a section as a whole, has this name."""
    return name in _KNOWN or name in _SECTIONS or name.startswith(_OPEN) or name + "_" in _OPEN
