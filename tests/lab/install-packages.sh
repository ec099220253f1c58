#!/bin/sh
# Installs the Debian packages of tests/lab/requirements-debian.txt that are missing. Those marked `unpack` are only
# downloaded, and their files put into the lab's cache: nothing is installed that they depend on, a web server say.
set -eu
here=$(dirname "$0")
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/edgegen-lab/packages
missing=
packed=
while read -r package how _; do
  case "$package" in ''|'#'*) continue ;; esac
  if [ "$how" = unpack ]; then
    [ -d "$cache/$package" ] || packed="$packed $package"
    continue
  fi
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done < "$here/requirements-debian.txt"
[ -n "$missing$packed" ] || exit 0
echo "installing Debian packages:$missing$packed"
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
# The package, and the one with a version in its name that it stands for: php-fpm for php8.2-fpm.
names_of() {
  echo "$1"
  apt-cache depends --important "$1" | sed -n "s/^ *Depends: \\(${1%%-*}[0-9.]\\{1,\\}-${1#*-}\\)\$/\\1/p"
}
unpack() {
  for package in $packed; do
    rm -rf "$cache/$package.new"
    mkdir -p "$cache/$package.new"
    # shellcheck disable=SC2046
    (cd "$cache/$package.new" && apt-get download -qq $(names_of "$package") &&
      for file in ./*.deb; do dpkg-deb -x "$file" .; done && rm ./*.deb)
    mv "$cache/$package.new" "$cache/$package"
  done
}
if [ -z "$missing" ]; then
  $sudo apt-get update -qq
  unpack
  exit 0
fi
# The engine is started by the tests themselves: no service may start at installation. A policy-rc.d that forbids
# that is made for as long as it takes; one that is there already is the machine's own, and is put back.
exists() { [ -e "$1" ] || [ -L "$1" ]; }
kept=$policy.kept-by-edgegen
ours='#!/bin/sh
# made by install-packages.sh of edgegen
exit 101'
is_ours() { [ -f "$policy" ] && [ ! -L "$policy" ] && [ "$(cat "$policy")" = "$ours" ]; }
put_back() {
  if is_ours; then $sudo rm -f "$policy"; fi
  if exists "$kept" && ! exists "$policy"; then $sudo mv "$kept" "$policy"; fi
}
put_back # what a run that was killed has left
if exists "$kept"; then
  echo "$kept and $policy are both there: keep the one that is yours as $policy, and remove the other" >&2
  exit 1
fi
trap put_back EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
if exists "$policy"; then $sudo mv "$policy" "$kept"; fi
printf '%s\n' "$ours" | $sudo tee "$policy" >/dev/null
$sudo chmod 755 "$policy"
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
unpack
