"""A middleware's option that Traefik 3 takes and does not obey.

What it does
    Reports options of Traefik 2's middlewares, in labels and files, that Traefik 3 still reads and ignores:
    `headers.sslRedirect` and its like, `headers.featurePolicy`, `stripPrefix.forceSlash`, `…tls.caOptional`,
    `contentType.autoDetect`; and `ipWhiteList`, which is called `ipAllowList` now. With `--fix` an option is removed
    where that changes nothing, and the renamed one renamed.

Why
    Traefik 3 says nothing about most of them. Plain HTTP is no longer redirected, and no log says so.

Example
    `traefik.http.middlewares.secure.headers.sslredirect=true`

Instead
    Redirect at the entrypoint: `--entrypoints.web.http.redirections.entrypoint.to=websecure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined
from edgegen.lint.edits import fix, rename_key, rename_label
from edgegen.lint.rule import Edit, Fix, Found, Rule
from edgegen.lint.upgrade.options import entry
from edgegen.lint.upgrade.way import Way

RULE = Rule("EL204", "option-without-effect", Severity.HIGH)
_REDIRECT = "plain HTTP is not redirected any more"
_TO_ENTRYPOINT = "redirect at the entrypoint: `--entrypoints.NAME.http.redirections.entrypoint.to=…`"


class _Option(Struct, frozen=True):
    """`needless` is the value for which nothing changes; `*` is any."""

    name: str
    what: str
    hint: str = ""
    needless: str = ""
    severity: Severity = Severity.HIGH


_OPTIONS = (
    _Option("headers.sslredirect", _REDIRECT, _TO_ENTRYPOINT, "false"),
    _Option("headers.ssltemporaryredirect", _REDIRECT, _TO_ENTRYPOINT, "false"),
    _Option("headers.sslforcehost", "requests for other hosts are not redirected any more", _TO_ENTRYPOINT, "false"),
    _Option("headers.sslhost", "it is the host of a redirection that no longer happens", _TO_ENTRYPOINT, "",
            Severity.MEDIUM),
    _Option("headers.featurepolicy", "the header is not sent any more", "use `permissionsPolicy`", "", Severity.MEDIUM),
    _Option("stripprefix.forceslash", "a stripped path begins with `/` in any case", "", "true", Severity.MEDIUM),
    _Option("forwardauth.tls.caoptional", "it is an option of servers, and not of clients", "", "*"),
    _Option("contenttype.autodetect", "the middleware by itself now means that types are detected",
            "remove the middleware where they must not be", "true", Severity.MEDIUM),
)  # fmt: skip


def check(way: Way) -> Iterator[Found]:
    """Each middleware of HTTP."""
    if not way.leaves_2:
        return
    for item in way.edge.of("middlewares", "http"):
        for option in _OPTIONS:
            if item.has(option.name):
                yield _found(item, option)
        if item.has("ipwhitelist"):
            message = f"`ipWhiteList` of `{shown(item.name)}` is called `ipAllowList` in Traefik 3"
            yield Found(item.owner, message, item.place("ipwhitelist"), severity=Severity.LOW, fix=_renamed(item))


def _found(item: Defined, option: _Option) -> Found:
    is_needless = option.needless == "*" or (
        bool(option.needless) and item.text(option.name).lower() == option.needless
    )
    message = f"`{option.name}` of `{shown(item.name)}` has no effect in Traefik 3: {option.what}"
    return Found(
        item.owner,
        message,
        item.place(option.name),
        "" if is_needless else option.hint,
        Severity.LOW if is_needless else option.severity,
        fix=fix("remove the option", _removed(item, option.name)) if is_needless else None,
    )


def _removed(item: Defined, option: str) -> Edit | None:
    value = item.value(option)
    return entry(value.spot if value is not None else item.place(option))


def _renamed(item: Defined) -> Fix | None:
    if item.item is None:
        return fix("write `ipAllowList`", rename_key(item.place("ipwhitelist").of_key, "ipAllowList"))
    labels = [label for _, label in item.item.options.values() if ".ipwhitelist." in label.lower()]
    edits = [
        rename_label(item.labels[label], label, re.sub(r"(?i)\.ipwhitelist\.", ".ipallowlist.", label))
        for label in labels
    ]
    return fix("write `ipallowlist`", *edits)
