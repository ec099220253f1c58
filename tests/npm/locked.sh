#!/bin/sh
# Installs a program of npm with all that it depends on, as the lock file in its folder says: `locked.sh NAME`.
# It goes into the lab's cache, under the sum of that lock file, and none of its scripts run. Prints the folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1
sum=$(sha256sum "$here/$name/package-lock.json" | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/edgegen-lab/npm
folder=$cache/$name-locked-$sum
if [ ! -d "$folder" ]; then
  command -v npm >/dev/null || {
    sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    echo "installing Debian's npm" >&2
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends npm >/dev/null
  }
  echo "fetching $name from npm" >&2
  new=$folder.new.$$
  mkdir -p "$new"
  trap 'rm -rf "$new"' EXIT
  cp "$here/$name/package.json" "$here/$name/package-lock.json" "$new"
  (cd "$new" && npm ci --silent --ignore-scripts --no-audit --no-fund >&2)
  mv "$new" "$folder" 2>/dev/null || [ -d "$folder" ] # another run may have been faster
fi
echo "$folder"
