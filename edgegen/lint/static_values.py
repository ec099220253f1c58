"""Values of static options that are right for their type and wrong for Traefik. Each was tried with 3.7.15. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from edgegen.core.finding import Severity
from edgegen.core.names import Duration, seconds_of
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean
from edgegen.lint.corrections import is_slip
from edgegen.lint.model import Value
from edgegen.traefik.go_network import is_network
from edgegen.traefik.go_values import TRUE, as_number
from edgegen.traefik.version import Version, is_at_least


class ValueFault(Struct, frozen=True):
    """A value that Traefik does not take as it is written."""

    option: str
    why: str
    severity: Severity = Severity.HIGH
    hint: str = ""
    meant: str = ""
    """What was meant, where that is certain."""


Faults = Iterator[ValueFault]
Options = Mapping[str, Value]
_ENDS = "and Traefik does not start"
_PROXY_PROTOCOL = late_pattern(r"entrypoints\.[^.]+\.proxyprotocol(\.|$)")
_LEVELS = ("trace", "debug", "info", "warn", "error", "fatal", "panic", "disabled")
_KEYS = ("EC256", "EC384", "RSA2048", "RSA4096", "RSA8192")
_PROVIDERS = ("swarm", "docker", "file", "kubernetescrd", "kubernetes", "kubernetesgateway", "kubernetesingress",
              "kubernetesingressnginx", "knative", "rest", "consulcatalog", "nomad", "ecs", "consul", "etcd",
              "zookeeper", "redis", "http", "internal", "plugin")  # fmt: skip
_OLD_DNS = {
    "googledomains": "", "cloudxns": "", "brandit": "", "dnspod": "tencentcloud", "azure": "azuredns",
}  # fmt: skip


def value_faults(options: Options, version: Version | None) -> Faults:
    """What is wrong with the values of one static configuration."""
    for option, value in options.items():
        if not value.known:
            continue
        if check := _check_of(option):
            yield from check(option, value.text)
    yield from _exclusive(options)
    yield from _deprecated(options, version)


def _one_of(words: tuple[str, ...], what: str, severity: Severity, *, fold: bool = False) -> Callable[..., Faults]:
    def check(option: str, text: str) -> Faults:
        if (text.lower() if fold else text) in words or not text:
            return
        hint = did_you_mean(text, words, f"it takes {', '.join(words)}")
        meant = [word for word in words if _is_meant(text.lower(), word.lower())]
        yield ValueFault(option, f"`{shown(text)}` {what}", severity, hint, meant[0] if len(meant) == 1 else "")

    return check


def _address(option: str, text: str) -> Faults:
    if not text:
        why = "an entrypoint without an address listens on whatever port is free"
        yield ValueFault(option, why, Severity.MEDIUM, "write `:PORT`")
        return
    address, slash, protocol = text.partition("/")
    if slash and protocol.lower() not in ("tcp", "udp"):
        yield ValueFault(option, f"`{shown(protocol)}` is not a protocol, {_ENDS}", hint="write `tcp` or `udp`")
        return
    host, colon, port = address.rpartition(":")
    if not colon or (":" in host and not (host.startswith("[") and host.endswith("]"))):
        is_port = address.isascii() and address.isdigit() and as_number(address) <= 65535
        hint = f"did you mean `:{address}`?" if address.isdigit() else "write `:PORT`, or `HOST:PORT`"
        why, meant = f"`{shown(text)}` is not an address, {_ENDS}", f":{text}" if is_port else ""
        yield ValueFault(option, why, hint=hint, meant=meant)
    elif re.fullmatch(r"[+-]?\d+", port) and not 0 <= as_number(port) <= 65535:
        yield ValueFault(option, f"`{shown(port)}` is not a port, {_ENDS}")


def _networks(option: str, text: str) -> Faults:
    for part in (item.strip() for item in text.split(",")):
        if part and not is_network(part):
            yield ValueFault(option, f"`{shown(part)}` is not an IP address or a network like 10.0.0.0/8, {_ENDS}")


def _storage(option: str, text: str) -> Faults:
    if not text:
        yield ValueFault(option, f"a resolver needs a file to keep its certificates in, {_ENDS}")


def _hours(option: str, text: str) -> Faults:
    if re.fullmatch(r"[+-]?\d{1,18}", text) and int(text) < 1:
        why = "a certificate must last an hour at least, and Traefik leaves this resolver out"
        yield ValueFault(option, why)


def _at_least_zero(option: str, text: str) -> Faults:
    if re.fullmatch(r"-\d{1,18}", text) and int(text):
        yield ValueFault(option, f"it must be zero or more, {_ENDS}")


def _status_codes(option: str, text: str) -> Faults:
    for part in (item.strip() for item in text.split(",")):
        ends = part.split("-")
        if len(ends) > 2 or not all(re.fullmatch(r"[+]?\d+", end) for end in ends):
            why = f"`{shown(part)}` is not a status code or a range like 200-299: nothing is filtered"
            yield ValueFault(option, why, Severity.MEDIUM)
            return


def _base_path(option: str, text: str) -> Faults:
    if not text.startswith("/"):
        yield ValueFault(option, f"`{shown(text)}` must begin with `/`, {_ENDS}")


def _precedence(option: str, text: str) -> Faults:
    for part in (item.strip().lower() for item in text.split(",")):
        if part and part not in _PROVIDERS:
            hint = did_you_mean(part, _PROVIDERS)
            yield ValueFault(option, f"`{shown(part)}` is not a provider, {_ENDS}", hint=hint)


def _socket(option: str, text: str) -> Faults:
    if text and not text.startswith(("tcp://", "unix://")):
        yield ValueFault(option, f"`{shown(text)}` is not an address like `unix:///run/agent.sock`, {_ENDS}")


def _old_dns(option: str, text: str) -> Faults:
    if text in _OLD_DNS:
        now = _OLD_DNS[text]
        yield ValueFault(option, f"`{text}` is deprecated", Severity.LOW, f"write `{now}`" if now else "")


def _retired(instead: str) -> Callable[..., Faults]:
    def check(option: str, text: str) -> Faults:
        if text not in ("", "0", "false", "0s"):
            yield ValueFault(option, "it is deprecated", Severity.LOW, f"write `{instead}`")

    return check


def _is_meant(text: str, word: str) -> bool:
    """`ec256` for `EC256`, `debgu` for `debug`, `warning` for `warn`."""
    return text == word or is_slip(text, word) or (text in _LONGER and text.startswith(word))


_LONGER = ("warning", "errors", "information")
_STRATEGY = _one_of(("keep", "delete", "reject"), f"is not a strategy, {_ENDS}", Severity.HIGH)
_MODE = _one_of(("keep", "drop", "redact"), "is not a mode: the field is kept", Severity.LOW)
_EP = "entrypoints.*."
_ACME = "certificatesresolvers.*.acme."
_NAMED = ("entrypoints", "certificatesresolvers")
"""Groups in which the second word is a name: `*` here."""
_CHECKS: Mapping[str, Callable[..., Faults]] = {
    f"{_EP}address": _address,
    f"{_EP}forwardedheaders.trustedips": _networks,
    f"{_EP}proxyprotocol.trustedips": _networks,
    f"{_EP}http.aliasheadersstrategy": _STRATEGY,
    f"{_EP}http.underscoreheadersstrategy": _STRATEGY,
    f"{_ACME}storage": _storage,
    f"{_ACME}keytype": _one_of(_KEYS, "is not a key type that Traefik knows: it takes RSA4096", Severity.MEDIUM),
    f"{_ACME}certificatesduration": _hours,
    f"{_ACME}dnschallenge.provider": _old_dns,
    f"{_ACME}dnschallenge.delaybeforecheck": _retired("dnschallenge.propagation.delaybeforechecks"),
    f"{_ACME}dnschallenge.disablepropagationcheck": _retired("dnschallenge.propagation.disablechecks"),
    "log.level": _one_of(_LEVELS, "is not a level: Traefik logs errors only", Severity.MEDIUM, fold=True),
    "log.format": _one_of(("common", "json"), "is not a format: Traefik takes `common`", Severity.MEDIUM),
    "accesslog.format": _one_of(
        ("common", "json", "genericCLF"), "is not a format: Traefik takes `common`", Severity.MEDIUM
    ),
    "accesslog.filters.statuscodes": _status_codes,
    "accesslog.bufferingsize": _at_least_zero,
    "spiffe.workloadapiaddr": _socket,
    "core.defaultrulesyntax": _one_of(("v2", "v3"), f"is not a syntax, {_ENDS}", Severity.HIGH),
    "providers.precedence": _precedence,
    "api.basepath": _base_path,
}
_FORMS: tuple[tuple[str, re.Pattern[str], Callable[..., Faults]], ...] = (
    (f"{_EP}http2.max", late_pattern(r"\w+"), _at_least_zero),
    ("accesslog.fields.", late_pattern(r"(headers\.|queryparameters\.)?(defaultmode|names\..*)"), _MODE),
)
"""How several options begin, what they go on with, and their check."""


def _check_of(option: str) -> Callable[..., Faults] | None:
    group, _, rest = option.partition(".")
    name, _, rest = rest.partition(".")
    form = f"{group}.*.{rest}" if name and group in _NAMED else option
    others = (check for start, more, check in _FORMS if form.startswith(start) and more.fullmatch(form[len(start) :]))
    return _CHECKS.get(form) or next(others, None)


def _exclusive(options: Options) -> Faults:
    names = {option.split(".")[1] for option in options if option.startswith("certificatesresolvers.")}
    for name in sorted(names):
        start = f"certificatesresolvers.{name}."
        tailscale = _first(options, f"{start}tailscale")
        is_on = tailscale and (tailscale != f"{start}tailscale" or options[tailscale].text in ("", "true"))
        if is_on and _first(options, f"{start}acme"):
            yield ValueFault(tailscale, f"a resolver is for ACME or for Tailscale, not for both, {_ENDS}")
        yield from _timeouts(options, start + "acme.")
    yield from _experimental(options, "log.otlp", "otlpLogs")
    yield from _experimental(options, "accesslog.otlp", "otlpLogs")
    yield from _grpc(options)
    yield from _proxy_protocol(options)
    yield from _plugins(options)
    yield from _experimental(options, "providers.knative", "knative")


def _first(options: Options, group: str) -> str:
    """The first option that is this one or below it."""
    return next((option for option in options if option == group or option.startswith(f"{group}.")), "")


def _experimental(options: Options, group: str, needed: str) -> Faults:
    used, on = _first(options, group), options.get(f"experimental.{needed.lower()}")
    if used and options[used].text.lower() != "false" and (on is None or (on.known and on.text not in TRUE)):
        yield ValueFault(used, f"it needs `experimental.{needed}`, {_ENDS}")


def _plugins(options: Options) -> Faults:
    for option in options:
        words = option.split(".")
        if option.startswith("providers.plugin.") and not any(
            other.startswith((f"experimental.plugins.{words[2]}.", f"experimental.localplugins.{words[2]}."))
            for other in options
        ):
            yield ValueFault(option, f"no plugin `{shown(words[2])}` is loaded, {_ENDS}")
    spiffe = next((option for option in options if option.startswith("tcpserverstransport.tls.spiffe.")), "")
    if spiffe and not any(option.startswith("serverstransport.spiffe") for option in options):
        why = "Traefik fails on it unless `serversTransport.spiffe` is set, too: its API and redirections are gone"
        yield ValueFault(spiffe, why)


def _proxy_protocol(options: Options) -> Faults:
    groups = {".".join(option.split(".")[:3]) for option in options if _PROXY_PROTOCOL.match(option)}
    for group in sorted(groups):
        alone, trusted, all_of_them = (options.get(group + end) for end in ("", ".trustedips", ".insecure"))
        if alone is not None and alone.text.lower() not in ("", "true"):
            continue
        if all_of_them is not None and (not all_of_them.known or all_of_them.text in TRUE):
            continue
        if trusted is None or (trusted.known and not trusted.text):
            why, hint = f"`proxyProtocol` trusts nobody, {_ENDS}", "set `proxyProtocol.trustedIPs`"
            yield ValueFault(_first(options, group), why, hint=hint)


def _grpc(options: Options) -> Faults:
    for group in ("log.otlp", "accesslog.otlp", "tracing.otlp", "metrics.otlp"):
        start = f"{group}.grpc."
        insecure = options.get(start + "insecure")
        if insecure and insecure.text in TRUE and any(option.startswith(start + "tls.") for option in options):
            yield ValueFault(start + "insecure", f"`insecure` and `tls` exclude each other, {_ENDS}")


def _timeouts(options: Options, start: str) -> Faults:
    whole = options.get(start + "clienttimeout")
    header = options.get(start + "clientresponseheadertimeout")
    if whole is None and header is None:
        return
    seconds = [_seconds(value.text if value else usual) for value, usual in ((whole, "120"), (header, "30"))]
    if seconds[0] is not None and seconds[1] is not None and seconds[0] < seconds[1]:
        option = start + ("clienttimeout" if whole else "clientresponseheadertimeout")
        why = "`clientTimeout` must be at least `clientResponseHeaderTimeout`: Traefik leaves this resolver out"
        yield ValueFault(option, why)


def _seconds(text: str) -> float | None:
    if re.fullmatch(r"-?\d{1,12}", text):
        return float(text)
    try:
        return seconds_of(Duration.parse(text))
    except ValueError:
        return None


_RETIRED: tuple[tuple[str, Version, str], ...] = (
    ("core.defaultrulesyntax", Version(3, 4, 0), "write the rules in the syntax of version 3"),
    ("tracing.globalattributes", Version(3, 3, 0), "write `tracing.resourceAttributes`"),
    ("experimental.kubernetesgateway", Version(3, 1, 0), "only `providers.kubernetesGateway` is needed"),
    ("experimental.kubernetesingressnginx", Version(3, 7, 2), "only `providers.kubernetesIngressNGINX` is needed"),
    ("providers.kubernetesingress.disableingressclasslookup", Version(3, 1, 0), "write `disableClusterScopeResources`"),
)
"""Options that still work, and for which Traefik writes a warning: from which version on, and what to write."""


def _deprecated(options: Options, version: Version | None) -> Faults:
    for option, value in options.items():
        for old, first, hint in _RETIRED:
            # The value `v2` is warned about since it exists, the option itself since 3.4.
            since = Version(3, 0, 0) if old == "core.defaultrulesyntax" and value.text == "v2" else first
            if (option == old or option.startswith(old + ".")) and value.text and is_at_least(version, since):
                yield ValueFault(
                    option, f"it is deprecated since Traefik {since.major}.{since.minor}", Severity.LOW, hint
                )
