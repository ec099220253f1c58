"""Applications on PHP under the names that specs ask for: WordPress, and pages that say what they reach.

`wordpress:…` is Debian's WordPress on PHP's own web server, whatever the tag says. `drupal:…` and the todo list's two
images are one page, `data/reach.php`, which says what it reaches and reads; `traefik/whoami:…` is `data/whoami.php`.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from tests.lab.image import Image, in_place, linked, tree, with_shell
from tests.lab.parts import program, unpacked

_PAGES = Path(__file__).parent / "data"
_EXTENSIONS = ("ctype", "iconv", "tokenizer", "mysqlnd", "mysqli", "pgsql", "posix")
_THEME = {
    "style.css": "/*\nTheme Name: lab\n*/\n",
    "index.php": "<!doctype html><title><?php bloginfo('name'); ?></title><?php wp_head();\n"
    "while (have_posts()) { the_post(); the_title('<h1>', '</h1>'); the_content(); }\n",
}
"""Debian's package has no theme, and without one WordPress shows nothing."""
_START = """#!/bin/sh
set -e
{prepare}
# The first process ignores a signal for which it has no trap, and each stop would take the engine's ten seconds.
trap 'exit 0' TERM
PHP_CLI_SERVER_WORKERS=3 php -S 0.0.0.0:{port} -t {root} {router} &
wait
"""
_COPY = "[ -e /var/www/html/index.php ] || cp -R /usr/src/wordpress/. /var/www/html/"
_WORDPRESS_CONFIG = """<?php
// What the official image's wp-config.php does with its variables.
function getenv_docker($name, $default) {
    if ($file = getenv($name . '_FILE')) return rtrim(file_get_contents($file), "\\r\\n");
    return ($value = getenv($name)) !== false ? $value : $default;
}
define('DB_NAME', getenv_docker('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_USER', getenv_docker('WORDPRESS_DB_USER', 'example username'));
define('DB_PASSWORD', getenv_docker('WORDPRESS_DB_PASSWORD', 'example password'));
define('DB_HOST', getenv_docker('WORDPRESS_DB_HOST', 'mysql'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_DEFAULT_THEME', 'lab');
$table_prefix = 'wp_';
if (strpos($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '', 'https') !== false) $_SERVER['HTTPS'] = 'on';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


def wordpress() -> Image:
    """WordPress of Debian, with the variables and the folder of the official image."""
    source, target = unpacked("wordpress") / "usr/share/wordpress", "/usr/src/wordpress"
    start = _START.format(prepare=_COPY, port=80, root="/var/www/html", router="")
    return _with_php(
        tree(target, source, without=["wp-content", "wp-config.php"]),
        {
            "/usr/local/bin/docker-entrypoint.sh": start,
            f"{target}/wp-config.php": _WORDPRESS_CONFIG,
            **{f"{target}/wp-content/themes/lab/{name}": text for name, text in _THEME.items()},
        },
        "VOLUME /var/www/html",
        "WORKDIR /var/www/html",
        "EXPOSE 80",
    )


def reaching(port: int) -> Image:
    """A page that says which database, cache and files its container reaches."""
    return _page("reach.php", port)


def whoami() -> Image:
    """A page that shows the request as it arrived."""
    return _page("whoami.php", 80)


def fpm() -> Image:
    """PHP-FPM on port 9000, which speaks FastCGI, as the official images `…-fpm` do."""
    (server,) = (unpacked("php-fpm") / "usr/sbin").glob("php-fpm*")  # its name has Debian's version of PHP
    settings = (
        "[global]\ndaemonize = no\nerror_log = /proc/self/fd/2\n"
        "[www]\nlisten = 9000\nuser = 65534\ngroup = 65534\npm = static\npm.max_children = 1\n"
    )
    return with_shell(
        linked("/usr/local/sbin/php-fpm", server),
        {"/usr/local/etc/php-fpm.conf": settings},
        "EXPOSE 9000",
        'ENTRYPOINT ["php-fpm", "-n", "-y", "/usr/local/etc/php-fpm.conf", "-R"]',
    )


def _page(name: str, port: int) -> Image:
    start = _START.format(prepare="", port=port, root="/var/www/html", router="/var/www/html/index.php")
    texts = {"/usr/local/bin/docker-entrypoint.sh": start, "/var/www/html/index.php": (_PAGES / name).read_text()}
    return _with_php({}, texts, f"EXPOSE {port}")


def _with_php(files: dict[str, Path], texts: dict[str, str], *changes: str) -> Image:
    folder = Path(_ask("echo PHP_EXTENSION_DIR;"))
    settings = "".join(f"extension={name}\n" for name in _EXTENSIONS)
    return with_shell(
        {
            **linked("/usr/local/bin/php", program("php")),
            **in_place(*(folder / f"{name}.so" for name in _EXTENSIONS)),
            "/usr/share/zoneinfo/UTC": Path("/usr/share/zoneinfo/UTC"),
            **files,
        },
        {"/usr/local/etc/php/php.ini": settings, **texts},
        "ENV PHPRC=/usr/local/etc/php",
        "ENV PHP_INI_SCAN_DIR=",
        *changes,
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        applets="mktemp",
    )


@cache
def _ask(code: str) -> str:
    """What PHP says of itself."""
    done = subprocess.run([program("php"), "-n", "-r", code], capture_output=True, text=True, check=True)
    return done.stdout
