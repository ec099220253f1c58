"""Middlewares as a user writes them: every kind, with options that Traefik takes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties import hostile

Data = dict[str, Any]
BCRYPT = "ci:$2y$05$XnlQHNnBlNuQMhPVYKFxRujLVbLgRFDHhHj8V9vFnsU4XLYP3QEQi"
DIGEST = "ci:traefik:a2688e031edb4be6a3797f3882655c05"

flag = st.booleans()
small = st.integers(1, 1000)
large = st.integers(0, 10**12)
duration = st.sampled_from(["1s", "500ms", "1m30s", "2h", "10s"])
path = st.sampled_from(["/", "/api", "/a b", "/a/b/c", "/ü", "/x$y"])
prefix = st.sampled_from(["/api", "/v1", "/a-b", "/x.y", "/p$q"])
regex = st.sampled_from(["^/api/(.*)", "^/v[0-9]+/", "a|b", "^https?://[^/]+/(.*)$", r"\d+", "(?i)x", "[[:alpha:]]+"])
header = st.sampled_from(["X-One", "X-Forwarded-User", "Authorization", "X_Two", "x-3"])
origin = st.sampled_from(["https://a.example", "http://b.example:8080", "*", "https://c.example"])
status = st.sampled_from(["404", "500-599", "502-504", "429", 503])
code = st.sampled_from([403, 404, 418, 429, 503])
cidr = st.sampled_from(["198.51.100.0/24", "2001:db8::/32", "192.0.2.7", "10.0.0.0/8"])
method = st.sampled_from(["GET", "POST", "PUT"])
LINE, WORDS = hostile.line.map(hostile.unbraced), hostile.words.map(hostile.unbraced)
"""No variables: Compose does not read the options of a middleware."""

headers = st.dictionaries(header, LINE, min_size=1, max_size=3)


def _some(items: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=1, max_size=most, unique=True)


def _kind(name: str, required: Data | None = None, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({"kind": st.just(name), **(required or {})}, optional=optional)


strategy = st.fixed_dictionaries(
    {"depth": st.integers(0, 5)}, optional={"excluded_ips": _some(cidr), "ipv6_subnet": st.integers(1, 128)}
)
criterion = st.one_of(
    st.fixed_dictionaries({"ip_strategy": strategy}),
    st.fixed_dictionaries({"request_header_name": header}),
    st.fixed_dictionaries({"request_host": st.just(True)}),
)
redis = st.fixed_dictionaries(
    {"endpoints": st.just(["127.0.0.1:1"])},
    optional={"db": st.integers(0, 9), "pool_size": small, "min_idle_conns": small, "dial_timeout": duration},
)
sts = st.integers(0, 10**9)
expression = st.sampled_from(
    ["NetworkErrorRatio() > 0.3", "LatencyAtQuantileMS(50.0) > 100", "ResponseCodeRatio(500, 600, 0, 600) > 0.25"]
)
retries = st.sampled_from(["IsNetworkError() && Attempts() < 2", "ResponseCode() >= 500"])
parts = st.fixed_dictionaries({"country": flag}, optional={"common_name": flag, "organization": flag})

KINDS: dict[str, st.SearchStrategy[Data]] = {
    "add-prefix": _kind("add-prefix", {"prefix": prefix}),
    "basic-auth": _kind(
        "basic-auth", {"users": st.just([BCRYPT])}, realm=WORDS, header_field=header, remove_header=flag
    ),
    "digest-auth": _kind("digest-auth", {"users": st.just([DIGEST])}, realm=WORDS, remove_header=flag),
    "buffering": _kind(
        "buffering", {"max_request_body_bytes": large}, mem_request_body_bytes=large, max_response_body_bytes=large,
        mem_response_body_bytes=large, retry_expression=retries,
    ),
    "circuit-breaker": _kind(
        "circuit-breaker", {"expression": expression}, check_period=duration, fallback_duration=duration,
        recovery_duration=duration, response_code=code,
    ),
    "compress": _kind(
        "compress", encodings=_some(st.sampled_from(["gzip", "br", "zstd"])), min_response_body_bytes=large,
        excluded_content_types=_some(st.sampled_from(["text/event-stream", "image/png"])),
    ),
    "content-type": _kind("content-type"),
    "encoded-characters": _kind(
        "encoded-characters", {"allow_encoded_slash": flag}, allow_encoded_percent=flag, allow_encoded_hash=flag
    ),
    "forward-auth": _kind(
        "forward-auth", {"address": st.sampled_from(["http://auth:9000/verify", "https://a.example/x?y=$z"])},
        trust_forward_header=flag, auth_request_headers=_some(header), auth_response_headers=_some(header),
        auth_response_headers_regex=regex, forward_body=flag, max_body_size=st.integers(-1, 10**9), header_field=header,
        preserve_location_header=flag, preserve_request_method=flag,
        tls=st.fixed_dictionaries({"insecure_skip_verify": flag}),
    ),
    "grpc-web": _kind("grpc-web", {"allow_origins": _some(origin)}),
    "headers": _kind(
        "headers", {"custom_response_headers": headers}, custom_request_headers=headers,
        access_control_allow_credentials=flag, access_control_allow_headers=_some(header),
        access_control_allow_methods=_some(method), access_control_allow_origin_list=_some(origin),
        access_control_max_age=large, add_vary_header=flag, sts_seconds=sts, sts_include_subdomains=flag,
        force_sts_header=flag, frame_deny=flag, content_security_policy=WORDS, referrer_policy=WORDS,
        permissions_policy=WORDS, browser_xss_filter=flag, custom_browser_xss_value=WORDS,
    ),
    "in-flight-req": _kind("in-flight-req", {"amount": small}, source_criterion=criterion),
    "ip-allow-list": _kind(
        "ip-allow-list", {"source_range": _some(cidr)}, ip_strategy=strategy, reject_status_code=code
    ),
    "pass-tls-client-cert": _kind(
        "pass-tls-client-cert", {"pem": flag},
        info=st.fixed_dictionaries({"not_after": flag}, optional={"sans": flag, "subject": parts, "issuer": parts}),
    ),
    "rate-limit": _kind(
        "rate-limit", {"average": small}, burst=small, period=duration, source_criterion=criterion, redis=redis
    ),
    "redirect-regex": _kind(
        "redirect-regex", {"regex": regex, "replacement": st.sampled_from(["https://x.example/${1}", "/y$1", "$${a}"])},
        permanent=flag,
    ),
    "redirect-scheme": _kind(
        "redirect-scheme", {"scheme": st.just("https")}, port=st.sampled_from(["443", 8443]), permanent=flag
    ),
    "replace-path": _kind("replace-path", {"path": path}),
    "replace-path-regex": _kind(
        "replace-path-regex", {"regex": regex, "replacement": st.sampled_from(["/$1", "/x", "/${1}/$2"])}
    ),
    "retry": _kind(
        "retry", {"attempts": st.integers(1, 10)}, initial_interval=duration, timeout=duration, status=_some(status),
        max_request_body_bytes=st.integers(-1, 10**9), retry_non_idempotent_method=flag,
    ),
    "secure-headers": _kind(
        "secure-headers", hsts_seconds=sts, include_subdomains=flag, frame=st.sampled_from(["DENY", "SAMEORIGIN"]),
        referrer_policy=WORDS,
    ),
    "strip-prefix": _kind("strip-prefix", {"prefixes": _some(prefix)}),
    "strip-prefix-regex": _kind("strip-prefix-regex", {"regex": _some(regex)}),
}  # fmt: skip
"""Without `chain` and `errors`, which name other things of a spec: `specs` makes those."""

ON_REGISTRY = tuple(kind for kind in KINDS if kind != "buffering")

named = st.one_of(*KINDS.values())
"""Any kind, for `middlewares:`."""
any_kind = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: KINDS[kind])
before_registry = st.sampled_from(sorted(ON_REGISTRY)).flatmap(lambda kind: KINDS[kind])
