"""What a new user's task has to end with, by the word of others: Compose, Cloudflare's records, openssl, sh, YAML."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.docs.story import ROOT
from tests.docs.typed import Typed


def ran(*words: str | Path, cwd: Path | None = None, **environment: str) -> str:
    """Another program, which must be content."""
    env = {"PATH": environment.get("PATH", _path()), "HOME": "/nonexistent"}
    done = subprocess.run(list(map(str, words)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _path() -> str:
    compose = shutil.which("docker-compose")
    assert compose
    return f"{Path(compose).parent}:/usr/local/bin:/usr/bin:/bin"


def compose(file: Path) -> dict[str, Any]:
    """The stack as Compose reads it."""
    told = ran("docker-compose", "-f", file, "config", "--no-env-resolution", "--format", "json", cwd=file.parent)
    found: dict[str, Any] = json.loads(told)
    return found


def stack(of: Typed) -> dict[str, Any]:
    found: dict[str, Any] = compose(of.file("docker-compose.yml"))["services"]
    return found


def rules(service: dict[str, Any]) -> list[str]:
    return [value for name, value in service["labels"].items() if name.endswith(".rule")]


def addresses(of: Typed, *names: str) -> None:
    for name in names:
        assert [record["content"] for record in of.of(name) if record["type"] == "A"] == ["203.0.113.10"], name


def faults_are_where_lint_says(of: Typed) -> None:
    """Each place that lint names holds what it shows; the first one is a word that Traefik's label reference lacks."""
    lines = of.file("compose.yaml").read_text(encoding="utf-8").splitlines()
    told = re.findall(r"--> compose\.yaml:(\d+):(\d+)\n +\|\n *\d+ \| (.*)", of.said("edgegen lint"))
    assert [lines[int(line) - 1] for line, _, _ in told] == [text for _, _, text in told]
    found = [lines[int(line) - 1][int(column) - 1 :] for line, column, _ in told]
    assert [text.lstrip("- ").partition("=")[0] for text in found] == [
        "traefik.http.routers.shop.tls.certresolvers",
        "traefik.http.middlewares.login.basicauth.usersfile",
    ]


def old_traefik_is_new(of: Typed) -> None:
    services = compose(of.file("old/compose.yaml"))["services"]
    assert services["traefik"]["image"] == "traefik:v3.7"
    assert not [flag for flag in services["traefik"]["command"] if "pilot" in flag]
    assert rules(services["web"]) == ["Host(`a.example.com`) || Host(`b.example.com`)"]


def wildcard(of: Typed) -> None:
    addresses(of, "apps.example.com", "*.apps.example.com")
    flags = stack(of)["traefik"]["command"]
    assert "--certificatesresolvers.letsencrypt.acme.dnschallenge.provider=cloudflare" in flags
    labels = stack(of)["tenants"]["labels"]
    names = {value for name, value in labels.items() if ".tls.domains[" in name}
    assert "*.apps.example.com" in ",".join(names)


def behind_the_proxy(of: Typed) -> None:
    proxied = {record["name"]: record["proxied"] for record in of.records}
    assert proxied == {
        "www.example.com": True, "example.com": True, "admin.example.com": True, "registry.example.com": False
    }  # fmt: skip
    trusted = [flag for flag in stack(of)["traefik"]["command"] if ".forwardedheaders.trustedips=" in flag]
    assert trusted
    assert all("173.245.48.0/20" in flag and "0.0.0.0/0" not in flag for flag in trusted)


def app_is_added(of: Typed) -> None:
    services = stack(of)
    assert "Host(`docs.commenthouse.com`)" in rules(services["nginx"])
    assert {"web", "blog", "blog-db", "news", "registry"} <= set(services)


def new_password_counts(of: Typed) -> None:
    """By Apache's own htpasswd: the last password of ci lets in, the first one does not."""
    file = of.file("registry/htpasswd")
    assert [line.partition(":")[0] for line in file.read_text().splitlines()] == ["ci", "bob"]
    new, old = (_password(of.said(command)) for command in ("edgegen registry user passwd ci", "edgegen render"))
    ran("htpasswd", "-vb", file, "ci", new)
    assert new != old
    assert yaml.safe_load(of.file("edge.yaml").read_text())["services"]["registry"]["users"] == ["ci", "bob"]


def _password(text: str) -> str:
    found = re.search(r"user ci, password (\S+)", text)
    assert found, text
    return found[1]


def record_is_taken_over(of: Typed) -> None:
    assert [record["content"] for record in of.of("www.commenthouse.com")] == ["157.245.51.137"]
    assert "198.51.100.7" in of.said("edgegen dns plan --adopt www.commenthouse.com")
    assert len(of.of("commenthouse.com")) == 1


