#!/bin/sh
# The ground the lab stands on, run as the first process of its own namespaces (mount, network, process, host name).
# $1: the lab's folder, $2: its address; the rest is the engine's command line. The lab lives as long as stdin is open.
set -eu
folder=$1 address=$2
shift 2

# /proc is still the machine's here, so this is the number by which the machine knows this process.
read -r pid _ </proc/self/stat

mount --make-rprivate /
hostname lab

# The network has one address, and no way out of the machine.
ip link set lo up
ip address add "$address/32" dev lo

# A fresh /sys shows this network's devices; the control groups stay those of the machine.
mkdir -p "$folder/cgroup"
mount --rbind /sys/fs/cgroup "$folder/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$folder/cgroup" /sys/fs/cgroup
mount -t proc proc /proc

# What the engine and its clients read, without a trace on the machine: /run for the usual socket, DNS, trusted CAs.
mkdir -p "$folder/run" "$folder/etc-docker"
mount --bind "$folder/run" /run
mkdir -p /etc/docker
mount --bind "$folder/etc-docker" /etc/docker
printf 'nameserver %s\noptions timeout:2 attempts:1\n' "$address" >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf

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
