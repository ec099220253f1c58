#!/bin/sh
# The ground the lab stands on, run as the first process of its own namespaces (mount, network, process, host name).
# $1: its folder, $2: its host name, $3: its address (may be empty: the network is made from outside), $4: its DNS
# server; the rest is the command line of its engine. The ground lives as long as stdin is open.
set -eu
folder=$1 name=$2 address=$3 resolver=$4
shift 4

# /proc is still the machine's here, so this is the number by which the machine knows this process.
read -r pid _ </proc/self/stat

mount --make-rprivate /
hostname "$name"

# The network has one address, and no way out of the machine.
ip link set lo up
[ -z "$address" ] || ip address add "$address/32" dev lo

# A fresh /sys shows this network's devices; the control groups stay those of the machine.
mkdir -p "$folder/cgroup"
mount --rbind /sys/fs/cgroup "$folder/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$folder/cgroup" /sys/fs/cgroup
# Where version 2 stands empty beside version 1, crun refuses to choose.
! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified
mount -t proc proc /proc

# What the engine and its clients read, without a trace on the machine: /run for the usual socket, DNS, trusted CAs.
mkdir -p "$folder/run" "$folder/etc-docker"
mount --bind "$folder/run" /run
mkdir -p /etc/docker
mount --bind "$folder/etc-docker" /etc/docker
printf 'nameserver %s\noptions timeout:2 attempts:1\n' "$resolver" >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf

# An engine starts iptables some forty times for each container. The older one takes half of a processor for it, and is
# asked where this kernel has its tables. The program goes by its name, and so stands in for all of the newer ones.
has_tables() (
  for table in filter nat mangle; do
    iptables-legacy -w -t "$table" -nL || exit 1
  done
)
if [ -n "${LAB_OLDER_IPTABLES-}" ] && has_tables >/dev/null 2>&1; then
  mount --bind "$(command -v xtables-legacy-multi)" "$(command -v xtables-nft-multi)"
fi

# Users of its own, where somebody logs in: root's home is then in the folder.
for file in passwd shadow; do
  [ ! -e "$folder/$file" ] || mount --bind "$folder/$file" "/etc/$file"
done

echo "$pid" >"$folder/pid.new"
mv "$folder/pid.new" "$folder/pid"

"$@" &
engine=$!
cat >/dev/null
kill -TERM "$engine" 2>/dev/null || true
# It would wait long for containers that a killed session left. They end with this process, and the next session
# removes what is written of them.
(sleep 3 && kill -KILL "$engine" 2>/dev/null) &
wait "$engine" || true
