"""Twenty tasks of a new user: the question, the way from README to the page, what to type, and the outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.docs import judges
from tests.docs.typed import Typed


@dataclass(frozen=True)
class Fault:
    """One thing that is other than the page says: a text in a file, or a record that isn't there."""

    file: str = ""
    old: str = ""
    new: str = ""
    record: str = ""


@dataclass(frozen=True)
class Task:
    """`outcome` judges what the last page left; without one, the lab's test types the page on the real engine."""

    question: str
    clicks: tuple[str, ...]
    commands: tuple[str, ...]
    outcome: Callable[[Typed], None] | None = None
    fault: Fault = Fault()

    @property
    def page(self) -> str:
        return self.clicks[-1].partition("#")[0]


COOKBOOK = "docs/cookbook/index.md"
TOKEN = "export CLOUDFLARE_API_TOKEN=…"
START = (TOKEN, "edgegen dns own", "edgegen dns sync", "edgegen up")
TASKS = (
    Task(
        "My tutorial's stack answers 404. Which line is wrong?",
        ("docs/guide/lint.md",),
        ("edgegen lint",),
        judges.faults_are_where_lint_says,
        Fault("compose.yaml", "tls.certresolvers", "tls.certresolver"),
    ),
    Task(
        "Every customer shall have a name, under one certificate",
        (COOKBOOK, "docs/cookbook/wildcard.md"),
        (TOKEN, "edgegen dns own", "edgegen dns check-token", "edgegen render -q", "edgegen dns plan", *START[2:]),
        judges.wildcard,
        Fault(record="*.apps.example.com"),
    ),
    Task(
        "My site is behind Cloudflare's orange cloud",
        (COOKBOOK, "docs/cookbook/cloudflare-proxy.md"),
        (TOKEN, "edgegen dns own", "edgegen dns check-token", "edgegen render -q", *START[2:]),
        judges.behind_the_proxy,
        Fault("docker-compose.yml", "173.245.48.0/20", "0.0.0.0/0"),
    ),
    Task(
        "I have a project and want one more app in it",
        ("docs/guide/add-a-service.md",),
        ("edgegen add nginx:1.27 docs.commenthouse.com", "edgegen render -q"),
        judges.app_is_added,
        Fault("docker-compose.yml", "docs.commenthouse.com", "www.commenthouse.com"),
    ),
    Task(
        "One more person may push, and somebody lost the password",
        (COOKBOOK, "docs/cookbook/registry.md#users-and-lost-passwords"),
        ("edgegen registry user add bob", "edgegen registry user passwd ci", "edgegen registry user list"),
        judges.new_password_counts,
        Fault("registry/htpasswd", "ci:$2", "ci:$1"),
    ),
    Task(
        "What would change in my DNS, and what about the record that somebody made?",
        ("docs/guide/dns.md",),
        (
            "edgegen dns plan",
            "edgegen dns plan --adopt www.commenthouse.com",
            "edgegen dns sync --adopt www.commenthouse.com",
        ),
        judges.record_is_taken_over,
        Fault(record="www.commenthouse.com"),
    ),
    Task(
        "The shop has a new name, and the old links must go on",
        (COOKBOOK, "docs/guide/kinds.md#send-an-old-host-to-a-new-one"),
        START,
        judges.old_host_leads_to_the_new_one,
        Fault("traefik/dynamic/services.yml", "commenthouse.com/$", "commenthouse.com/new/$"),
    ),
    Task(
        "How does a password get into a container, and not into git?",
        ("docs/guide/secrets.md",),
        ("edgegen render -q", "stat -c '%a %n' secrets secrets/*"),
        judges.secret_is_a_file_in_the_container,
        Fault("docker-compose.yml", "name:", "# of-the-example\nname:"),
    ),
    Task(
        "Tell me before my users do",
        (COOKBOOK, "docs/cookbook/cron.md"),
        ("env -i PATH=/usr/local/bin:/usr/bin:/bin edgegen verify -q --no-login https://expired.badssl.com",),
        judges.cron_speaks_only_of_problems,
        Fault("edgegen.cron", "|| echo", "&& echo"),
    ),
    Task(
        "Pull requests shall show what they would change",
        (COOKBOOK, "docs/cookbook/github-actions.md"),
        (
            "edgegen render -q",
            "edgegen lint --format github",
            "edgegen render --stdout | diff docker-compose.yml -",
            "edgegen dns plan --format markdown",
        ),
        judges.workflows_run_what_was_tried,
        Fault(".github/workflows/edge-review.yml", "lint --format github", "lint --format gitlab"),
    ),
    Task(
        "What if I don't want edgegen any more?",
        (COOKBOOK, "docs/cookbook/leaving-edgegen.md"),
        ("edgegen render", "pipx uninstall edgegen"),
        judges.stack_needs_no_edgegen,
        Fault("docker-compose.yml", "haproxy:", "edgegen/proxy:"),
    ),
    Task(
        "I followed a tutorial, and want to keep certificates and data",
        ("docs/coming-from/index.md", "docs/coming-from/compose-tutorial.md"),
        (
            "edgegen lint",
            "edgegen render",
            "jq '{letsencrypt: .le}' ../tutorial/letsencrypt/acme.json > acme/acme.json",
            "edgegen up",
        ),
        judges.tutorial_is_replaced,
        Fault("acme/acme.json", "letsencrypt", "le"),
    ),
    Task(
        "An update must not lose a request",
        (COOKBOOK, "docs/cookbook/swarm.md"),
        ("edgegen dns sync", "edgegen up", "RELEASE=1.5.0 edgegen up", "edgegen render"),
        judges.swarm_starts_the_new_task_first,
        Fault("stack.yml", "order: start-first", "order: stop-first"),
    ),
    Task(
        "https on my laptop, without a domain",
        (COOKBOOK, "docs/guide/environments.md#certificates-on-a-laptop"),
        ("edgegen init web app.localhost", "edgegen up"),
        judges.certificate_is_for_the_laptop,
        Fault("docker-compose.yml", "app.localhost", "web.localhost"),
    ),
    Task(
        "My Traefik is of 2023. How do I get to version 3?",
        (COOKBOOK, "docs/guide/lint.md#before-an-upgrade"),
        (
            "edgegen lint old/compose.yaml --upgrade 3.7 --fix --diff",
            "edgegen lint old/compose.yaml --upgrade 3.7 --fix",
        ),
        judges.old_traefik_is_new,
        Fault("old/compose.yaml", "`) || Host(`", "`, `"),
    ),
    Task(
        "A registry of my own, on a subdomain",
        (COOKBOOK, "docs/cookbook/registry.md"),
        ("edgegen render", *START, "docker login registry.example.com -u ci", "edgegen verify --push --wait 120"),
    ),
    Task(
        "Two apps on one server, and the bare domain leads to www",
        (COOKBOOK, "docs/cookbook/two-apps-and-www.md"),
        ("edgegen render -q", *START, "edgegen dns plan", "edgegen verify --wait 120"),
    ),
    Task(
        "WordPress",
        (COOKBOOK, "docs/cookbook/wordpress.md"),
        ("edgegen render -e base -q", *START, "edgegen verify --wait 120"),
    ),
    Task(
        "A password in front of an app that has none",
        (COOKBOOK, "docs/cookbook/basic-auth.md"),
        ("edgegen auth add alice --service wiki", *START),
    ),
    Task(
        "The same app on a laptop, a test server and in production",
        (COOKBOOK, "docs/cookbook/three-environments.md"),
        ("edgegen up -e dev", TOKEN),
    ),
)
