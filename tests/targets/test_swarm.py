"""Target swarm: what each key of a service becomes in its stack, and what stays out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.project.render import prepare
from edgegen.spec.load import load_text
from edgegen.targets.contents import Contents, hashes_in
from edgegen.targets.swarm_parts.held import LONGEST, hashed_name

Data = dict[str, Any]
HEAD = "name: shop\ntarget: swarm\n"


def stack(folder: Path, spec: str, values: dict[str, str] | None = None) -> Data:
    """The rendered stack of a spec."""
    loaded = load_text(f"{HEAD}{spec}".encode(), "edge.yaml")
    data: Data = yaml.safe_load(prepare(folder, None, environ=values or {}, loaded=loaded).stack_text)
    return data


def service(folder: Path, keys: str, more: str = "") -> Data:
    """The one service of a stack without an edge."""
    spec = f'edge: none\nservices: {{web: {{image: "w:1"{keys and f", {keys}"}}}}}\n{more}'
    found: Data = stack(folder, spec)["services"]["web"]
    return found


@pytest.mark.parametrize(
    ("restart", "policy"),
    [
        ("", {"condition": "any", "delay": "5s"}),
        ("restart: always", {"condition": "any", "delay": "5s"}),
        ("restart: unless-stopped", {"condition": "any", "delay": "5s"}),
        ('restart: "no"', {"condition": "none", "delay": "5s"}),
        ("restart: on-failure", {"condition": "on-failure", "delay": "5s"}),
        ("restart: on-failure:3", {"condition": "on-failure", "delay": "5s", "max_attempts": 3}),
        (
            "restart: always, deploy: {restart_policy: {condition: none, window: 9s}}",
            {"condition": "none", "delay": "5s", "window": "9s"},
        ),
    ],
)
def test_when_a_task_starts_again(tmp_path: Path, restart: str, policy: Data) -> None:
    found = service(tmp_path, restart)
    assert "restart" not in found
    assert found["deploy"]["restart_policy"] == policy


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ("", "stop-first"),  # nothing tells when it is ready
        ("healthcheck: {test: [CMD, true]}", "start-first"),
        ("healthcheck: {disable: true}", "stop-first"),
        ('healthcheck: {test: [CMD, true]}, volumes: ["data:/d"]', "stop-first"),
        ('healthcheck: {test: [CMD, true]}, volumes: ["data:/d:ro"]', "start-first"),
        ('healthcheck: {test: [CMD, true]}, ports: ["80:80"]', "stop-first"),
        ("healthcheck: {test: [CMD, true]}, deploy: {placement: {max_replicas_per_node: 1}}", "stop-first"),
        ("deploy: {update_config: {order: start-first}}", "start-first"),
    ],
)
def test_which_task_is_first(tmp_path: Path, keys: str, order: str) -> None:
    deploy = service(tmp_path, keys, "volumes: {data: {}}\n")["deploy"]
    assert deploy["update_config"]["order"] == order
    assert deploy["update_config"]["failure_action"] == "rollback"
    assert (deploy["update_config"]["monitor"], deploy["update_config"]["delay"]) == ("5s", "2s")


OTHER = (
    'services: {{s: {{image: "s:1", {keys}}}, other: {{image: "o:1", depends_on: {needs}}}}}\nvolumes: {{v: {{}}}}\n'
)


@pytest.mark.parametrize(
    ("keys", "needs", "action"),
    [
        ('restart: "no"', "{}", "continue"),
        ('restart: "no", volumes: ["v:/d"]', "{}", "continue"),
        ("restart: on-failure:3", "{s: {condition: service_completed_successfully}}", "continue"),
        ("deploy: {restart_policy: {condition: none}}", "{}", "continue"),
        ("extra: {deploy: {restart_policy: {condition: none}}}", "{}", "continue"),
        ("", "{}", "rollback"),
        ("restart: always", "{}", "rollback"),
        ("restart: on-failure", "{}", "rollback"),
        ('restart: "no", deploy: {restart_policy: {condition: any}}', "{}", "rollback"),
        ('restart: "no", ports: ["1234:80"]', "{}", "rollback"),
        ('restart: "no", port: 80, host: www.example.com', "{}", "rollback"),
        ('restart: "no", healthcheck: {test: [CMD, true]}', "{}", "rollback"),
        ('restart: "no", expose: [80]', "{}", "rollback"),
        ("restart: on-failure", "[s]", "rollback"),
        ("restart: on-failure", "{s: {condition: service_started}}", "rollback"),
        ('restart: "no", deploy: {update_config: {failure_action: pause}}', "{}", "pause"),
    ],
)
def test_what_does_its_work_and_ends_is_not_rolled_back(tmp_path: Path, keys: str, needs: str, action: str) -> None:
    """Swarm takes any end of a task that it watches for a failure, with 0 too: the release before would work again."""
    domains = "domains: {example.com: {provider: none}}\n"
    found = stack(tmp_path, domains + OTHER.format(keys=keys, needs=needs))["services"]["s"]["deploy"]
    assert found["update_config"]["failure_action"] == action


def test_a_routed_service_starts_first_for_its_image_may_have_a_health_check(tmp_path: Path) -> None:
    found = stack(tmp_path, 'services: {web: {image: "w:1", port: 80, host: w.test}}\n')["services"]["web"]
    for way in ("update_config", "rollback_config"):
        assert found["deploy"][way]["order"] == "start-first"


@pytest.mark.parametrize(
    ("ports", "wanted"),
    [
        ("80", [(80, None, "tcp")]),
        ('"8080:80"', [(80, 8080, "tcp")]),
        ('"53:53/udp"', [(53, 53, "udp")]),
        ('"8000-8002:80-82"', [(80, 8000, "tcp"), (81, 8001, "tcp"), (82, 8002, "tcp")]),
        ('"0.0.0.0:8080:80"', [(80, 8080, "tcp")]),
        ('"${P:-8080}:80"', [(80, "${P:-8080}", "tcp")]),
        ('"8080:${T}/udp"', [("${T}", 8080, "udp")]),
        ("{target: 80, published: 8080, mode: host, protocol: sctp}", [(80, 8080, "sctp")]),
        ('{target: 80, published: "${P}"}', [(80, "${P}", "tcp")]),
    ],
)
def test_a_port_is_published_on_the_node_of_its_task(tmp_path: Path, ports: str, wanted: list[Any]) -> None:
    found = service(tmp_path, f"ports: [{ports}]")["ports"]
    assert {port["mode"] for port in found} == {"host"}
    assert [(port["target"], port.get("published"), port["protocol"]) for port in found] == wanted


def test_limits_are_of_the_deployment(tmp_path: Path) -> None:
    found = service(tmp_path, "mem_limit: 512m, cpus: 0.5, deploy: {resources: {reservations: {memory: 64m}}}")
    assert not {"mem_limit", "cpus"} & found.keys()
    assert found["deploy"]["resources"] == {
        "limits": {"cpus": "0.5", "memory": "512m"}, "reservations": {"memory": "64m"}
    }  # fmt: skip


def test_what_swarm_ignores_is_left_out(tmp_path: Path) -> None:
    more = 'other: {image: "o:1"}'
    spec = f"""edge: none
