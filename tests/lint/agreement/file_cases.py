"""Dynamic files that differ from a good one by one key, value, place or reference, in YAML and TOML."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.lint.agreement.static_cases import misspelt, toml, yaml

Data = dict[str, Any]
Path = tuple[str | int, ...]

GOOD: Data = {
    "http": {
        "routers": {
            "main": {
                "entryPoints": ["web", "websecure"],
                "rule": "Host(`main.test`) && PathPrefix(`/a`)",
                "middlewares": ["secure", "slow", "chained"],
                "service": "app",
                "priority": 40,
                "tls": {
                    "options": "modern",
                    "domains": [{"main": "main.test", "sans": ["a.test", "b.test"]}],
                },
            },
            "plain": {
                "rule": "Path(`/plain`) || HeaderRegexp(`X-A`, `^a.*`)",
                "service": "weighted",
                "middlewares": ["allow", "limited", "strip", "retried", "squeezed", "broken", "caught", "buffered"],
                "observability": {"accessLogs": False, "metrics": True, "tracing": False},
            },
            "other": {
                "rule": "Method(`GET`) && Query(`a`, `b`)",
                "service": "mirrored",
                "middlewares": ["asked", "known", "moved", "regexed", "prefixed", "replaced", "replacedex", "stripex",
                                "flight", "cert", "typed"],
            },
            "failing": {"rule": "ClientIP(`10.0.0.0/8`)", "service": "failover"},
        },
        "middlewares": {
            "secure": {
                "headers": {
                    "customRequestHeaders": {"X-One": "1"},
                    "customResponseHeaders": {"X-Two": "2"},
                    "accessControlAllowMethods": ["GET", "PUT"],
                    "accessControlAllowOriginList": ["https://a.test"],
                    "accessControlMaxAge": 100,
                    "addVaryHeader": True,
                    "stsSeconds": 31536000,
                    "stsIncludeSubdomains": True,
                    "stsPreload": True,
                    "forceSTSHeader": True,
                    "frameDeny": True,
                    "contentTypeNosniff": True,
                    "browserXssFilter": True,
                    "referrerPolicy": "same-origin",
                    "permissionsPolicy": "camera=()",
                    "contentSecurityPolicy": "default-src 'self'",
                    "isDevelopment": False,
                }
            },
            "slow": {"rateLimit": {"average": 100, "burst": 50, "period": "1m",
                                   "sourceCriterion": {"ipStrategy": {"depth": 2, "excludedIPs": ["10.0.0.1"]}}}},
            "chained": {"chain": {"middlewares": ["allow", "known"]}},
            "allow": {"ipAllowList": {"sourceRange": ["10.0.0.0/8", "127.0.0.1"], "ipStrategy": {"depth": 1}}},
            "limited": {"inFlightReq": {"amount": 10, "sourceCriterion": {"requestHost": True}}},
            "strip": {"stripPrefix": {"prefixes": ["/a", "/b"]}},
            "retried": {"retry": {"attempts": 4, "initialInterval": "100ms"}},
            "squeezed": {"compress": {"excludedContentTypes": ["text/event-stream"], "minResponseBodyBytes": 1024}},
            "broken": {"circuitBreaker": {"expression": "LatencyAtQuantileMS(50.0) > 100", "checkPeriod": "100ms",
                                          "fallbackDuration": "10s", "recoveryDuration": "10s"}},
            "caught": {"errors": {"status": ["500-599", "404"], "service": "app", "query": "/{status}.html"}},
            "buffered": {"buffering": {"maxRequestBodyBytes": 2000000, "memRequestBodyBytes": 1000000,
                                       "maxResponseBodyBytes": 2000000, "memResponseBodyBytes": 1000000,
                                       "retryExpression": "IsNetworkError() && Attempts() < 2"}},
            "asked": {"forwardAuth": {"address": "http://127.0.0.1:1/auth", "trustForwardHeader": False,
                                      "authResponseHeaders": ["X-User"], "authRequestHeaders": ["Accept"],
                                      "authResponseHeadersRegex": "^X-", "maxResponseBodySize": 1000,
                                      "tls": {"insecureSkipVerify": True}}},
            "known": {"basicAuth": {"users": ["ada:$2y$05$e0NhO9yGmLCNnUXkOPGbDOXJnn7gUUL4rOOrhcHMnNLPrFtSBgXPi"],
                                    "realm": "edge", "removeHeader": True, "headerField": "X-User"}},
            "moved": {"redirectScheme": {"scheme": "https", "port": "443", "permanent": True}},
            "regexed": {"redirectRegex": {"regex": "^http://a/(.*)", "replacement": "http://b/${1}",
                                          "permanent": False}},
            "prefixed": {"addPrefix": {"prefix": "/p"}},
            "replaced": {"replacePath": {"path": "/r"}},
            "replacedex": {"replacePathRegex": {"regex": "^/a/(.*)", "replacement": "/b/$1"}},
            "stripex": {"stripPrefixRegex": {"regex": ["/[a-z]+/"]}},
            "flight": {"inFlightReq": {"amount": 5}},
            "cert": {"passTLSClientCert": {"pem": True, "info": {"notAfter": True, "subject": {"commonName": True}}}},
            "typed": {"contentType": {}},
        },
        "services": {
            "app": {
                "loadBalancer": {
                    "servers": [{"url": "http://127.0.0.1:1", "weight": 2}, {"url": "http://127.0.0.1:2"}],
                    "passHostHeader": True,
                    "responseForwarding": {"flushInterval": "50ms"},
                    "serversTransport": "local",
                    "sticky": {"cookie": {"name": "edge", "secure": True, "httpOnly": True, "sameSite": "lax",
                                          "maxAge": 60}},
                }
            },
            "second": {"loadBalancer": {"servers": [{"url": "http://127.0.0.1:3"}]}},
            "weighted": {"weighted": {"services": [{"name": "app", "weight": 3}, {"name": "second", "weight": 1}],
                                      "sticky": {"cookie": {"name": "w"}}}},
            "mirrored": {"mirroring": {"service": "app", "maxBodySize": 1024,
                                       "mirrors": [{"name": "second", "percent": 10}]}},
            "failover": {"failover": {"service": "checked", "fallback": "second"}},
            "checked": {"loadBalancer": {"servers": [{"url": "http://127.0.0.1:4"}],
                                         "healthCheck": {"path": "/up", "interval": "10s", "timeout": "3s",
                                                         "port": 1, "scheme": "http", "method": "GET", "status": 200,
                                                         "followRedirects": True, "headers": {"X-A": "b"}}}},
        },
        "serversTransports": {
            "local": {
                "serverName": "app.test",
                "insecureSkipVerify": True,
                "maxIdleConnsPerHost": 7,
                "disableHTTP2": True,
                "forwardingTimeouts": {"dialTimeout": "3s", "responseHeaderTimeout": "4s", "idleConnTimeout": "5s"},
            }
        },
    },
    "tcp": {
        "routers": {
            "db": {"entryPoints": ["websecure"], "rule": "HostSNI(`db.test`)", "service": "db",
                   "middlewares": ["near"], "tls": {"passthrough": True}},
            "any": {"entryPoints": ["web"], "rule": "HostSNI(`*`)", "service": "shared", "priority": 1},
        },
        "middlewares": {"near": {"ipAllowList": {"sourceRange": ["10.0.0.0/8"]}},
                        "few": {"inFlightConn": {"amount": 3}}},
        "services": {
            "db": {"loadBalancer": {"servers": [{"address": "127.0.0.1:5432"}], "serversTransport": "slow"}},
            "shared": {"weighted": {"services": [{"name": "db", "weight": 1}]}},
        },
        "serversTransports": {"slow": {"dialTimeout": "2s", "dialKeepAlive": "10s"}},
    },
    "udp": {
        "routers": {"dns": {"entryPoints": ["dns"], "service": "dns"}},
        "services": {"dns": {"loadBalancer": {"servers": [{"address": "127.0.0.1:53"}]}}},
    },
    "tls": {
        "options": {"modern": {"minVersion": "VersionTLS12", "sniStrict": False, "curvePreferences": ["X25519"],
                               "cipherSuites": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
                               "alpnProtocols": ["h2", "http/1.1"]}},
    },
}  # fmt: skip

REFERENCES: dict[Path, str] = {
    ("http", "routers", "main", "entryPoints", 0): "wep",
    ("http", "routers", "main", "middlewares", 0): "secured",
    ("http", "routers", "main", "service"): "ap",
    ("http", "routers", "main", "tls", "options"): "moderm",
    ("http", "routers", "other", "service"): "app@docker",
    ("http", "routers", "plain", "middlewares", 3): "allow@docker",
    ("http", "middlewares", "chained", "chain", "middlewares", 1): "unknown",
    ("http", "middlewares", "caught", "errors", "service"): "nope",
    ("http", "services", "app", "loadBalancer", "serversTransport"): "remote",
    ("http", "services", "weighted", "weighted", "services", 1, "name"): "third",
    ("http", "services", "mirrored", "mirroring", "service"): "nope",
    ("http", "services", "mirrored", "mirroring", "mirrors", 0, "name"): "nope",
    ("http", "services", "failover", "failover", "fallback"): "nope",
    ("tcp", "routers", "db", "service"): "dbs",
    ("tcp", "routers", "db", "entryPoints", 0): "websecur",
    ("tcp", "routers", "db", "middlewares", 0): "far",
    ("tcp", "services", "db", "loadBalancer", "serversTransport"): "fast",
    ("tcp", "services", "shared", "weighted", "services", 0, "name"): "nope",
    ("udp", "routers", "dns", "service"): "nope",
    ("udp", "routers", "dns", "entryPoints", 0): "web2",
}

RULES = (
    "Host(main.test)", "Host(`a.test`,`b.test`)", "Host(`a.test`", "HostHeader(`a.test`)", "Host(`a.test`) & Path(`/`)",
    "Host(`a.test`) AND Path(`/`)", "host(`a.test`)", "PathPrefix(`/a`) || !Path(`/a/b`)", "Host()", "Header(`a`)",
    "HostRegexp(`^[a-z`)", "ClientIP(`nope`)", "Host(`*.a.test`)", "HostRegexp(`{sub:[a-z]+}.a.test`)",
    "Headers(`a`, `b`)", "Method(`GET`, `POST`)", "Query(`a=b`)", "PathRegexp(`^/a/[0-9]+$`)", "",
)  # fmt: skip
VALUES: dict[Path, tuple[Any, ...]] = {
    ("http", "middlewares", "allow", "ipAllowList", "sourceRange"): (["nope"], ["10.0.0.0/33"], [], ["10.0.0.1/8"]),
    ("http", "middlewares", "stripex", "stripPrefixRegex", "regex"): (["("], ["^/a"], "^/b"),
    ("http", "middlewares", "regexed", "redirectRegex", "regex"): ("(", "^a(?=b)", ""),
    ("http", "middlewares", "moved", "redirectScheme", "scheme"): ("", "http", "ftp"),
    ("http", "middlewares", "moved", "redirectScheme", "port"): ("", "8443", 443, "abc"),
    ("http", "middlewares", "broken", "circuitBreaker", "expression"): ("", "nope", "NetworkErrorRatio() > 0.1"),
    ("http", "middlewares", "buffered", "buffering", "retryExpression"): ("", "nope", "Attempts() < 3"),
    ("http", "middlewares", "known", "basicAuth", "users"): ([], ["ada"], ["ada:plain"], "ada:x,bob:y"),
    ("http", "middlewares", "caught", "errors", "status"): (["abc"], [], ["500"], [500, "501-504"], "502"),
    ("http", "middlewares", "asked", "forwardAuth", "address"): ("", "nope", "https://127.0.0.1:1"),
    ("http", "middlewares", "asked", "forwardAuth", "authResponseHeadersRegex"): ("(", ""),
    ("http", "middlewares", "slow", "rateLimit", "average"): (0, -1, "10"),
    ("http", "middlewares", "slow", "rateLimit", "period"): (0, 5, "1 minute", "-1s"),
    ("http", "middlewares", "limited", "inFlightReq", "amount"): (0, -1),
    ("http", "middlewares", "retried", "retry", "attempts"): (0, -1),
    ("http", "middlewares", "strip", "stripPrefix", "prefixes"): ([], "/a", ["a"]),
    ("http", "middlewares", "prefixed", "addPrefix", "prefix"): ("", "p"),
    ("http", "middlewares", "replaced", "replacePath", "path"): ("", "r"),
    ("http", "middlewares", "replacedex", "replacePathRegex", "regex"): ("(", ""),
    ("http", "services", "app", "loadBalancer", "servers"): ([], [{}], ["http://127.0.0.1:1"], {"url": "http://a"},
                                                              [{"url": "nope"}], [{"url": "127.0.0.1:1"}]),
    ("http", "services", "app", "loadBalancer", "sticky"): ({}, True, "yes", {"cookie": {}}),
    ("http", "services", "checked", "loadBalancer", "healthCheck", "interval"): (0, "10", "abc", "-1s"),
    ("http", "services", "checked", "loadBalancer", "healthCheck", "path"): ("", "up", "http://a.test/up"),
    ("http", "routers", "main", "priority"): (0, -5, "high", 9223372036854775807),
    ("http", "routers", "main", "tls"): ({}, True, False, "yes", None, []),
    ("http", "routers", "plain", "rule"): RULES,
    ("http", "routers", "main", "entryPoints"): ([], "web", "web,websecure", ["web", "nope"]),
    ("tcp", "routers", "db", "rule"): (
        "HostSNI(db.test)", "HostSNI(`a`,`b`)", "Host(`a`)", "HostSNI(`*`)", "ALPN(`h2`)", "",
    ),
    ("tcp", "routers", "any", "rule"): ("HostSNI(`any.test`)", "HostSNIRegexp(`^.*$`)", "ClientIP(`10.0.0.1`)"),
    ("tcp", "services", "db", "loadBalancer", "servers"): ([], [{"address": "nope"}], [{"address": "a:b"}]),
    ("tcp", "middlewares", "near", "ipAllowList", "sourceRange"): (["nope"], []),
    ("udp", "services", "dns", "loadBalancer", "servers"): ([], [{"address": "nope"}]),
    ("tls", "options", "modern", "minVersion"): ("VersionTLS13", "TLS1.2", ""),
    ("tls", "options", "modern", "cipherSuites"): (["nope"], []),
    ("tls", "options", "modern", "curvePreferences"): (["nope"], ["CurveP256"]),
}  # fmt: skip


@dataclass(frozen=True)
class FileCase:
    """A dynamic file."""

    name: str
    data: Data
    end: str
    path: Path = ()
    """What differs."""

    @property
    def without(self) -> FileCase:
        """The same without what differs."""
        return replace(self, data=changed(self.data, self.path, lambda parent, key: parent.pop(key)))

    @property
    def text(self) -> str:
        """As YAML or TOML."""
        return toml(self.data) if self.end == "toml" else yaml(self.data)


def paths(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every key and index, parents first."""
    items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from paths(value, (*path, key))


