"""Base images of languages, for what is built in the lab: `node:…`, `ruby:…` and `golang:…`.

Node and Ruby are Debian's, whatever the tag says. Their package managers, and Go as a whole, are scripts that do what a
Dockerfile without a network can see of `npm`, `bundle` and `go build`; what `go build` makes is a script too.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from tests.lab.image import Image, linked, tree, with_shell
from tests.lab.parts import program

_NPM = """#!/bin/sh
[ -f package.json ] || { echo "npm: there is no package.json" >&2; exit 1; }
case "$1" in
  ci) [ -f package-lock.json ] || { echo "npm ci: there is no package-lock.json" >&2; exit 1; } ;;
  install|prune) ;;
  *) echo "npm: $1 is unknown to the lab" >&2; exit 1 ;;
esac
mkdir -p node_modules
"""
_BUNDLE = """#!/bin/sh
[ -f Gemfile ] || { echo "bundle: there is no Gemfile" >&2; exit 1; }
case "$1" in
  config) ;;
  install) mkdir -p vendor/bundle && touch vendor/bundle/installed ;;
  exec) [ -f vendor/bundle/installed ] || { echo "bundle: nothing is installed" >&2; exit 1; }
        shift; exec "$@" ;;
  *) echo "bundle: $1 is unknown to the lab" >&2; exit 1 ;;
esac
"""
_GO = """#!/bin/sh
set -e
[ -f go.mod ] || { echo "go: there is no go.mod" >&2; exit 1; }
case "$1" in
  mod) exit 0 ;;
  build) shift ;;
  *) echo "go: $1 is unknown to the lab" >&2; exit 1 ;;
esac
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then output=$2; fi
  shift
done
# A program that answers with the text of main.go between the quotes of its answer.
answer=$(sed -n 's/.*Fprintln(response, "\\(.*\\)").*/\\1/p' main.go)
mkdir -p "$(dirname "$output")"
cat >"$output" <<END
#!/bin/sh
mkdir -p /tmp/www
echo "$answer" >/tmp/www/index.html
trap 'exit 0' TERM
httpd -f -p 3000 -h /tmp/www &
wait
END
chmod 755 "$output"
"""


def node() -> Image:
    """Node with a user of that name."""
    return with_shell(
        linked("/usr/local/bin/node", program("node")),
        {"/usr/local/bin/npm": _NPM, "/etc/passwd": _users("node")},
        "EXPOSE 3000",
        'CMD ["node"]',
    )


def ruby() -> Image:
    """Ruby with its standard library."""
    folders = [Path(folder) for folder in _ruby("puts RbConfig::CONFIG.values_at('rubylibdir', 'rubyarchdir')")]
    library = {target: path for folder in folders for target, path in tree(str(folder), folder).items()}
    return with_shell(
        {**linked("/usr/local/bin/ruby", program("ruby")), **library},
        {"/usr/local/bin/bundle": _BUNDLE, "/etc/passwd": _users("app")},
        'CMD ["ruby"]',
        applets="dirname",
    )


def golang() -> Image:
    """A `go` that knows `build` and `mod download`."""
    return with_shell({}, {"/usr/local/bin/go": _GO}, "WORKDIR /go", applets="dirname")


def shell() -> Image:
    """What a finished program runs on: nothing but a shell, for the lab's programs are scripts."""
    return with_shell({}, {"/etc/passwd": _users("nonroot")}, applets="dirname")


def _users(name: str) -> str:
    return f"root:x:0:0::/root:/bin/sh\n{name}:x:1000:1000::/tmp:/bin/sh\n"


@cache
def _ruby(code: str) -> list[str]:
    """What Ruby says of itself."""
    done = subprocess.run([program("ruby"), "-e", code], capture_output=True, text=True, check=True)
    return done.stdout.split()
