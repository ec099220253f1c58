"""Databases under the names of the official images: Debian's servers with what a spec can see of the official start.

`postgres:…` is Debian's PostgreSQL, `mysql:…` and `mariadb:…` are Debian's MariaDB, `redis:…` is Debian's Redis,
whatever the tag says.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.lab.image import Image, in_place, linked, tree, with_shell
from tests.lab.parts import program, unpacked

_FROM_FILE = """\
# The value of a variable, or what is in the file that NAME_FILE names.
value() {
  eval "value=\\${$1:-} file=\\${$1_FILE:-}"
  if [ -n "$file" ]; then value=$(cat "$file"); fi
}
"""
_POSTGRES = f"""#!/bin/sh
set -e
{_FROM_FILE}
PGDATA=${{PGDATA:-/var/lib/postgresql/data}}
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  exec /usr/bin/setpriv --reuid=70 --regid=70 --clear-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  value POSTGRES_PASSWORD
  if [ -z "$value" ]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    exit 1
  fi
  echo "$value" >/tmp/password
  value POSTGRES_USER
  user=${{value:-postgres}}
  initdb -D "$PGDATA" -U "$user" --pwfile=/tmp/password -A trust --no-sync --locale=C --encoding=UTF8 >/tmp/initdb.log
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  value POSTGRES_DB
  database=${{value:-$user}}
  if [ "$database" != postgres ]; then
    echo "CREATE DATABASE \\"$database\\"" | postgres --single -D "$PGDATA" postgres >/dev/null
  fi
fi
if [ "$1" = postgres ]; then shift; fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c jit=off "$@"
"""
_MYSQL = f"""#!/bin/sh
set -e
{_FROM_FILE}
if [ "$(id -u)" = 0 ]; then
  mkdir -p /var/lib/mysql /run/mysqld
  chown -R mysql /var/lib/mysql /run/mysqld
  exec /usr/bin/setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
fi
if [ ! -d /var/lib/mysql/mysql ]; then
  value MYSQL_ROOT_PASSWORD
  root=$value
  if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then root=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \\n'); fi
  if [ -z "$root" ]; then
    echo "Database is uninitialized and password option is not specified" >&2
    exit 1
  fi
  mariadb-install-db --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db --rpm \\
    >/tmp/install.log
  value MYSQL_PASSWORD
  password=$value
  value MYSQL_USER
  user=$value
  {{
    echo "SET PASSWORD FOR root@localhost = PASSWORD('$root');"
    [ -z "$MYSQL_DATABASE" ] || echo "CREATE DATABASE \\`$MYSQL_DATABASE\\`;"
    [ -z "$user" ] || echo "CREATE USER '$user'@'%' IDENTIFIED BY '$password';"
    [ -z "$user$MYSQL_DATABASE" ] || echo "GRANT ALL ON \\`$MYSQL_DATABASE\\`.* TO '$user'@'%';"
  }} >/tmp/init.sql
  set -- "$@" --init-file=/tmp/init.sql
fi
if [ "$1" = mysqld ]; then shift; fi
exec mariadbd --datadir=/var/lib/mysql --socket=/run/mysqld/mysqld.sock --bind-address=0.0.0.0 --skip-name-resolve \\
  --innodb-flush-log-at-trx-commit=2 "$@"
"""
_REDIS = """#!/bin/sh
set -e
if [ "$1" = redis-server ]; then shift; fi
exec redis-server "$@" --protected-mode no --dir /data
"""
_TOOLS = "chown cut dirname expr find ln od readlink seq sort tr uname xargs basename"
_SETPRIV = "/usr/bin/setpriv"


def postgres() -> Image:
    """PostgreSQL of Debian: user 70 as in the alpine image, no start without a password, data in the usual folder."""
    binaries = _newest("/usr/lib/postgresql/*/bin", "postgres")
    version = binaries.parent.name
    modules = [f"/usr/lib/postgresql/{version}/lib/{name}.so" for name in ("plpgsql", "dict_snowball")]
    programs = ("postgres", "initdb", "psql", "pg_isready", "pg_dump")
    image = with_shell(
        {
            **in_place(*(binaries / name for name in programs), *map(Path, modules), Path(_SETPRIV)),
            **tree(f"/usr/share/postgresql/{version}", Path("/usr/share/postgresql") / version, without=["man"]),
            **tree("/usr/share/zoneinfo/Etc", Path("/usr/share/zoneinfo/Etc")),
        },
        {"/usr/local/bin/docker-entrypoint.sh": _POSTGRES, "/etc/passwd": _users("postgres", 70)},
        "VOLUME /var/lib/postgresql/data",
        "EXPOSE 5432",
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        'CMD ["postgres"]',
        applets=_TOOLS,
    )
    links = {f"/usr/local/bin/{name}": str(binaries / name) for name in programs}
    return replace(image, links={**image.links, **links}, stop_signal="SIGINT")


def mysql() -> Image:
    """MariaDB of Debian with the variables of MySQL's image: user 999; a database and a user at the first start."""
    admin = unpacked("mariadb-client") / "usr/bin/mariadb-admin"
    own = ("/usr/sbin/mariadbd", "/usr/bin/mariadb", "/usr/bin/my_print_defaults", "/usr/bin/resolveip", _SETPRIV)
    return with_shell(
        {
            **in_place(*map(Path, own)),
            **linked("/usr/bin/mysqladmin", admin),
            "/usr/bin/mariadb-install-db": Path("/usr/bin/mariadb-install-db"),
            **tree("/usr/share/mysql", Path("/usr/share/mysql"), without=["mysql-test"]),
        },
        {"/usr/local/bin/docker-entrypoint.sh": _MYSQL, "/etc/passwd": _users("mysql", 999)},
        "VOLUME /var/lib/mysql",
        "EXPOSE 3306",
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        'CMD ["mysqld"]',
        applets=_TOOLS,
    )


def redis() -> Image:
    """Redis of Debian, without the protection that the official image switches off too."""
    return with_shell(
        {
            **linked("/usr/local/bin/redis-server", program("redis-server")),
            **linked("/usr/local/bin/redis-cli", program("redis-cli")),
        },
        {"/usr/local/bin/docker-entrypoint.sh": _REDIS},
        "VOLUME /data",
        "WORKDIR /data",
        "EXPOSE 6379",
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        'CMD ["redis-server"]',
    )


def _newest(pattern: str, name: str) -> Path:
    """The folder with this program, of the newest version that is installed."""
    found = [path for path in Path("/").glob(pattern.lstrip("/")) if (path / name).is_file()]
    assert found, f"the lab needs `{name}`, which is not installed: `make packages` installs it"
    return max(found, key=lambda path: int(path.parent.name))


def _users(name: str, number: int) -> str:
    return f"root:x:0:0::/root:/bin/sh\n{name}:x:{number}:{number}::/tmp:/bin/sh\n"
