"""A database on a published port.

What it does
    Reports a database by its image whose own port is published on all addresses of the host.

Why
    Docker opens a published port ahead of the firewall of the host: ufw and firewalld do not close it. Databases in
    containers often have a simple password, or none.

Example
    `image: postgres:16` with `ports: ["5432:5432"]`

Instead
    No `ports`: the other services reach it over their network. For yourself `127.0.0.1:5432:5432`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.image import image_of
from edgegen.lint.views.published import Reach, covers, reach_of

RULE = Rule("EL095", "database-published", Severity.MEDIUM)

PORTS = {
    "postgres": 5432, "postgis": 5432, "timescaledb": 5432, "pgvector": 5432, "mysql": 3306, "mariadb": 3306,
    "percona": 3306, "mongo": 27017, "redis": 6379, "valkey": 6379, "keydb": 6379, "dragonfly": 6379,
    "memcached": 11211, "elasticsearch": 9200, "opensearch": 9200, "influxdb": 8086, "couchdb": 5984,
    "cassandra": 9042, "clickhouse-server": 8123, "neo4j": 7687, "rabbitmq": 5672, "etcd": 2379, "mssql": 1433,
}  # fmt: skip


def check(project: Project) -> Iterator[Found]:
    """Each such port."""
    for service in project.services.values():
        image = image_of(service) if "ports" in service.data else None
        number = PORTS.get(image.name) if image else None
        if number is None:
            continue
        for port in service.ports:
            if covers(port.target, number) and not port.unset and reach_of(port, project.mode) is Reach.ALL:
                yield Found(
                    service.name,
                    f"the database `{service.name}` listens on port {port.published or port.target} of every address "
                    "of the host, ahead of its firewall",
                    port.spot,
                    "remove it" if project.mode is Mode.SWARM else "remove it, or bind it to 127.0.0.1",
                )
