"""A file provider that reads nothing, or does not notice changes.

What it does
    Follows `providers.file.directory` and `.filename` through the mounts of Traefik's container: nothing is mounted
    there, neither is set, both are set, the name's end is not one that Traefik reads, or one file is mounted by itself.

Why
    Without its folder the provider does not start, and everything `@file` is missing. A file that is mounted by itself
    is not read again after an editor or git has replaced it: the container keeps the old one.

Example
    `--providers.file.directory=/etc/traefik/dynamic`, and no such mount

Instead
    `volumes: ["./dynamic:/etc/traefik/dynamic:ro"]`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Project, Traefik, Value
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.sources import Seen
from edgegen.lint.statics import Judged, is_on, judged, known
from edgegen.traefik.go_values import FALSE
from edgegen.traefik.version import is_called_traefik

RULE = Rule("EL050", "file-provider", Severity.HIGH)
_GROUP = "providers.file"
_ENDS = (".yml", ".yaml", ".toml")


def check(project: Project) -> Iterator[Found]:
    """The file provider of each Traefik."""
    for item in judged(project):
        if is_on(item.static, _GROUP):
            yield from _provider(item)


def _provider(item: Judged) -> Iterator[Found]:
    folder, single = _set(item, "directory"), _set(item, "filename")
    if folder is None and single is None:
        if item.whole:
            message = "the file provider has neither `directory` nor `filename`, and does not start"
            yield Found(item.subject, message, item.spot(_GROUP), "name the folder with the dynamic files")
        return
    if folder is not None and single is not None:
        message = "Traefik reads `directory` and ignores `filename`"
        yield Found(item.subject, message, single.spot, "keep one of the two", Severity.MEDIUM)
    value = folder or single
    assert value is not None  # noqa: S101  # one of them is set
    if folder is None and value.known and not value.text.lower().endswith(_ENDS):
        message = (
            f"`{shown(value.text, 100)}` does not end in .yml, .yaml or .toml, and the file provider does not start"
        )
        yield Found(item.subject, message, value.spot)
    else:
        yield from _place(item, value)


def _set(item: Judged, option: str) -> Value | None:
    value = item.static.get(f"{_GROUP}.{option}")
    return value if value is not None and (value.text or not value.known) else None


def _place(item: Judged, value: Value) -> Iterator[Found]:
    place = item.traefik.files
    if place is None:
        return
    if place.seen is Seen.NOTHING and _image_is_plain(item.traefik):
        message = f"nothing is mounted at `{shown(value.text, 100)}`, and the file provider does not start"
        yield Found(item.subject, message, value.spot, "mount the dynamic files there")
    is_single = place.exact and place.seen is Seen.FILE and place.mount is not None and place.mount.kind == "bind"
    if is_single and known(item.static, f"{_GROUP}.watch") not in FALSE and place.mount is not None:
        message = (
            f"`{shown(value.text, 100)}` is mounted by itself: Traefik does not see it after an editor replaced it"
        )
        hint = "mount its folder, and set `providers.file.directory`"
        yield Found(item.subject, message, place.mount.spot, hint, Severity.LOW, Confidence.MEDIUM)


def _image_is_plain(traefik: Traefik) -> bool:
    service = traefik.service
    if service is None or service.built or service.partial or service.image is None:
        return False
    return service.image.known and is_called_traefik(service.image.text)
