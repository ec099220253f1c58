#!/bin/sh
# Installs the Debian packages of tests/lab/requirements-debian.txt that are missing.
set -eu
here=$(dirname "$0")
missing=
while read -r package _; do
  case "$package" in ''|'#'*) continue ;; esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done < "$here/requirements-debian.txt"
[ -n "$missing" ] || exit 0
echo "installing Debian packages:$missing"
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
# The engine is started by the tests themselves: no service may start at installation.
$sudo sh -c 'printf "#!/bin/sh\nexit 101\n" > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d'
$sudo apt-get update -qq
status=0
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null || status=$?
$sudo rm -f /usr/sbin/policy-rc.d
exit $status
