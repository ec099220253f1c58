"""What `cert list` and `explain` see of a swarm of several hosts, asked over ssh."""

from __future__ import annotations

import json

from tests.lab.hosts import Host
from tests.lab.swarm_project import SwarmProject


def certificates_are_where_the_edge_is(project: SwarmProject, host: str, edge: Host, other: Host) -> None:
    """The edge's own node shows its acme.json; another manager can't, and names that node instead of a fault."""
    looking = ("--json", "--allow-private", "--ca-file", str(project.root))
    there = project.edgegen("cert", "list", "--host", edge.url, *looking)
    found = json.loads(there.stdout)
    assert [name for item in found["certificates"] if item["resolver"] for name in item["names"]] == [host]
    assert {item["outcome"] for item in found["findings"]} == {"pass"}

    elsewhere = project.edgegen("cert", "list", "--host", other.url, *looking, code=4)
    findings = {item["name"]: item for item in json.loads(elsewhere.stdout)["findings"]}
    stored = findings["certificate-stored"]
    assert (stored["outcome"], stored["verdict"]) == ("unknown", "not-seen")
    assert f"runs on the node `{edge.name}`" in stored["message"]
    assert findings["certificate-served"]["outcome"] == "pass"


def any_manager_explains(project: SwarmProject, host: str, manager: Host, service: str, *nodes: str) -> None:
    """The service's tasks are on other nodes than the manager that is asked."""
    words = ("explain", f"https://{host}", "--json", "--allow-private", "--ca-file", str(project.root))
    found = json.loads(project.edgegen(*words, "--host", manager.url).stdout)
    last = found["links"][-1]
    assert last["message"].startswith(f"{service}: {len(nodes)} of {len(nodes)} tasks run, on "), last
    assert all(node in last["message"] for node in nodes), last
