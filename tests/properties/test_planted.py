"""Each property is shown a fault that it must catch: a net without a hole looks like a net that was never wet."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from msgspec.structs import replace

from edgegen.compose import emit
from edgegen.core.errors import SpecError
from edgegen.desired import build as desired_build
from edgegen.kinds import container, routing
from edgegen.project import render as project_render
from edgegen.render.files import render as render_files
from edgegen.spec import load
from edgegen.traefik import labels, rules
from tests.properties import expectation, laid_together, rendered, specs, test_mutated, test_secrets, test_sinks
from tests.properties.test_determinism import digests

pytestmark = [pytest.mark.slow, pytest.mark.lab]

Patch = pytest.MonkeyPatch
FEW = 80
_GREEN: set[Callable[[Path], None]] = set()
"""Properties that were seen to hold without a fault."""


def a_few(judge: Callable[[specs.Sample, int], None]) -> None:
    """Some random specs, each judged; the first fault is raised as it is, without shrinking."""
    number = 0

    @settings(max_examples=FEW, phases=[Phase.generate], derandomize=True)
    @given(specs.specs())
    def one(sample: specs.Sample) -> None:
        nonlocal number
        number += 1
        judge(sample, number)

    one()


def as_they_say(project: Path) -> None:
    a_few(lambda sample, number: rendered.judge(rendered.through(sample, number, project)))


def refused_properly(project: Path) -> None:
    a_few(lambda sample, number: test_mutated.judge(test_mutated.outcome(specs.as_text(sample.data), None, project)))


def compose_reads_it(project: Path) -> None:
    texts = ["plain", "${HOME:-x}", "a$b", "$$"]
    assert test_sinks.through_compose("environment", texts, project / "sink") == texts


def traefik_shows_it(project: Path) -> None:
    data = {
        "name": f"{specs.TOKEN}-a",
        "services": {
            f"{specs.TOKEN}-w": {"image": "x:1", "port": 80, "host": f"w.{specs.ZONE}", "aliases": [f"a.{specs.ZONE}"]},
            f"{specs.TOKEN}-r": {"kind": "redirect", "host": f"r.{specs.ZONE}", "to": "https://x.example/{{nothing}}"},
        },
    }
    item = rendered.through(specs.Sample(data), 1, project)
    answer = laid_together.ask([item], project)
    assert laid_together.lasting(answer) == []
    assert laid_together.seen(answer) == laid_together.wanted([item])


def a_path_survives(project: Path) -> None:
    folder = test_sinks.written(project / "path", {"s0": test_sinks._routed(0, '/a`b"c$d')})
    compose = yaml.safe_load((folder / "docker-compose.yml").read_text())
    rule = expectation.uninterpolated(compose["services"]["s0"]["labels"]["traefik.http.routers.s0-https.rule"])
    assert expectation.rule_arguments(rule) == [("Host", ["h0.example.com"]), ("PathPrefix", ['/a`b"c$d'])]


def nothing_leaks(project: Path) -> None:
    (project / "private.txt").write_text(test_secrets.FILE_CANARY)
    (project / "users.txt").write_text("x")
    text, secrets = test_secrets.rendered_text(project)
    assert test_secrets.leaks(text, secrets) == []


def no_dollar_doubled(patch: Patch) -> None:
    patch.setattr(emit, "_INTERPOLATED", emit._LITERAL)
    patch.setattr("edgegen.render.check._doubled", lambda value: value)


def a_variable_taken_for_text(patch: Patch) -> None:
    patch.setattr("edgegen.kinds.composed.written", lambda text: text.replace("$", "$$"))


def an_alias_lost(patch: Patch) -> None:
    real = routing._rule
    patch.setattr(routing, "_rule", lambda context, hosts, paths: real(context, hosts[:1], paths))


def a_path_lost(patch: Patch) -> None:
    real = routing._rule
    patch.setattr(routing, "_rule", lambda context, hosts, paths: real(context, hosts, ()))


def a_variable_lost(patch: Patch) -> None:
    real = container.shape

    def shape(*arguments: Any) -> Any:
        made = real(*arguments)
        return replace(made, environment=dict(list((made.environment or {}).items())[1:]))

    patch.setattr(container, "shape", shape)


def a_label_changed(patch: Patch) -> None:
    real = container.shape
    patch.setattr(container, "shape", lambda *arguments: replace(real(*arguments), healthcheck={"test": ["NONE"]}))


def another_text_the_second_time(patch: Patch) -> None:
    patch.setattr(project_render, "__version__", "another")


def a_python_warning(patch: Patch) -> None:
    real = project_render.checked

    def checked(*arguments: Any) -> Any:
        warnings.warn("deprecated", DeprecationWarning, stacklevel=2)
        return real(*arguments)

    patch.setattr(project_render, "checked", checked)


def a_good_spec_refused(patch: Patch) -> None:
    def refuse(*_: Any) -> None:
        raise SpecError("no")

    patch.setattr(project_render, "checked", refuse)


def a_traceback(patch: Patch) -> None:
    patch.setattr(load, "broken_references", lambda spec: spec.no_such_thing)


def a_resolver_misspelt(patch: Patch) -> None:
    real = labels._router

    def misspelt(prefix: str, router: Any) -> dict[str, str]:
        made = real(prefix, router)
        return {f"{prefix}.tls.certresolvers": "letsencrypt", **made} if router.tls else made

    patch.setattr(labels, "_router", misspelt)


def a_template_begun(patch: Patch) -> None:
    class AsItStands(dict[str, str]):
        def __missing__(self, text: str) -> str:
            return emit._plain_or_quoted(text)

    patch.setattr(emit, "_LITERAL", AsItStands())


def a_router_of_nobody(patch: Patch) -> None:
    real = labels.router_labels

    def more(router: Any) -> dict[str, str]:
        made = real(router)
        return made | {key.replace(router.name, f"{router.name}-2"): value for key, value in made.items()}

    patch.setattr(routing, "router_labels", more)


def a_path_unquoted(patch: Patch) -> None:
    patch.setattr(rules, "quoted", lambda value: f"`{value}`")


def a_secret_in_the_compose_file(patch: Patch) -> None:
    real = render_files

    def render(*arguments: Any) -> Any:
        first, *others = real(*arguments)
        return [replace(first, text=f"{first.text}# {test_secrets.CANARIES['CANARY_KEY']}\n"), *others]

    patch.setattr(project_render, "render", render)


def a_mounted_secret_that_stays_closed(patch: Patch) -> None:
    patch.setattr(desired_build, "mounted_modes", lambda spec, file: {})


def a_variable_that_all_may_read(patch: Patch) -> None:
    patch.setattr(desired_build, "mounted_modes", lambda spec, file: dict.fromkeys(spec.secrets, 0o444))


@pytest.mark.parametrize(
    ("fault", "caught_by"),
    [
        (no_dollar_doubled, as_they_say), (no_dollar_doubled, a_path_survives), (a_variable_taken_for_text, compose_reads_it), (an_alias_lost, as_they_say),
        (an_alias_lost, traefik_shows_it), (a_path_lost, as_they_say), (a_variable_lost, as_they_say),
        (a_label_changed, as_they_say), (another_text_the_second_time, as_they_say), (a_python_warning, as_they_say),
        (a_python_warning, refused_properly), (a_good_spec_refused, as_they_say), (a_good_spec_refused, refused_properly),
        (a_traceback, refused_properly), (a_resolver_misspelt, traefik_shows_it), (a_template_begun, traefik_shows_it),
        (a_router_of_nobody, traefik_shows_it), (a_path_unquoted, a_path_survives),
        (a_secret_in_the_compose_file, nothing_leaks), (a_mounted_secret_that_stays_closed, as_they_say),
        (a_variable_that_all_may_read, as_they_say),
    ],
    ids=lambda function: function.__name__,
)  # fmt: skip
def test_a_planted_fault_is_caught(
    fault: Callable[[Patch], None], caught_by: Callable[[Path], None], tmp_path: Path
) -> None:
    if caught_by not in _GREEN:
        caught_by(rendered.project_folder(tmp_path / "healthy"))
        _GREEN.add(caught_by)
    ill = rendered.project_folder(tmp_path / "ill")
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        with pytest.raises((Exception, ExceptionGroup)) as caught:
            caught_by(ill)
    assert not isinstance(caught.value, ImportError | NameError | TypeError), caught.value


def test_an_order_that_hangs_on_the_seed_is_caught(tmp_path: Path) -> None:
    home = rendered.project_folder(tmp_path / "projects/one")
    (home / "edge.yaml").write_text("name: one\n")
    assert len(digests(tmp_path / "projects", 4)) == 1
    assert len(digests(tmp_path / "projects", 4, "plant")) > 1
