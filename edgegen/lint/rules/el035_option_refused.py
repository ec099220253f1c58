"""An option whose value disables the router.

What it does
    Checks the values that Traefik reads without complaint and refuses when it builds the router: ranges of addresses,
    regular expressions, a redirect without a scheme, a prefix that is empty, basic-auth without users, a middleware of
    two kinds, a plugin that is not installed, a server's URL, a balancing strategy.

Why
    Every router that uses it is disabled, and requests get 404.

Example
    `traefik.http.middlewares.lan.ipallowlist.sourcerange=192.168.1`

Instead
    `traefik.http.middlewares.lan.ipallowlist.sourcerange=192.168.1.0/24`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.file_values import servers, tls_options, urls
from edgegen.lint.model import Project, Static
from edgegen.lint.rule import Found, Rule
from edgegen.lint.uses import is_used
from edgegen.traefik.go_network import is_network
from edgegen.traefik.go_values import FALSE, as_number

RULE = Rule("EL035", "option-refused", Severity.HIGH)
_SCHEME = late_pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_ANY_SCHEME = late_pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
"""What Go reads as one: `web:80` has the scheme `web`."""
_STATUS = range(100, 1000)
_FLAGS_OF_HEADERS = frozenset((
    "accesscontrolallowcredentials", "addvaryheader", "browserxssfilter", "contenttypenosniff", "forcestsheader",
    "framedeny", "isdevelopment", "stsincludesubdomains", "stspreload",
))  # fmt: skip
_STRATEGIES = ("", "wrr", "p2c", "hrw", "leasttime")
_LISTENS = (3, 6, 3)
"""From here on a middleware without users is refused; before, it answered 401."""
_SAFE = (3, 7, 3)
"""From here on only its own routers are disabled."""


def check(project: Project) -> Iterator[Found]:
    """Middlewares and services."""
    edge = edge_of(project)
    for middleware in edge.of("middlewares"):
        if middleware.known:
            yield from _by_use(edge, middleware, _of_middleware(edge, middleware))
    for service in edge.of("services"):
        yield from _by_use(edge, service, _of_service(service) if service.section == "http" else _of_stream(service))
    for options in edge.of("options", "tls"):
        yield from _by_use(edge, options, _of_options(options))


def _by_use(edge: Edge, item: Defined, found: Iterator[Found]) -> Iterator[Found]:
    """What no router needs Traefik never builds, so it does not complain either."""
    for one in found:
        yield one if one.severity or is_used(edge, item) else replace(one, severity=Severity.MEDIUM)


def _of_middleware(edge: Edge, item: Defined) -> Iterator[Found]:
    kinds = (
        sorted({option.partition(".")[0] for option in item.item.options})
        if item.item
        else [str(key).lower() for key, value in item.data.items() if value is not None]
    )
    if not kinds and item.item is None:
        yield _found(item, "", "has no type", "give it one, for example `compress: {}`")
        return
    if len(kinds) > 1:
        yield _found(item, "", f"is of several kinds ({', '.join(map(shown, kinds))})", "give each its own name")
        return
    kind = kinds[0] if kinds else ""
    for option, judge in _VALUES.items():
        if option.partition(".")[0] == kind and item.has(option) and (why := judge(item, option)):
            yield _found(item, option, why)
    if item.item is not None and _is_off(kind, {option: text for option, (text, _) in item.item.options.items()}):
        yield _found(item, "", "turns nothing on", "remove it, or turn an option on")
    if kind == "retry" and item.whole and not _attempts(item):
        yield _found(item, "retry.attempts", "has no attempts", "write a number from 1 on")
    if not item.whole:
        return
    for option, why in _NEEDED.items():
        if option.partition(".")[0] == kind and not _says(item, option):
            yield _found(item, option, why)
    if kind == "basicauth" and not item.words("basicauth.users") and not item.has("basicauth.usersfile"):
        yield _without_users(edge, item)
    if kind == "plugin" and edge.traefik is not None:
        yield from _plugin(edge, item)


def _is_off(kind: str, options: Mapping[str, str]) -> bool:
    """Whether all that it says is that something is off: then there is nothing to build."""
    if kind == "headers":
        return all(option.partition(".")[2] in _FLAGS_OF_HEADERS and text in FALSE for option, text in options.items())
    return kind in ("compress", "contenttype") and options.get(kind, "") in FALSE


def _attempts(item: Defined) -> bool:
    text = item.text("retry.attempts")
    return text.lstrip("+").isdecimal() and as_number(text) > 0


def _says(item: Defined, option: str) -> bool:
    if item.item is None:
        return item.value_in_file(option) not in (None, "", [], {})
    return bool(item.text(option).strip() or item.words(option))


def _found(item: Defined, option: str, why: str, hint: str = "") -> Found:
    what = "service" if item.kind == "services" else "middleware"
    uses = "leads to it" if item.kind == "services" else "uses it"
    message = f"the {what} `{shown(item.name)}` {why}, and Traefik disables every router that {uses}"
    return Found(item.owner, message, item.place(option) if option else item.spot, hint)


def _without_users(edge: Edge, item: Defined) -> Found:
    version = edge.project.version
    numbers = (version.major, version.minor, version.patch) if version else (3, 10**6, 10**6)
    name = shown(item.name)
    spot = item.place("basicauth.users")
    if numbers < _LISTENS:
        message = f"the middleware `{name}` has no users, and Traefik answers 401 to everyone"
        return Found(item.owner, message, spot, "add users", Severity.MEDIUM)
    if numbers < _SAFE:
        message = (
            f"the middleware `{name}` has no users: some versions of Traefik below 3.7.3 then show no router at all"
        )
        return Found(item.owner, message, spot, "add users, or update Traefik")
    return _found(item, "basicauth.users", "has no users", "add users")


def _plugin(edge: Edge, item: Defined) -> Iterator[Found]:
    static = edge.traefik.static if edge.traefik else None
    names = {option.split(".")[1] for option in item.item.options if "." in option} if item.item else set()
    for name in sorted(names):
        if (
            static
            and not static.has(f"experimental.plugins.{name}")
            and not static.has(f"experimental.localplugins.{name}")
        ):
            yield _found(item, "", f"needs the plugin `{shown(name)}`, which this Traefik does not load",
                         f"add `--experimental.plugins.{name}.modulename=…`")  # fmt: skip
        elif static and not static.hidden and _has_no_version(static, name):
            yield _found(item, "", f"needs the plugin `{shown(name)}`, which has no `version`: Traefik loads no plugin",
                         f"add `--experimental.plugins.{name}.version=…`")  # fmt: skip


def _has_no_version(static: Static, name: str) -> bool:
    group = f"experimental.plugins.{name}"
    return static.has(group) and not static.has(f"{group}.version")


def _has_no_type(item: Defined) -> Iterator[Found]:
    if item.item is None and all(value is None for value in item.data.values()):
        yield _found(item, "", "has no type", "give it a `loadBalancer`")


def _of_stream(item: Defined) -> Iterator[Found]:
    """A service of TCP or UDP."""
    yield from _has_no_type(item)
    for bad in servers(item) if item.item is None else ():
        yield _found(item, bad.option, bad.why, "write `HOST:PORT`")


def _of_options(item: Defined) -> Iterator[Found]:
    for bad in tls_options(item):
        name = shown(item.name)
        effect = "Traefik goes on without it" if bad.silent else "Traefik disables every router that uses them"
        severity = Severity.MEDIUM if bad.silent else None
        yield Found(item.owner, f"the TLS options `{name}` {bad.why}: {effect}", item.place(bad.option), "", severity)


def _of_service(item: Defined) -> Iterator[Found]:
    yield from _has_no_type(item)
    for bad in urls(item) if item.item is None else ():
        if bad.silent:
            message = f"the service `{shown(item.name)}` {bad.why}: nothing answers there"
            yield Found(item.owner, message, item.place(bad.option), "write `http://…`", Severity.MEDIUM)
        else:
            yield _found(item, bad.option, bad.why, "write `http://…`")
    url = item.text("loadbalancer.server.url")
    if url and not _SCHEME.match(url):
        yield _without_scheme(item, url)
    strategy = item.text("loadbalancer.strategy")
    if strategy not in _STRATEGIES:
        yield _found(item, "loadbalancer.strategy", f"has the strategy `{shown(strategy)}`, which Traefik doesn't know",
                     "write wrr, p2c, hrw or leasttime")  # fmt: skip


def _without_scheme(item: Defined, url: str) -> Found:
    hint = f"write `http://{shown(url)}`"
    option = "loadbalancer.server.url"
    if ":" in url.partition("/")[0] and not _ANY_SCHEME.match(url):
        return _found(item, option, f"has the URL `{shown(url)}`, which has no scheme", hint)
    message = f"the service `{shown(item.name)}` has the URL `{shown(url)}`, which has no scheme: no request gets there"
    return Found(item.owner, message, item.place(option), hint, Severity.MEDIUM)


Judge = Callable[[Defined, str], str]


def _ranges(item: Defined, option: str) -> str:
    if item.words(option) and item.has_gap(option):
        return "has a comma too many in its ranges of addresses"
    bad = next((word for word in item.words(option) if not is_network(word)), None)
    return f"has `{shown(bad)}`, which is not a range of addresses" if bad else ""


def _regex(item: Defined, option: str) -> str:
    from edgegen.traefik.go_regex import check_regex

    texts = item.words(option) if option.startswith("stripprefixregex") else (item.text(option),)
    return _built(lambda: [check_regex(text) for text in texts])


def _condition(item: Defined, option: str) -> str:
    from edgegen.traefik.middlewares.condition import BUFFERING, CIRCUIT_BREAKER, condition

    if not item.text(option) and option.startswith("buffering"):
        return ""  # none
    functions = BUFFERING if option.startswith("buffering") else CIRCUIT_BREAKER
    return _built(lambda: condition(item.text(option), functions))


def _built(check: Callable[[], object]) -> str:
    try:
        check()
    except ValueError as error:
        return f"can't be built: {error}"
    return ""


def _status(item: Defined, option: str) -> str:
    text = item.text(option)
    is_one = not text or (text.isdecimal() and as_number(text) in _STATUS)
    return "" if is_one else f"has `{shown(text)}`, which is not a status code"


def _size(item: Defined, option: str) -> str:
    return f"has a negative size, `{shown(item.text(option))}`" if item.text(option).startswith("-") else ""


def _statuses(item: Defined, option: str) -> str:
    parts = (part for word in item.words(option) for part in word.split("-", 1))
    bad = next((part for part in parts if not re.fullmatch(r"[+-]?\d+", part)), None)
    return f"has `{shown(bad)}`, which is not a status code" if bad is not None else ""


def _encodings(item: Defined, option: str) -> str:
    bad = next((word for word in item.words(option) if word not in ("gzip", "br", "zstd")), None)
    return f"has `{shown(bad)}`, which is not an encoding" if bad else ""


def _not_negative(item: Defined, option: str) -> str:
    text = item.text(option)
    return f"has `{shown(text)}`, which is negative" if text.startswith("-") else ""


_VALUES: Mapping[str, Judge] = {
    "ratelimit.period": _not_negative,
    "ipallowlist.sourcerange": _ranges,
    "ipwhitelist.sourcerange": _ranges,
    "ipallowlist.rejectstatuscode": _status,
    "redirectregex.regex": _regex,
    "replacepathregex.regex": _regex,
    "stripprefixregex.regex": _regex,
    "forwardauth.authresponseheadersregex": _regex,
    "circuitbreaker.expression": _condition,
    "buffering.retryexpression": _condition,
    "errors.status": _statuses,
    **{f"buffering.{name}bodybytes": _size for name in ("maxrequest", "memrequest", "maxresponse", "memresponse")},
    "compress.encodings": _encodings,
}
_NEEDED: Mapping[str, str] = {
    "ipallowlist.sourcerange": "has no range of addresses",
    "ipwhitelist.sourcerange": "has no range of addresses",
    "redirectscheme.scheme": "has no scheme",
    "addprefix.prefix": "has no prefix",
    "errors.service": "has no service",
    "circuitbreaker.expression": "has no expression",
}
