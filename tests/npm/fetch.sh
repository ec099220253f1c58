#!/bin/sh
# Puts the packages of tests/npm/packages.txt, or only those that are named, into the lab's cache, unless they are there.
# Only the packages themselves: nothing that they depend on, and none of their scripts run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/edgegen-lab/npm
wanted=" ${*:-} "
install_npm() {
  echo "installing Debian's npm"
  sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends npm >/dev/null
}
while read -r name version sum; do
  case "$name" in ''|'#'*) continue ;; esac
  case "$wanted" in '  '|*" $name "*) ;; *) continue ;; esac
  folder=$cache/$name-$version
  [ -d "$folder" ] && continue
  command -v npm >/dev/null || install_npm
  echo "fetching $name $version from npm"
  new=$folder.new.$$
  mkdir -p "$new"
  trap 'rm -rf "$new"' EXIT
  (cd "$new" && npm pack --silent --ignore-scripts "$name@$version" >/dev/null)
  echo "$sum  $new/$name-$version.tgz" | sha256sum --check --quiet
  tar -xzf "$new/$name-$version.tgz" -C "$new" --strip-components=1
  rm "$new/$name-$version.tgz"
  mv "$new" "$folder" 2>/dev/null || [ -d "$folder" ] # another run may have been faster
  rm -rf "$new"
done < "$here/packages.txt"
