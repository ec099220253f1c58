# Runs on the other host, in whatever `sh` is there: dash, busybox or bash. It reads requests from stdin and answers on
# stdout, one line each. Nothing of the project is changed before `commit`, which is then carried out to its end even if
# the connection is lost. When stdin ends, so does the script, and with it the lock.
#
# Every path is relative to the project's folder and begins with `./`. A list of lines ends with a line `.`.
set -u
LC_ALL=C
export LC_ALL
umask 077
state=./.edgegen
stage=$state/stage
locked=
checked=
tab=$(printf '\t')

answer() { printf '%s\n' "$*" 2>/dev/null; }
fail() {
    answer "fail $(printf '%s' "$*" | tr '\n' ' ')"
    exit 1
}
try() { said=$("$@" 2>&1) || fail "$said"; }

# A folder that was made here, and in which nothing was committed, goes again if it is empty.
made=
made_state=
clean() {
    if [ -n "$locked" ]; then
        rm -rf "$stage"
        : >"$state/lock"
        [ -z "$made_state" ] || rm -f "$state/lock"
    fi
    [ -z "$made_state" ] || rmdir "$state" 2>/dev/null
    [ -z "$made" ] || { cd / && rmdir -- "$folder" 2>/dev/null; }
}
trap clean EXIT

missing=
for program in base64 cat chmod dd flock id ln mkdir mv rm sha256sum stat sync tr; do
    command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
done
user=$(id -u 2>/dev/null)
answer "edgegen 1 $user ${HOME-}"
[ -z "$missing" ] || { answer "missing$missing"; exit 1; }
[ -n "$user" ] || fail "id prints no user"