services: {{web: {{image: "w:1", security_opt: ["a:b"], depends_on: [other], expose: ["1"]}}, {more}}}
"""
    found = stack(tmp_path, spec)["services"]["web"]
    assert not {"security_opt", "depends_on", "expose", "restart"} & found.keys()


def test_a_folder_in_memory_is_a_mount(tmp_path: Path) -> None:
    """`docker stack deploy` takes `tmpfs` without a word, and the container has no such folder."""
    found = service(tmp_path, 'tmpfs: [/tmp, "/run:size=64m,mode=1777,noexec", "/big:size=2g", "/few:size=100"]')
    assert "tmpfs" not in found
    assert found["volumes"] == [
        {"type": "tmpfs", "target": "/tmp"},
        {"type": "tmpfs", "target": "/run", "tmpfs": {"size": 64 * 1024 * 1024}},
        {"type": "tmpfs", "target": "/big", "tmpfs": {"size": 2 * 1024 * 1024 * 1024}},
        {"type": "tmpfs", "target": "/few", "tmpfs": {"size": 100}},
    ]
    assert service(tmp_path, 'tmpfs: "/{{x}}"')["volumes"] == [{"type": "tmpfs", "target": '/{{"{{"}}x}}'}]


def test_files_and_what_they_are_mounted_as(tmp_path: Path) -> None:
    (tmp_path / "c.conf").write_text("x")
    (tmp_path / "own.env").write_text("A=1\n")
    found = service(
        tmp_path,
        "env_file: [own.env], environment: {P: {secret: s}}, "
        'secrets: [s, {source: s, target: /x, mode: "440"}], '
        'configs: [c, {source: c, target: /y, uid: 5, mode: "0400"}]',
        "secrets: {s: {generate: 32}}\nconfigs: {c: {file: c.conf}}\n",
    )
    assert found["env_file"] == ["own.env", "./secrets/web.env"]
    assert found["secrets"] == ["s", {"source": "s", "target": "/x", "mode": 0o440}]
    assert found["configs"] == ["c", {"source": "c", "target": "/y", "uid": "5", "mode": 0o400}]


def test_braces_reach_the_container_as_they_are(tmp_path: Path) -> None:
    found = service(tmp_path, 'environment: {A: "{{x}}", B: "$$1"}, hostname: "{{h}}", command: ["{{c}}"]')
    assert found["environment"] == {"A": '{{"{{"}}x}}', "B": "$$1"}
    assert (found["hostname"], found["command"]) == ('{{"{{"}}h}}', ["{{c}}"])  # Swarm leaves commands alone


def test_a_volume_keeps_its_service_on_its_node(tmp_path: Path) -> None:
    declared = (
        "volumes: {data: {}, shared: {driver_opts: {type: nfs4}}, far: {driver: rexray}, theirs: {external: true}}\n"
    )

    def placed(keys: str) -> Any:
        return service(tmp_path, keys, declared)["deploy"].get("placement")

    assert placed('volumes: ["data:/d"]') == {"constraints": ["node.labels.edgegen.shop.data == true"]}
    assert placed('volumes: ["shared:/a", "far:/b"]') is None
    # Where it is missing, the engine makes an empty local one.
    assert placed('volumes: ["theirs:/c"]') == {"constraints": ["node.labels.edgegen.shop.theirs == true"]}
    own = 'volumes: ["data:/d"], deploy: {placement: {constraints: [node.hostname == one]}}'
    assert placed(own) == {"constraints": ["node.hostname == one"]}
    spread = 'volumes: ["data:/d"], deploy: {placement: {preferences: [{spread: node.labels.zone}]}}'
    assert placed(spread) == {
        "constraints": ["node.labels.edgegen.shop.data == true"],
        "preferences": [{"spread": "node.labels.zone"}],
    }


EDGE = """\
acme: {email: a@b.test, ca_file: ca.pem, ca: "https://ca.test/dir"}
edge: {dashboard: {host: t.test, users: [me]}}
middlewares:
  plain: {kind: compress}
  commas: {kind: headers, access_control_allow_origin_list_regex: ["^a{2,3}$"]}
