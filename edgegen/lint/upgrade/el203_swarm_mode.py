"""`providers.docker.swarmMode`.

What it does
    Reports the option by which Traefik 2's Docker provider reads a swarm. With `--fix` the provider becomes
    `providers.swarm` with all its options, and `swarmModeRefreshSeconds` becomes `refreshSeconds`. Where it is false,
    the option is removed.

Why
    Traefik 3 ends with exit code 1 even for `swarmMode=false`.

Example
    `--providers.docker.swarmMode=true`

Instead
    `--providers.swarm=true`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix, rename_key
from edgegen.lint.model import Spot, Static
from edgegen.lint.rule import Edit, Fix, Found, Rule
from edgegen.lint.statics import judged, written
from edgegen.lint.upgrade.options import remove, rename
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.go_values import TRUE

RULE = Rule("EL203", "swarm-mode", Severity.CRITICAL)
_DOCKER = "providers.docker"
_SWARM = "providers.swarm"
_MODE = f"{_DOCKER}.swarmmode"
_REFRESH = f"{_DOCKER}.swarmmoderefreshseconds"


def check(way: Way) -> Iterator[Found]:
    """Each static configuration that has it."""
    if not way.leaves_2:
        return
    for item in judged(way.project):
        for option in (_MODE, _REFRESH):
            if item.static.get(option) is not None:
                is_on = (mode := item.static.get(_MODE)) is not None and mode.text in TRUE
                message = f"`{written(item, option)}` keeps Traefik {way.new} from starting"
                hint = "`providers.swarm` is a separate provider" if is_on else "remove it"
                yield Found(item.subject, message, item.spot(option), hint, fix=_fix(item.static, is_on=is_on))


def _fix(static: Static, *, is_on: bool) -> Fix | None:
    if any(not value.known for option, value in static.options.items() if option.startswith(f"{_DOCKER}.")):
        return None
    own = [option for option in (_MODE, _REFRESH) if static.get(option) is not None]
    if not is_on:
        return fix("remove the option", *(remove(static, option) for option in own))
    edits = _of_file(static) if static.source == "file" else _of_words(static)
    return fix("use the provider `swarm`", *edits)


def _of_words(static: Static) -> Iterator[Edit | None]:
    others = [
        option
        for option in static.options
        if (option == _DOCKER or option.startswith(f"{_DOCKER}.")) and option not in (_MODE, _REFRESH)
    ]
    for option in others:
        yield rename(static, option, _DOCKER, _SWARM)
    if _DOCKER in others:
        yield remove(static, _MODE)
    else:
        yield rename(static, _MODE, _MODE, _SWARM)
    if static.get(_REFRESH) is not None:
        yield rename(static, _REFRESH, _REFRESH, f"{_SWARM}.refreshSeconds")


def _of_file(static: Static) -> Iterator[Edit | None]:
    spot = static.options[_MODE].spot
    if len(spot.path) != 3:
        yield None
        return
    yield rename_key(Spot(spot.file, spot.path[:2], True), "swarm")
    others = [option for option in static.options if option.startswith(f"{_DOCKER}.") and option != _MODE]
    # As the only key of its mapping it can't be removed; `watch: true` is the default anyway.
    yield remove(static, _MODE) if others else rename_key(Spot(spot.file, spot.path, True), "watch")
    if static.get(_REFRESH) is not None:
        place = static.options[_REFRESH].spot
        yield rename_key(Spot(place.file, place.path, True), "refreshSeconds")
