"""Which tests judge which modules. A survivor costs the whole selection, so each is lean."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that one selection of tests judges. No test starts edgegen as a process: it would run unbroken code."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def files(self) -> list[str]:
        return [f"{module.replace('.', '/')}.py" for module in self.modules]


def _of(room: str, *names: str) -> tuple[str, ...]:
    return tuple(f"edgegen.{room}.{name}" for name in names)


def _in(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"tests/{folder}/test_{name}.py" for name in names)


_MANY = "tests/dns/test_sync.py::test_zones_of_all_sizes_and_their_requests"

GROUPS = (
    Group("secret", _of("core", "secret"), _in("core", "secret")),
    Group(
        "dns",
        _of("dns", "marker", "safety", "beside", "diff", "planning", "servers", "ledger", "owning"),
        _in(
            "dns",
            "nets",
            "reasons",
            "ledger",
            "listing",
            "diff",
            "owner_by_name",
            "owning",
            "strangers",
            "zones_of_a_run",
            "servers",
            "delegations",
        ),
    ),
    Group(
        "dns-apply",
        _of("dns", "apply", "batches", "confirmed", "meanwhile"),
        _in("dns", "zone_run", "nets", "waits", "sync", "attacks"),
        (_MANY, "tests/dns/test_attacks.py::test_no_lie_does_harm[a list: 33 megabytes]"),
    ),
    Group(
        "dns-api",
        _of("dns.api", "envelope", "form", "token", "transport", "wire"),
        _in("dns", "wire", "token_echo", "api_edges", "cloudflare"),
        (_MANY,),
    ),
    Group(
        "deploy",
        _of("deploy", "preflight"),
        _in("deploy", "preflight", "preflight_sentences", "ports"),
    ),
    Group(
        "files",
        (
            *_of("system", "atomic", "flock", "os_errors", "read"),
            *_of("certificates", "store"),
            *_of(
                "files",
                "safe_open",
                "output",
                "write",
                "manifest",
                "lock",
                "single_file",
                "compare",
                "survey",
                "backup",
                "difference",
                "report",
                "acme_read",
            ),
        ),
        ("tests/files", "tests/system"),
    ),
    Group(
        "verify",
        (
            *_of("net", "conversation", "http", "deadline"),
            *_of("verify.look", "registry_client", "echo", "registry_token"),
            *_of("verify.push", "gate"),
        ),
        (
            *_in("net", "conversation", "http", "deadline"),
            *_in("verify/look", "registry_client", "echo", "registry_token", "registry"),
            *_in("verify/push", "push_login", "push_gate"),
        ),
    ),
    Group(
        "push",
        _of("verify.push", "exchange", "upload"),
        _in("verify/push", "push_steps", "push_location", "push_body", "push_upload"),
    ),
    Group(
        "context",
        _of("dockerignore", "context", "lines", "pattern", "expression", "glob_syntax", "character_class"),
        ("tests/dockerignore",),
        (
            "tests/dockerignore/test_pattern.py::test_time_is_linear",
            "tests/dockerignore/test_lines.py::test_a_line_excludes_its_path_and_all_below_it",
        ),
    ),
    Group(
        "rules",
        (*_of("rules", "exposure"), *_of("spec", "layers")),
        (
            *_in("rules", "exposure", "open_registry", "build_context_with_secrets"),
            *_in("spec", "layers"),
        ),
    ),
)