services:
  web: {image: "w:1", port: 80, host: w.test, middlewares: [plain, commas]}
  calm: {image: "w:1", port: 80, host: c.test, middlewares: [{kind: retry, attempts: 2}]}
  pg: {kind: tcp, image: "pg:1", host: pg.test, entrypoint: pg, listen: 5432, port: 5432}
  old: {kind: redirect, host: o.test, to: "https://w.test"}
  nas: {kind: external, host: n.test, url: "https://10.0.0.5", insecure_tls: true}
networks: {inner: {internal: true}}
"""


@pytest.fixture
def edge(tmp_path: Path) -> Data:
    (tmp_path / "ca.pem").write_text("a certificate\n")
    return stack(tmp_path, EDGE)


def test_the_edge_runs_once_on_its_own_node(edge: Data) -> None:
    assert "name" not in edge
    for name in ("traefik", "docker-socket-proxy"):
        deploy = edge["services"][name]["deploy"]
        assert (deploy["replicas"], deploy["endpoint_mode"]) == (1, "dnsrr")
        assert deploy["placement"]["constraints"] == ["node.role == manager", "node.labels.edgegen.shop.edge == true"]
        assert (deploy["update_config"]["order"], deploy["restart_policy"]["condition"]) == ("stop-first", "any")
    traefik = edge["services"]["traefik"]
    assert {(port["published"], port["mode"]) for port in traefik["ports"]} == {
        (80, "host"),
        (443, "host"),
        (5432, "host"),
    }
    assert traefik["volumes"] == [
        {"type": "tmpfs", "target": "/tmp"},
        {"type": "volume", "source": "acme", "target": "/acme"},
    ]
    assert edge["volumes"] == {"acme": {}}


def test_traefik_watches_the_swarm_closely(edge: Data) -> None:
    flags = edge["services"]["traefik"]["command"]
    for flag in (
        "--providers.swarm.refreshseconds=2",
        "--serverstransport.forwardingtimeouts.dialtimeout=1s",
        "--providers.swarm.network=shop_edge",
        "--providers.swarm.allowemptyservices=true",
        "--providers.swarm.constraints=Label(`com.docker.stack.namespace`,`shop`)",
    ):
        assert flag in flags
    assert not [flag for flag in flags if "providers.docker" in flag]


@pytest.mark.slow
def test_every_routed_service_has_its_port_its_network_and_a_second_try(edge: Data) -> None:
    for name, port in (("web", "80"), ("calm", "80")):
        labels = edge["services"][name]["deploy"]["labels"]
        assert labels["traefik.swarm.network"] == "shop_edge"
        assert labels[f"traefik.http.services.{name}.loadbalancer.server.port"] == port
        assert "labels" not in edge["services"][name]
    labels = edge["services"]["traefik"]["deploy"]["labels"]
    assert labels["traefik.http.middlewares.retry-unsent.retry.attempts"] == "4"
    assert labels["traefik.http.middlewares.retry-unsent.retry.initialinterval"] == "100ms"
    chains = {
        key.split(".")[3]: value
        for name in ("web", "calm", "traefik")
        for key, value in edge["services"][name]["deploy"]["labels"].items()
        if key.endswith("-https.middlewares")
    }
    assert chains == {
        "web-https": "hsts,plain@swarm,commas@file,retry-unsent",
        "calm-https": "hsts,calm-retry",  # it has its own
        "old-https": "hsts,old-redirect-regex",
        "nas-https": "hsts,retry-unsent",
        "dashboard-https": "hsts,dashboard-basic-auth",
    }
    assert edge["services"]["pg"]["deploy"]["labels"]["traefik.tcp.services.pg.loadbalancer.server.port"] == "5432"


@pytest.mark.slow
def test_what_labels_can_not_say_stays_a_config(edge: Data, tmp_path: Path) -> None:
    labels = edge["services"]["traefik"]["deploy"]["labels"]
    assert labels["traefik.http.services.nas.loadbalancer.server.url"] == "https://10.0.0.5"
    assert labels["traefik.http.services.nas.loadbalancer.serverstransport"] == "nas-any-certificate@file"
    assert labels["traefik.http.middlewares.plain.compress"] == "true"
    assert not [label for label in labels if ".commas." in label]
    mounted = {item["target"] for item in edge["services"]["traefik"]["configs"]}
    assert mounted == {
        "/etc/traefik/dynamic/tls.yml", "/etc/traefik/dynamic/middlewares.yml", "/etc/traefik/dynamic/services.yml",
        "/etc/traefik/acme-ca.pem",
    }  # fmt: skip
    loaded = load_text(f"{HEAD}{EDGE}".encode(), "edge.yaml")
    texts = {item.path: item.content for item in prepare(tmp_path, None, environ={}, loaded=loaded).outputs}
    services = yaml.safe_load(texts["traefik/dynamic/services.yml"])
    assert services == {"http": {"serversTransports": {"nas-any-certificate": {"insecureSkipVerify": True}}}}
    assert list(yaml.safe_load(texts["traefik/dynamic/middlewares.yml"])["http"]["middlewares"]) == ["commas"]


@pytest.mark.parametrize(
    ("target", "edge", "level"),
    [
        ("swarm", "", "WARN"),
        ("swarm", "edge: {log_level: INFO}", "INFO"),
        ("swarm", "edge: {log_level: DEBUG}", "DEBUG"),
        ("compose", "", "INFO"),
    ],
)
def test_traefik_does_not_repeat_at_each_poll_that_its_own_labels_have_no_router(
    tmp_path: Path, target: str, edge: str, level: str
) -> None:
    web = "services: {web: {image: 'w:1', port: 80, host: www.shop.localhost}}"
    spec = f"name: shop\ntarget: {target}\n{web}\n{edge}\n"
    loaded = load_text(spec.encode(), "edge.yaml")
    made: Data = yaml.safe_load(prepare(tmp_path, None, environ={}, loaded=loaded).stack_text)
    assert f"--log.level={level}" in made["services"]["traefik"]["command"]


def test_networks_are_overlays_and_only_the_edges_may_be_joined(edge: Data) -> None:
    assert edge["networks"] == {
        "edge": {"name": "shop_edge", "driver": "overlay", "attachable": True},
        "socket": {"name": "shop_socket", "driver": "overlay", "internal": True},
        "inner": {"name": "shop_inner", "driver": "overlay", "internal": True},
    }


def test_an_anonymous_registrys_own_network_may_not_be_joined(tmp_path: Path) -> None:
    found = stack(
        tmp_path, "services: {hub: {kind: registry, host: h.test, users: [ci], anonymous: pull}}\n"
    )  # whoever is on it pushes without a password
    assert found["networks"]["hub-edge"] == {"name": "shop_hub-edge", "driver": "overlay", "internal": True}
    users = {item["target"] for item in found["services"]["traefik"]["secrets"]}
    assert users == {"/etc/traefik/auth/hub/htpasswd"}


def test_the_proxy_lets_nodes_and_tasks_through_and_no_container(tmp_path: Path) -> None:
    loaded = load_text(f'{HEAD}services: {{web: {{image: "w:1", port: 80, host: w.test}}}}\n'.encode(), "edge.yaml")
    texts = {item.path: item.content.decode() for item in prepare(tmp_path, None, environ={}, loaded=loaded).outputs}
    rule = next(line for line in texts["traefik/socket-proxy.cfg"].splitlines() if "is-wanted" in line)
    assert rule.endswith("/(_ping|version|services|networks|tasks|nodes/[a-zA-Z0-9]{1,64})$'")


def test_the_edge_of_another_stack_gets_everything_from_labels(tmp_path: Path) -> None:
    found = stack(
        tmp_path, 'edge: {use: main, network: public}\nservices: {web: {image: "w:1", port: 80, host: w.test}}\n'
    )
    labels = found["services"]["web"]["deploy"]["labels"]
    assert labels["traefik.http.routers.shop-web-https.middlewares"] == "shop-hsts,shop-retry-unsent"
    assert labels["traefik.http.middlewares.shop-retry-unsent.retry.attempts"] == "4"
    assert found["networks"] == {"public": {"name": "public", "external": True}}
    assert list(found["services"]) == ["web"]


def test_a_local_authoritys_keys_are_secrets(tmp_path: Path) -> None:
    found = stack(tmp_path, 'acme: {ca: local}\nservices: {web: {image: "w:1", port: 80, host: w.localhost}}\n')
    (secret,) = found["services"]["traefik"]["secrets"]
    assert (secret["target"], secret["mode"]) == ("/etc/traefik/leaf/1.pem", 0o400)
    assert [mount["type"] for mount in found["services"]["traefik"]["volumes"]] == ["tmpfs"]
    targets = [item["target"] for item in found["services"]["traefik"]["configs"]]
    assert targets == ["/etc/traefik/dynamic/local-certificates.yml", "/etc/traefik/dynamic/tls.yml"]


@pytest.mark.parametrize("thing", ["a", "x" * 200, "ü" * 5])
def test_names_fit(thing: str) -> None:
    name = hashed_name("shop", thing, "0" * 12)
    assert len(name) <= LONGEST
    assert name.startswith("shop-")
    assert name.endswith("-000000000000")


def test_names_that_are_cut_stay_apart() -> None:
    one, other = (hashed_name("shop", f"{'x' * 60}{end}", "0" * 12) for end in "ab")
    assert one != other
    assert hashed_name("s" * 63, "a", "0" * 12) != hashed_name("s" * 63, "b", "0" * 12)


def test_hashes_are_read_from_what_was_written() -> None:
    text = b"secrets:\n  a:\n    name: shop-a-0123456789ab\n    file: ./secrets/a\n"
    assert hashes_in(text) == {"secrets/a": "0123456789ab"}
    assert Contents(written=hashes_in(text)).secret("./secrets/a") == "0123456789ab"
    for odd in (b"", b"a: [", b"secrets: 5\n", b"secrets: {a: {name: x}}\n"):
        assert hashes_in(odd) == {}


def test_extra_counts_where_it_adds_a_volume_a_port_or_a_health_check(tmp_path: Path) -> None:
    more = "volumes: {data: {}}\n"
    found = service(tmp_path, 'extra: {volumes: ["data:/d"], healthcheck: {test: [CMD, true]}}', more)["deploy"]
    assert found["placement"]["constraints"] == ["node.labels.edgegen.shop.data == true"]
    assert found["update_config"]["order"] == "stop-first"
    assert (
        service(tmp_path, "extra: {healthcheck: {test: [CMD, true]}}")["deploy"]["update_config"]["order"]
        == "start-first"
    )
    above = 'extra: {services: {web: {volumes: ["data:/d"]}}}\n'
    found = service(tmp_path, "", more + above)["deploy"]
    assert found["placement"]["constraints"] == ["node.labels.edgegen.shop.data == true"]


def test_labels_of_others_stay_on_the_containers(tmp_path: Path) -> None:
    """What collects logs reads containers; Traefik only reads the service."""
    labels = 'labels: {logs: "on"}, deploy: {labels: {mine: "yes"}}'
    spec = f'services: {{web: {{image: "w:1", port: 80, host: w.test, {labels}}}}}\n'
    found = stack(tmp_path, spec)["services"]["web"]
    assert found["labels"] == {"logs": "on"}
    labels = found["deploy"]["labels"]
    assert labels["mine"] == "yes"
    assert labels["traefik.enable"] == "true"
    assert "logs" not in labels


def test_a_config_with_a_dollar_in_its_path_is_named_by_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a$.conf").write_text("x")
    (tmp_path / "b.conf").write_text("x")
    more = 'configs: {one: {file: "a$.conf"}, two: {file: "${W:-b}.conf"}}\n'
    configs = stack(tmp_path, f'edge: none\nservices: {{web: {{image: "w:1", configs: [one, two]}}}}\n{more}')[
        "configs"
    ]
    hashes = {item["name"].rpartition("-")[2] for item in configs.values()}
    assert hashes == {"2d711642b726"}


def test_a_config_that_the_swarm_has_already(tmp_path: Path) -> None:
    found = stack(
        tmp_path,
        'edge: none\nservices: {web: {image: "w:1", configs: [{source: theirs, target: /etc/x}]}}\n'
        "configs: {theirs: {external: true}}\n",
    )
    assert found["configs"] == {"theirs": {"external": True}}
    assert found["services"]["web"]["configs"] == [{"source": "theirs", "target": "/etc/x"}]