def old_host_leads_to_the_new_one(of: Typed) -> None:
    """By the regular expression that Traefik gets, applied to an address with a path and a query."""
    addresses(of, "store.commenthouse.com", "shop.commenthouse.com")
    http = yaml.safe_load(of.file("traefik/dynamic/services.yml").read_text())["http"]
    router = next(router for router in http["routers"].values() if router["entryPoints"] == ["websecure"])
    assert router["rule"] == "Host(`store.commenthouse.com`)"
    (rule,) = (http["middlewares"][name]["redirectRegex"] for name in router["middlewares"] if name != "hsts")
    to = re.sub(r"\$\{(\d)\}", r"\\\1", rule["replacement"])
    led = re.sub(rule["regex"], to, "https://store.commenthouse.com/a/b?c=1")
    assert (led, rule["permanent"]) == ("https://shop.commenthouse.com/a/b?c=1", True)


def secret_is_a_file_in_the_container(of: Typed) -> None:
    web = stack(of)["web"]
    assert {"db-password", "tls.key"} <= {item["source"] for item in web["secrets"]}
    value = of.file("secrets/db-password").read_text()
    assert len(value) >= 32
    text = of.file("docker-compose.yml").read_text()
    assert value not in text
    assert "of-the-example" not in text
    assert of.file("secrets").stat().st_mode & 0o777 == 0o700


def cron_speaks_only_of_problems(of: Typed) -> None:
    """The crontab's own lines, run by sh as cron does: silent if edgegen is content, its words if not."""
    lines = re.findall(r"^(?:[\d*/,-]+ ){5}root (.*)$", of.file("edgegen.cron").read_text(), re.MULTILINE)
    assert len(lines) == 3
    programs = of.file("edgegen.cron").parent / "of-cron"
    programs.mkdir(exist_ok=True)
    for code, printed in ((0, ""), (1, "what edgegen says\n")):
        (programs / "edgegen").write_text(f"#!/bin/sh\necho what edgegen says\nexit {code}\n")
        (programs / "edgegen").chmod(0o755)
        assert [ran("sh", "-c", line, PATH=f"{programs}:/usr/bin:/bin") for line in lines] == [printed] * 3


def workflows_run_what_was_tried(of: Typed) -> None:
    folder = of.file(".github/workflows/edge-review.yml").parent
    steps = yaml.safe_load((folder / "edge-review.yml").read_text())["jobs"]["review"]["steps"]
    own = [step["run"].partition(" >>")[0] for step in steps if step.get("run", "").startswith("edgegen")]
    good = {command for command, said in of.typed if said.code == 0}
    assert len(own) == 3
    assert set(own) <= good
    assert {file.name for file in folder.iterdir()} == {"edge-review.yml", "edge-deploy.yml", "edge-verify.yml"}
    kept = ran("git", "-c", "safe.directory=*", "ls-files", cwd=folder.parents[1]).splitlines()
    assert "docker-compose.yml" in kept
    assert not [path for path in kept if re.search(r"secret|htpasswd|acme\.json|\.env$", path)]


def stack_needs_no_edgegen(of: Typed) -> None:
    """Compose reads it without edge.yaml and .edgegen, and no container is edgegen's."""
    there = of.file("docker-compose.yml").parent
    alone = there.parent / "alone"
    shutil.copytree(there, alone, ignore=shutil.ignore_patterns("edge.yaml", ".edgegen"), dirs_exist_ok=True)
    services = compose(alone / "docker-compose.yml")["services"]
    assert {name: service["image"].split(":")[0] for name, service in services.items()} == {
        "docker-socket-proxy": "haproxy", "site": "ghcr.io/acme/site", "traefik": "traefik"
    }  # fmt: skip
    sources = [mount["source"] for service in services.values() for mount in service.get("volumes", [])]
    assert all(Path(source).exists() for source in sources if source.startswith(str(alone)))


def tutorial_is_replaced(of: Typed) -> None:
    """The old volume under its real name, the old certificates, and a registry that asks for a password."""
    file = of.file("docker-compose.yml")
    read = compose(file)
    assert read["volumes"]["registry-data"] == {"name": "tutorial_registry-data", "external": True}
    assert read["services"]["registry"]["environment"]["REGISTRY_AUTH"] == "htpasswd"
    assert list(json.loads((file.parent / "acme/acme.json").read_text())) == ["letsencrypt"]


def swarm_starts_the_new_task_first(of: Typed) -> None:
    services = yaml.safe_load(of.file("stack.yml").read_text())["services"]
    assert services["web"]["deploy"]["replicas"] == 2
    assert services["web"]["deploy"]["update_config"]["order"] == "start-first"
    assert services["web"]["deploy"]["update_config"]["failure_action"] == "rollback"
    assert services["db"]["deploy"]["update_config"]["order"] == "stop-first"


def certificate_is_for_the_laptop(of: Typed) -> None:
    root = of.file(".edgegen/ca/root.pem")
    ran("openssl", "verify", "-verify_hostname", "app.localhost", "-CAfile", root, root.parent / "leaf" / "1.pem")
    assert any("Host(`app.localhost`)" in rule for rule in rules(stack(of)["web"]))
    assert of.records == ()


ROOT_OF_LAB = ROOT / "tests" / "lab" / "test_tasks.py"


def lab_types(page: str) -> None:
    """The lab's test has the page in its table."""
    assert re.search(rf'^    "{re.escape(Path(page).name)}": \w+,$', ROOT_OF_LAB.read_text(), re.MULTILINE), page
