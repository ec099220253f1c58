"""Small stacks, each with one thing changed: a name, a value, a label left out, a second service.

`#` is a different name in each. Traefik itself says what it makes of them; nothing here says which change is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Labels = Mapping[str, str]
Case = tuple[str, str]
"""What was changed, and the lines of the services."""

HASH = "a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/"
HTTP: Labels = {
    "traefik.enable": "true",
    "traefik.docker.network": "edge",
    "traefik.http.routers.#.rule": "Host(`#.test`)",
    "traefik.http.routers.#.entrypoints": "websecure",
    "traefik.http.routers.#.middlewares": "zip#,gate@file",
    "traefik.http.routers.#.service": "#",
    "traefik.http.routers.#.tls.certresolver": "le",
    "traefik.http.routers.#.tls.options": "modern@file",
    "traefik.http.middlewares.zip#.compress": "true",
    "traefik.http.services.#.loadbalancer.server.port": "80",
    "traefik.http.services.#.loadbalancer.serverstransport": "lax@file",
}
TCP: Labels = {
    "traefik.enable": "true",
    "traefik.tcp.routers.#.rule": "HostSNI(`#.test`)",
    "traefik.tcp.routers.#.entrypoints": "websecure",
    "traefik.tcp.routers.#.middlewares": "few#",
    "traefik.tcp.routers.#.service": "#",
    "traefik.tcp.routers.#.tls.certresolver": "le",
    "traefik.tcp.routers.#.tls.options": "modern@file",
    "traefik.tcp.middlewares.few#.ipallowlist.sourcerange": "10.0.0.0/8",
    "traefik.tcp.services.#.loadbalancer.server.port": "80",
}
MIDDLEWARES: Labels = {
    "addprefix.prefix": "/x",
    "basicauth.users": HASH,
    "digestauth.users": "a:r:0123456789abcdef0123456789abcdef",
    "buffering.maxrequestbodybytes": "10",
    "buffering.retryexpression": "IsNetworkError()",
    "chain.middlewares": "zip#",
    "circuitbreaker.expression": "NetworkErrorRatio() > 0.3",
    "compress.encodings": "gzip",
    "errors.service": "#",
    "errors.status": "500-599",
    "headers.framedeny": "true",
    "inflightreq.amount": "5",
    "ipallowlist.sourcerange": "10.0.0.0/8",
    "ipallowlist.rejectstatuscode": "404",
    "ipwhitelist.sourcerange": "10.0.0.0/8",
    "ratelimit.average": "5",
    "redirectregex.regex": "^a",
    "redirectscheme.scheme": "https",
    "replacepath.path": "/x",
    "replacepathregex.regex": "^/a",
    "retry.attempts": "3",
    "stripprefix.prefixes": "/x",
    "stripprefixregex.regex": "^/a",
    "forwardauth.address": "http://127.0.0.1:1",
    "contenttype": "true",
    "grpcweb.alloworigins": "*",
    "plugin.geo.x": "1",
}
"""An option of each kind of middleware, with a good value."""
NAMES = (
    "gate", "gate@file", "far@file", "far", "modern", "modern@file", "default", "default@file", "LE", "le", "web",
    "WEB", "traefik", "api@internal", "noop@internal", "ping@internal", "prometheus@internal", "nope@internal", "zip#",
    "zip#@docker", "#", "#@docker", "app#-#", "a@consul", "web,websecure",
)  # fmt: skip
"""What exists, in the wrong place or with the wrong provider, and what does not."""
RULES = (
    "Host(`#.test`) || Host(`b.#.test`)", "Host(`#.test`,`b.#.test`)", "Host(#.test)", "Host('#.test')",
    'Host("#.test")', "HostHeader(`#.test`)", "host(`#.test`)", "Host(`#.test`", "Host(`#.test`))", "Host()",
    "Host(``)", "Host(`#.test`) &&", "Host(`#.test`) & Path(`/`)", "!Host(`#.test`)", "PathPrefix(`/#`)",
    "PathPrefix(`#`)", "Path(`/#/{id}`)", "PathRegexp(`^/#(`)", r"HostRegexp(`^.+\\.#$$`)", "HostRegexp(`{a:.+}.#`)",
    "Headers(`#`,`b`)", "Header(`#`,`b`)", "HeaderRegexp(`#`,`[`)", "Method(`GET`,`POST`)", "Method(`#`)",
    "Query(`#`,`b`)", "Query(`#=b`)", "ClientIP(`10.0.0.0/8`) && Host(`#.test`)", "ClientIP(`#`)",
    "HostSNI(`#.test`)", "Host(`#.test`) AND Path(`/`)", "Hots(`#.test`)", "#.test", "Host(`*.#.test`)",
)  # fmt: skip
VALUES = ("", "x", "(", "0", "-1", "300.0.0.1", "10.0.0.0/40", "::1", "true", "a,b", "a:b", "/", "http://x")


def all_cases() -> list[Case]:
    """Every case, in a fixed order."""
    return [
        *_of_labels("http", HTTP),
        *_of_labels("tcp", TCP),
        *_of_names(),
        *_of_rules(),
        *_of_middlewares(),
        *_of_services(),
        *_of_networks(),
        *_of_two(),
    ]


def _of_labels(section: str, base: Labels) -> Iterator[Case]:
    yield f"{section}: nothing", _service("app#", base)
    for label in base:
        yield (
            f"{section}: without {label}",
            _service("app#", {key: value for key, value in base.items() if key != label}),
        )
        for value in _changed(base[label]):
            yield f"{section}: {label}={value}", _service("app#", {**base, label: value})


def _changed(value: str) -> Iterator[str]:
    """The value misspelt, of another provider, in other letters, with space, with a comma, empty."""
    bare = value.partition("@")[0]
    yield from ("", value.upper() if value.islower() else value.lower(), bare + "x", bare[1:], f"{value},", f",{value}")
    yield from (f"{value}  ", f"{bare}@docker", f"{bare}@file", f"{bare}@swarm", f"{bare}@internal", f"{bare}@dokcer")
    yield from (f"{value},{value}", f"{value},nope#", f"nope#@file,{value}", f'"{value}"', bare)


def _of_names() -> Iterator[Case]:
    for option in ("middlewares", "service", "tls.options", "tls.certresolver", "entrypoints"):
        for name in NAMES:
            yield f"{option}={name}", _service("app#", {**HTTP, f"traefik.http.routers.#.{option}": name})
    for kind in ("routers", "services", "middlewares"):
        for provider in ("docker", "file", "x"):
            renamed = {_with_at(key, kind, provider): value for key, value in HTTP.items()}
            yield f"{kind} called @{provider}", _service("app#", renamed)


def _with_at(label: str, kind: str, provider: str) -> str:
    words = label.split(".")
    if len(words) > 4 and words[2] == kind:
        words[3] += f"@{provider}"
    return ".".join(words)


def _of_rules() -> Iterator[Case]:
    rule = "traefik.http.routers.#.rule"
    for text in RULES:
        yield f"rule {text}", _service("app#", {**HTTP, rule: text})
        yield f"v2 rule {text}", _service("app#", {**HTTP, rule: text, "traefik.http.routers.#.rulesyntax": "v2"})
    for text in (
        "HostSNI(`*`)",
        "HostSNI(`#.test`)",
        "Host(`#.test`)",
        "HostSNIRegexp(`^.+#$$`)",
        "ALPN(`h2`)",
        "HostSNI(#.test)",
    ):
        yield f"tcp rule {text}", _service("app#", {**TCP, "traefik.tcp.routers.#.rule": text})
        plain = {key: value for key, value in TCP.items() if ".tls." not in key}
        yield f"tcp rule without tls {text}", _service("app#", {**plain, "traefik.tcp.routers.#.rule": text})
    for text in ("0", "5", "-5", "9223372036854774807", "9223372036854774808", "9223372036854775807"):
        yield f"priority {text}", _service("app#", {**HTTP, "traefik.http.routers.#.priority": text})


def _of_middlewares() -> Iterator[Case]:
    for option, good in MIDDLEWARES.items():
        for value in dict.fromkeys((good, *VALUES)):
            labels = {**HTTP, f"traefik.http.middlewares.m#.{option}": value}
            yield f"{option}={value}", _service("app#", {**labels, "traefik.http.routers.#.middlewares": "m#,zip#"})
            if value in ("", "x", "("):
                yield f"unused {option}={value}", _service("app#", labels)
    for option, value in (("redirectscheme.permanent", "true"), ("basicauth.realm", "x"), ("errors.query", "/")):
        labels = {
            **HTTP,
            f"traefik.http.middlewares.m#.{option}": value,
            "traefik.http.routers.#.middlewares": "m#,zip#",
        }
        yield f"only {option}", _service("app#", labels)
        yield (
            f"two kinds with {option}",
            _service("app#", {**labels, "traefik.http.middlewares.m#.addprefix.prefix": "/x"}),
        )


def _of_services() -> Iterator[Case]:
    port = "traefik.http.services.#.loadbalancer.server.port"
    for value in ("http", "80a", "-1", "8080:80", "0", "70000", " 80", "80.5", "8080/tcp"):
        yield f"port {value}", _service("app#", {**HTTP, port: value})
        yield f"tcp port {value}", _service("app#", {**TCP, port.replace("http", "tcp"): value})
    without = {key: value for key, value in HTTP.items() if key != port and "serverstransport" not in key}
    yield "no port, one exposed", _service("app#", without, more="    expose: [80]\n")
    for url in ("http://127.0.0.1:1", "127.0.0.1:1", "web", "//web"):
        yield f"url {url}", _service("app#", {**without, "traefik.http.services.#.loadbalancer.server.url": url})
    for strategy in ("wrr", "p2c", "rr"):
        yield (
            f"strategy {strategy}",
            _service("app#", {**HTTP, "traefik.http.services.#.loadbalancer.strategy": strategy}),
        )
    second = "traefik.http.services.b#.loadbalancer.server.port"
    yield "a second service", _service("app#", {**HTTP, second: "81"})
    nameless = {key: value for key, value in HTTP.items() if not key.endswith(".service")}
    yield "a second service, router names none", _service("app#", {**nameless, second: "81"})
    yield "a second router", _service("app#", {**HTTP, "traefik.http.routers.b#.rule": "Host(`b.#.test`)"})
    yield (
        "a second service without port",
        _service("app#", {**HTTP, "traefik.http.services.b#.loadbalancer.passhostheader": "true"}),
    )
    for enable in ("false", "yes", "1", "TRUE", ""):
        yield f"enable {enable}", _service("app#", {**HTTP, "traefik.enable": enable})


def _of_networks() -> Iterator[Case]:
    for label in ("edge", "inner", "site_inner", "nope", "other_inner", "out", "Edge", ""):
        for networks in ("[edge]", "[edge, inner]", "[inner, edge, out]"):
            yield (
                f"network {label} of {networks}",
                _service("app#", {**HTTP, "traefik.docker.network": label}, networks=networks),
            )


def _of_two() -> Iterator[Case]:
    """A second service that has one name of the first."""
    own = {key.replace("#", "two#"): value.replace("#", "two#") for key, value in HTTP.items()}
    for change in (
        {"traefik.http.routers.#.rule": "Host(`z.#.test`)"},
        {"traefik.http.routers.#.rule": "Host(`#.test`)"},
        {"traefik.http.services.#.loadbalancer.server.port": "81"},
        {"traefik.http.services.#.loadbalancer.server.port": "80"},
        {"traefik.http.services.#.loadbalancer.passhostheader": "false"},
        {"traefik.http.middlewares.zip#.compress": "true"},
        {"traefik.http.middlewares.zip#.addprefix.prefix": "/x"},
        {"traefik.http.routers.two#.middlewares": "zip#"},
        {"traefik.http.routers.two#.service": "#"},
        {"traefik.http.routers.two#.service": "#@docker"},
        {"traefik.http.routers.two#.rule": "Host(`#.test`)"},
    ):
        text = ", ".join(f"{key}={value}" for key, value in change.items())
        yield f"two: {text}", _service("app#", HTTP) + _service("two#", {**own, **change})
    yield "two alike", _service("app#", HTTP) + _service("two#", HTTP)
    nameless = {"traefik.enable": "true", "traefik.http.routers.#.rule": "Host(`#.test`)"}
    yield (
        "two alike without services",
        "".join(_service(f"{name}#", nameless, more="    expose: [80]\n") for name in ("app", "two")),
    )
    yield (
        "two alike, one off",
        _service("app#", HTTP)
        + _service("two#", {**HTTP, "traefik.enable": "false", "traefik.http.routers.#.priority": "5"}),
    )


def _service(name: str, labels: Labels, *, networks: str = "[edge]", more: str = "") -> str:
    lines = "".join(f"      {key}: {_quoted(value)}\n" for key, value in labels.items())
    return f"  {name}:\n    image: app:1\n    networks: {networks}\n{more}    labels:\n{lines}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