# enter 0|1 FOLDER: go there; 1 creates it. Every folder above it is listed, so that the caller can refuse it.
enter() {
    case $2 in
    /*) folder=$2 ;;
    *) folder=$HOME/$2 ;;
    esac
    if [ ! -d "$folder" ]; then
        if [ -e "$folder" ] || [ -L "$folder" ]; then fail "$folder is not a folder"; fi
        if [ "$1" = 0 ]; then
            answer "absent $folder"
            return
        fi
        said=$(umask 022 && mkdir -p -- "$folder" 2>&1) || fail "$said"
        made=yes
    fi
    cd -P -- "$folder" 2>/dev/null || fail "$folder can't be entered"
    folder=$(pwd -P)
    above=$folder
    while :; do
        answer "above $(stat -c '%a %u' "$above") $above"
        [ "$above" = / ] && break
        above=${above%/*}
        above=${above:-/}
    done
    set -- ./* ./.[!.]* ./..?*
    full=empty
    for entry in "$@"; do
        case $entry in
        "$state") ;;
        *) if [ -e "$entry" ] || [ -L "$entry" ]; then full=full; fi ;;
        esac
    done
    answer "at $full $folder"
}

# lock HOLDER: the same lock as that of an edgegen that runs in this folder.
lock() {
    [ -L "$state" ] && fail "$folder/.edgegen is a symbolic link"
    [ -d "$state" ] || { try mkdir "$state"; made_state=yes; }
    try chmod 700 "$state"
    if [ -L "$state/lock" ] || { [ -e "$state/lock" ] && [ ! -f "$state/lock" ]; }; then
        fail "$folder/.edgegen/lock is not a regular file"
    fi
    { : >>"$state/lock"; } 2>/dev/null || fail "$folder/.edgegen/lock can't be written"
    exec 9>>"$state/lock"
    said=$(flock -n 9 2>&1)
    case $? in
    0) ;;
    1)
        answer "locked $(dd if="$state/lock" bs=400 count=1 2>/dev/null | tr '\n' ' ')"
        exit 1
        ;;
    *) fail "flock: $said" ;;
    esac
    # Between opening and locking it, its last holder may have removed it.
    [ "$state/lock" -ef /proc/self/fd/9 ] || { answer "locked"; exit 1; }
    locked=yes
    printf '%s' "$*" 2>/dev/null >"$state/lock"
    try rm -rf "$stage"
    try mkdir "$stage"
    answer ok
}

# look, then paths: what each of them is, never through a link.
look() {
    while IFS= read -r path && [ "$path" != . ]; do
        kind=other sum=-
        if [ -L "$path" ]; then
            kind=link
        elif [ -d "$path" ]; then
            kind=folder
        elif [ -f "$path" ]; then
            kind=file
            sum=$(sha256sum 2>/dev/null <"$path") || sum=-
        elif [ -S "$path" ]; then
            kind=socket
        elif [ ! -e "$path" ]; then
            answer "none${tab}-${tab}$path"
            continue
        fi
        answer "$kind${tab}$(stat -c '%a %u %h %z' "$path" 2>/dev/null) ${sum%% *}${tab}$path"
    done
    answer .
}

# text PATH: a file of edgegen's own, as base64.
text() {
    if [ -f "$1" ] && [ ! -L "$1" ]; then
        base64 <"$1" 2>/dev/null || fail "$1 can't be read"
    fi
    answer .
}

# ports: the listening sockets, as the kernel lists them.
ports() {
    for table in tcp tcp6 udp udp6; do
        answer "table $table"
        [ ! -r "/proc/net/$table" ] || cat "/proc/net/$table"
    done
    answer .
}

# stage NUMBER, then base64: a file that has no name yet.
stage() {
    said=$({
        while IFS= read -r line && [ "$line" != . ]; do
            printf '%s\n' "$line"
        done | base64 -d >"$stage/$1"
    } 2>&1) || fail "writing failed: $said"
}

# On the disk, without waiting for other file systems where `sync` can be told so.
settle() { sync -f "$state" 2>/dev/null || sync; }

# check: whether everything that was staged is complete and on the disk; `sums` has the digests.
check() {
    (cd "$stage" && sha256sum -c sums >/dev/null 2>&1) || fail "a staged file is not what was sent"
    settle
    checked=yes
    answer ok
}

# commit: take the steps of `plan`, to the end.
commit() {
    [ -n "$checked" ] || fail "nothing was checked"
    checked=
    trap '' HUP INT TERM PIPE
    made='' made_state=''
    answer begun
    while IFS=$tab read -r verb word path; do
        "do_$verb" "$word" "$path"
    done <"$stage/plan"
    settle
    answer done
    trap - HUP INT TERM PIPE
}

do_folder() {
    [ -L "$2" ] && fail "$2 is a symbolic link"
    [ -d "$2" ] || try mkdir "$2"
    do_mode "$1" "$2"
}
do_mode() {
    [ -L "$2" ] && fail "$2 is a symbolic link"
    try chmod "$1" "$2"
}
# Created once, empty: `set -C` makes sure that nothing is replaced.
do_keep() {
    (set -C && : >"$2") 2>/dev/null || [ -f "$2" ] || fail "$2 can't be created"
    do_mode "$1" "$2"
}
do_backup() {
    number=
    while [ -e "$2.bak$number" ] || [ -L "$2.bak$number" ]; do number=.$((${number#.} + 1)); done
    try ln "$2" "$2.bak$number"
    answer "backup $2.bak$number"
}
# The number of the staged file, a colon, and its mode.
do_move() {
    [ -d "$2" ] && fail "$2 is a folder"
    try chmod "${1#*:}" "$stage/${1%%:*}"
    try mv -f "$stage/${1%%:*}" "$2"
}
do_gone() { try rm -f "$2"; }

while IFS=' ' read -r verb words; do
    case $verb in
    enter) enter "${words%% *}" "${words#* }" ;;
    lock) lock "$words" ;;
    look | ports | check | commit) "$verb" ;;
    text | stage) "$verb" "$words" ;;
    *) fail "unknown request" ;;
    esac
done