def at(data: Any, path: Path) -> Any:
    """What is there."""
    for key in path:
        data = data[key]
    return data


def changed(data: Data, path: Path, change: Callable[[Any, Any], None]) -> Data:
    """A copy, in which the parent of a path was changed."""
    found = copy.deepcopy(data)
    change(at(found, path[:-1]), path[-1])
    return found


def _has(data: Any, path: Path) -> bool:
    try:
        at(data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _set(value: Any) -> Callable[[Any, Any], None]:
    def change(parent: Any, key: Any) -> None:
        parent[key] = value

    return change


def _renamed(word: str) -> Callable[[Any, Any], None]:
    def change(parent: Any, key: Any) -> None:
        items = list(parent.items())
        parent.clear()
        parent.update((word if name == key else name, value) for name, value in items)

    return change


UNHEARD, NUMBER = "unheard", 59173
"""What the good file has nowhere: where Traefik shows one of these, it has not passed it over."""


def _wrong_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return ["yes", "maybe", 1, [], {"a": 1}]
    if isinstance(value, int):
        return ["many", 1.5, True, [value], ""]
    if isinstance(value, str):
        return [NUMBER, [value], {"a": value}, True]
    if isinstance(value, list):
        return [{"a": UNHEARD}, UNHEARD, NUMBER, [[NUMBER]], {}]
    return [UNHEARD, True, [], {}, NUMBER]


def file_cases(good: Data) -> Iterator[FileCase]:
    """Every key misspelt, with values of other types, and moved; every reference; values by hand."""
    turn = 0

    def case(name: str, data: Data, path: Path) -> FileCase:
        nonlocal turn
        turn += 1
        end = ("yml", "toml")[turn % 2] if "null" not in json.dumps(data) else "yml"
        return FileCase(name, data, end, path)

    places = list(paths(good))
    for number, path in enumerate(places):
        shown = ".".join(map(str, path))
        if isinstance(path[-1], str):
            word = misspelt(path[-1], number)
            yield case(f"misspelt {shown}", changed(good, path, _renamed(word)), (*path[:-1], word))
        for value in _wrong_values(at(good, path))[number % 2 :: 2]:
            yield case(f"value {shown}={value!r}", changed(good, path, _set(value)), path)
        if isinstance(path[-1], str) and len(path) > 2:
            other = places[(number * 7) % len(places)]
            if isinstance(at(good, other), dict) and path[-1] not in at(good, other) and other[:2] != path[:2]:
                moved = (*other, path[-1])
                name = f"moved {shown} to {'.'.join(map(str, other))}"
                yield case(name, changed(good, moved, _set(copy.deepcopy(at(good, path)))), moved)
    for path, reference in REFERENCES.items():
        if _has(good, path):
            yield case(f"reference {'.'.join(map(str, path))}={reference}", changed(good, path, _set(reference)), path)
    for path, values in VALUES.items():
        for value in values if _has(good, path[:-1]) else ():
            yield case(f"by hand {'.'.join(map(str, path))}={value!r}", changed(good, path, _set(value)), path)
