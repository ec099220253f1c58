"""The starter `wordpress`: it installs through the edge, and is still there after `down` and `up`.

Stand-ins: `wordpress:6.8` is Debian's WordPress 6.1 on PHP's own web server, `mysql:8.4` is Debian's MariaDB 10.11.
"""

from __future__ import annotations

import re
import urllib.parse

from tests.lab.clients import Answer, Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.images import ensure_images
from tests.lab.stack import Stack
from tests.lab.starter import begin, published

HOST = "blog.commenthouse.com"
FORM = {
    "weblog_title": "Comments of a house",
    "user_name": "robert",
    "admin_password": "a password for a test",
    "admin_password2": "a password for a test",
    "pw_weak": "on",
    "admin_email": "ops@commenthouse.com",
    "blog_public": "0",
}


def test_wordpress_installs_through_the_edge_and_stays(stack: Stack) -> None:
    begin(stack, "wordpress", HOST)
    a_laptop_has_it_on_port_8080(stack)
    stack.edgegen("render", "-e", "base")
    stack.up()
    wait_for_certificate(stack.ground, HOST)
    visitor = Client(stack.ground, stack.root)
    wait_for_status(visitor, HOST, 302)
    assert visitor.get(HOST).location == f"https://{HOST}/wp-admin/install.php"
    it_is_installed(visitor)
    only_the_edge_is_reached_from_outside(stack)
    the_password_is_in_no_variable(stack)

    stack.edgegen("down")
    assert volumes(stack) == {"blog-commenthouse_db", "blog-commenthouse_wordpress"}
    stack.up()
    wait_for_status(visitor, HOST, 200)
    assert FORM["weblog_title"] in visitor.get(HOST).body.decode()
    assert logged_in(visitor)

    stack.edgegen("down", "--volumes", "--yes")
    assert volumes(stack) == set()


def it_is_installed(visitor: Client) -> None:
    done = posted(visitor, "/wp-admin/install.php?step=2", FORM)
    assert done.status == 200
    assert "WordPress has been installed" in done.body.decode()
    page = visitor.get(HOST).body.decode()
    assert FORM["weblog_title"] in page
    assert f'href="https://{HOST}/' in page
    assert f'href="http://{HOST}' not in page, "WordPress does not know that it is behind TLS"
    assert logged_in(visitor)


def posted(visitor: Client, path: str, form: dict[str, str], cookie: str = "") -> Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return visitor.request("POST", HOST, path, urllib.parse.urlencode(form).encode(), headers)


def logged_in(visitor: Client) -> bool:
    form = {"log": FORM["user_name"], "pwd": FORM["admin_password"]}
    done = posted(visitor, "/wp-login.php", form, "wordpress_test_cookie=WP%20Cookie%20check")
    cookies = done.headers.get_all("Set-Cookie") or []
    return done.status == 302 and any(re.match("wordpress_logged_in_", cookie) for cookie in cookies)


def volumes(stack: Stack) -> set[str]:
    label = f"label=com.docker.compose.project={stack.compose['name']}"
    return set(docker(stack.ground, "volume", "ls", "-q", "--filter", label).split())


def only_the_edge_is_reached_from_outside(stack: Stack) -> None:
    running = docker(stack.ground, "ps", "--format", "{{.Names}} {{.Ports}}").splitlines()
    assert [line.split()[0] for line in running if "->" in line] == ["blog-commenthouse-traefik-1"]


def the_password_is_in_no_variable(stack: Stack) -> None:
    password = (stack.folder / "secrets/db-password").read_text().strip()
    said = docker(stack.ground, "inspect", stack.container("wordpress"), stack.container("db"))
    assert password not in said
    assert password not in (stack.folder / "docker-compose.yml").read_text()


def a_laptop_has_it_on_port_8080(stack: Stack) -> None:
    ensure_images(stack.ground, stack.compose)
    stack.edgegen("render", "-e", "dev")
    stack.edgegen("up", "--wait", "180", "-e", "dev")
    names = docker(stack.ground, "ps", "--format", "{{.Names}}").split()
    assert sorted(names) == ["blog-commenthouse-db-1", "blog-commenthouse-wordpress-1"]
    assert b"weblog_title" in published(stack.ground, 8080, "/wp-admin/install.php").body
    assert (stack.folder / "wordpress/wp-login.php").is_file()
