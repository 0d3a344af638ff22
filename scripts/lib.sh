# shellcheck shell=bash
# shellcheck disable=SC2034 # what looks unused here is used by those who source it
#
# What the scripts share: where things lie, what must be installed, steps with
# their time, and how a program is started, watched and stopped. Sourced only.
#
# Everything one platform keeps on this machine lies in .local/:
#   config/   written by scripts/up, one file per program
#   secrets/  passwords, tokens, keys; readable by their owner only
#   run/      <program>.pid and locks
#   log/      <program>.log
#   clock/ journey/ materials/ nats/ postgres/ test-postgres/   data
#
# LUBAN_PORT_BASE (27000) moves all ports, so that two checkouts can run at once.

set -euo pipefail
export LC_ALL=C.UTF-8 # text sorts the same way everywhere

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

local_dir=$root/.local
config_dir=$local_dir/config
secrets_dir=$local_dir/secrets
run_dir=$local_dir/run
log_dir=$local_dir/log
# For what .local itself cannot hold: see create_postgres.
elsewhere=/var/lib/luban/$(cksum <<<"$root" | cut -d ' ' -f 1)
clock_file=$local_dir/clock/business_time
bin_dir=$(realpath -m "${CARGO_TARGET_DIR:-target}")/debug
release_dir=$(dirname "$bin_dir")/release

# In the order in which they are listed everywhere; package and binary share the name.
services=(registry review exam-scheduling results certificate-query)

port_base=${LUBAN_PORT_BASE:-27000}
declare -A port=(
    [registry]=$((port_base + 101))
    [review]=$((port_base + 102))
    [exam-scheduling]=$((port_base + 103))
    [results]=$((port_base + 104))
    [certificate-query]=$((port_base + 105))
    [http]=$((port_base + 180))
    [nats]=$((port_base + 422))
    [postgres]=$((port_base + 432))
    [test-postgres]=$((port_base + 1432))
)

# How a program is asked to stop, where it is not TERM. INT is PostgreSQL's
# "fast": sessions are ended, everything is flushed, nothing waits for clients.
declare -A stop_signal=([postgres]=INT [test-postgres]=INT)

mkdir -p "$config_dir" "$run_dir" "$log_dir"
install -d -m 700 "$secrets_dir"

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The comment at the head of a script is its help.
usage() {
    sed -n '3,/^$/ s/^# \{0,1\}//p' "$root/scripts/${0##*/}"
    exit "${1:-0}"
}

# ── Steps ────────────────────────────────────────────────────────────────────

step_name=
step_began=0
finished_steps=()

milliseconds() { printf '%s' $((${EPOCHREALTIME/[.,]/} / 1000)); }

seconds_since() {
    local ms=$(($(milliseconds) - $1))
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# step <name> <command…>: runs a command and says how long it took.
step() {
    step_name=$1 step_began=$(milliseconds)
    printf '▸ %s\n' "$step_name"
    # Not inside `if` or `||`: those switch errexit off within the command.
    "${@:2}"
    finished_steps+=("$(printf '%9s  %s' "$(seconds_since "$step_began")" "$step_name")")
    printf '✓ %s  %s\n' "$step_name" "$(seconds_since "$step_began")"
    step_name=
}

# Names the step that ended the script, if one did.
name_failed_step() {
    [[ -z $step_name ]] || printf '✗ %s  %s\n' "$step_name" "$(seconds_since "$step_began")" >&2
}
trap name_failed_step EXIT

# wait_until <seconds> <command…>: asks until the answer is yes; false when time is up.
wait_until() {
    local deadline=$((SECONDS + $1))
    until "${@:2}"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# lock <name>: one such script at a time. Held until the script ends, however it ends.
lock() {
    exec 9>"$run_dir/$1.lock"
    flock --nonblock 9 || {
        printf 'waiting for another script of this checkout (%s)\n' "$1" >&2
        flock 9
    }
}

# alone <name> <command…>: the same around one command.
alone() { (flock 8 && "${@:2}") 8>"$run_dir/$1.lock"; }

# ── Files ────────────────────────────────────────────────────────────────────

# write_file <path>: replaces the file by stdin at once, and only when the content
# differs: "newer than the program's start" then means "changed since".
write_file() {
    cat >"$1.new"
    if cmp --silent "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

write_secret() { (umask 077 && write_file "$1"); }

random_hex() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# ── Packages ─────────────────────────────────────────────────────────────────

# Debian keeps PostgreSQL's server programs and nats-server outside an ordinary
# user's path. Of several PostgreSQL versions the oldest comes first: one that is
# installed later must not meet a data directory it cannot read.
extend_path() {
    local dir
    for dir in "${CARGO_HOME:-$HOME/.cargo}/bin" /usr/sbin /usr/lib/postgresql/*/bin; do
        [[ ! -d $dir || :$PATH: == *:$dir:* ]] || PATH+=:$dir
    done
}
extend_path

# present <command or file>: a path is looked for as such, anything else as a command.
present() { if [[ $1 == /* ]]; then [[ -e $1 ]]; else command -v "$1" >/dev/null; fi; }

# require_packages <command or file>=<packages>…: installs the packages whose command, or
# file where it is a path, is missing.
require_packages() {
    local pair packages missing=()
    for pair; do
        if ! present "${pair%%=*}"; then
            read -ra packages <<<"${pair#*=}"
            missing+=("${packages[@]}")
        fi
    done
    ((${#missing[@]} > 0)) || return 0
    command -v apt-get >/dev/null || fail "please install: ${missing[*]}"
    ((EUID == 0)) || fail "missing; as root: apt-get install --no-install-recommends ${missing[*]}"

    # Debian's package would create and start a server on 5432. We need its programs only.
    install -d /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/luban.conf

    apt-get update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
    extend_path
}

# Where Debian's package puts the fonts that documents are printed with.
fonts_dir=/usr/share/fonts/opentype/noto

# What the platform needs to be built and to run, and whatever else is asked for.
require_servers() {
    require_packages 'cc=gcc libc6-dev' postgres=postgresql nats-server=nats-server \
        "$fonts_dir/NotoSerifCJK-Regular.ttc=fonts-noto-cjk" "$@"
}

# ── Programs in the background ───────────────────────────────────────────────

# Process ids are used again. Together with the start time and this boot they name
# one process for ever, so that we never stop somebody else's.
process_mark() {
    local fields=()
    read_stat "$1" || return 1
    [[ ${fields[0]} != Z ]] || return 1 # dead, only nobody has asked how
    printf '%s %s %s' "$1" "${fields[19]}" "$(</proc/sys/kernel/random/boot_id)"
}

# read_stat <process id>: puts what /proc says of a process into `fields`; false when there
# is none. The name in parentheses may hold anything, so fields count from behind it.
read_stat() {
    local stat=
    # Not $(<…): where the file is missing, bash 5.2 ends the script there, even in an `if`.
    { read -r -d '' stat <"/proc/$1/stat"; } 2>/dev/null || [[ -n $stat ]] || return 1
    read -ra fields <<<"${stat##*) }"
}

# pid_of <program>: its process id; false when it does not run.
pid_of() {
    local mark=
    { read -r mark <"$run_dir/$1.pid"; } 2>/dev/null || return 1
    [[ -n $mark && $(process_mark "${mark%% *}") == "$mark" ]] || return 1
    printf '%s' "${mark%% *}"
}

running() { pid_of "$1" >/dev/null; }

none_running() {
    local name
    for name; do
        if running "$name"; then return 1; fi
    done
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Does it run the very command given, and is no file the command names (the binary,
# the configuration) newer than its start?
up_to_date() {
    local pid_file=$run_dir/$1.pid word
    running "$1" || return 1
    [[ $(sed -n 2p "$pid_file") == "$(printf '%q ' "${@:2}")" ]] || return 1
    for word in "${@:2}"; do
        if [[ -f $word && $word -nt $pid_file ]]; then return 1; fi
    done
}

# start <program> <command…>: leaves alone what is up to date, replaces the rest.
start() {
    local name=$1 command=("${@:2}")
    if up_to_date "$name" "${command[@]}"; then return; fi
    stop "$name"
    if listening "${port[$name]}"; then
        fail "$name: port ${port[$name]} is taken by another program; set LUBAN_PORT_BASE"
    fi
    # A session of its own, so that closing the terminal does not end it; without
    # the locks, which would else be held for as long as it runs.
    (cd / && exec setsid -- "${command[@]}") </dev/null >>"$log_dir/$name.log" 2>&1 8>&- 9>&- &
    {
        process_mark $! || true
        printf '\n'
        printf '%q ' "${command[@]}"
        printf '\n'
    } >"$run_dir/$name.pid"
}

# stop <program…>: asks all, waits for all, ends those that did not listen.
stop() {
    local name pid
    for name; do
        # It may end by itself just now, hence the true.
        if pid=$(pid_of "$name"); then kill -s "${stop_signal[$name]:-TERM}" "$pid" || true; fi
    done
    if ! wait_until 30 none_running "$@"; then
        for name; do
            if pid=$(pid_of "$name"); then
                printf '%s does not stop, killing it\n' "$name" >&2
                kill -s KILL "$pid" || true
            fi
        done
        wait_until 10 none_running "$@" || fail "cannot stop: $*"
    fi
    for name; do rm -f "$run_dir/$name.pid"; done
}

ready_or_dead() { ! running "$1" || "${@:2}"; }

# await <program> <check…>: until the check says yes. A program that died, or takes
# longer than a minute, ends the script with what it said last.
await() {
    local name=$1
    if wait_until 60 ready_or_dead "$@" && running "$name"; then return; fi
    tail -n 20 "$log_dir/$name.log" >&2
    fail "$name did not become ready; its log: $log_dir/$name.log"
}

# ── PostgreSQL ───────────────────────────────────────────────────────────────

# PostgreSQL refuses to run as root, so root hands it to the user that Debian's
# package made. setpriv replaces itself by the program (runuser would stay as its
# parent), so the process id we note is the server's.
as_postgres=()
((EUID != 0)) || as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups --)

# create_postgres <instance> [option of initdb…]: makes the data directory, once.
create_postgres() {
    local name=$1 data=$local_dir/$1 password=$secrets_dir/$1.password ownership=()
    [[ ! -e $data/PG_VERSION ]] || return 0
    [[ -s $password ]] || random_hex | write_secret "$password"

    if ((EUID == 0)); then
        ownership=(--owner=postgres --group=postgres)
        # That user cannot enter, say, /root. Then .local has a link only.
        if ! "${as_postgres[@]}" test -x "$local_dir"; then
            install -d -m 755 /var/lib/luban "$elsewhere"
            ln -sfn "$elsewhere/$name" "$data"
        fi
    fi
    data=$(realpath -m "$data")

    # Renamed when complete: a half-made directory is never taken for a whole one.
    rm -rf "$data.new"
    install -d -m 700 "${ownership[@]}" "$data.new"
    # The password reaches initdb by a pipe that its own user opened: no argument
    # for others to see, no file with another owner.
    (
        cd /
        # shellcheck disable=SC2016 # expanded by the inner shell
        "${as_postgres[@]}" bash -c '"$@" --pwfile=<(cat <&3) 3<&-' bash \
            "$(command -v initdb)" --pgdata="$data.new" --username=postgres --auth=scram-sha-256 \
            --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions "${@:2}" \
            >/dev/null
    ) 3<"$password"
    mv "$data.new" "$data"
}

# start_postgres <instance> [setting=value…]
start_postgres() { alone "$1" launch_postgres "$@"; }

launch_postgres() {
    local name=$1 data setting arguments=()
    for setting in \
        listen_addresses=127.0.0.1 "port=${port[$name]}" unix_socket_directories= \
        "cluster_name=luban-$name" timezone=UTC log_timezone=UTC \
        max_connections=120 shared_buffers=48MB max_wal_size=256MB jit=off "${@:2}"; do
        arguments+=(-c "$setting")
    done
    create_postgres "$name"
    data=$(realpath "$local_dir/$name")
    running "$name" || forget_killed "$data"
    start "$name" "${as_postgres[@]}" "$(command -v postgres)" -D "$data" "${arguments[@]}"
    await "$name" pg_isready --quiet --host=127.0.0.1 --port="${port[$name]}"
}

# drop_postgres <instance…>: stops them and removes their data.
drop_postgres() {
    local name
    stop "$@"
    for name; do rm -rf "$(realpath -m "$local_dir/$name")" "${local_dir:?}/$name"; done
}

# A killed server leaves two things that keep the next one from starting: sessions
# that hold its shared memory for a moment longer, and a lock file that may name a
# process which is dead but not reaped (in a container perhaps never). When both the
# process and the sessions are gone for certain, the lock file may go too.
forget_killed() {
    local lock_file=$1/postmaster.pid held
    [[ -e $lock_file ]] || return 0
    if process_mark "$(sed -n 1p "$lock_file")" >/dev/null; then return; fi
    held=$(sed -n '7s/.* //p' "$lock_file")
    if [[ -z $held ]] || wait_until 10 detached "$held"; then rm -f "$lock_file"; fi
}

# detached <id of a shared memory segment>: does nobody use it?
detached() { awk -v id="$1" '$2 == id && $7 > 0 { used = 1 } END { exit used }' /proc/sysvipc/shm; }

# server_url <instance>: the superuser's address. Not to be printed.
server_url() {
    printf 'postgres://postgres:%s@127.0.0.1:%s/postgres' "$(<"$secrets_dir/$1.password")" "${port[$1]}"
}

# psql_at <address> [argument of psql…]: the password goes through the environment,
# since arguments are visible to everybody in the process list.
psql_at() {
    [[ $1 =~ ^postgres(ql)?://([^:]+):([^@]+)@([^:/]+):([0-9]+)/([^?]+)$ ]] ||
        fail 'expected an address like postgres://user:password@host:port/database'
    PGPASSWORD=${BASH_REMATCH[3]} psql --username="${BASH_REMATCH[2]}" --host="${BASH_REMATCH[4]}" \
        --port="${BASH_REMATCH[5]}" --dbname="${BASH_REMATCH[6]}" "${@:2}"
}

# sql <address> [argument of psql…]: statements from stdin, stopping at the first error.
sql() { psql_at "$1" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "${@:2}"; }

database_of() { printf '%s' "${1//-/_}"; }

# create_database <server address> <database> <prefix of its roles>
#
# <prefix>_owner owns the database and changes its tables; <prefix>_runtime works in it
# and may not. Nobody else may enter, and without a password nobody can log in yet.
# Migrations grant what the runtime needs.
create_database() {
    local server=$1 database=$2 owner=$3_owner runtime=$3_runtime
    sql "$server" --no-align --tuples-only <<SQL
select format('create role %I login', name) from unnest(array['$owner', '$runtime']) name
 where not exists (select from pg_roles where rolname = name) \gexec
select 'create database $database owner $owner'
 where not exists (select from pg_database where datname = '$database') \gexec
revoke all on database $database, postgres, template1 from public;
grant connect on database $database to $runtime;
SQL
    sql "${server%/*}/$database" <<SQL
alter schema public owner to $owner;
revoke all on schema public from public;
grant usage on schema public to $runtime;
SQL
}

# ── NATS ─────────────────────────────────────────────────────────────────────

# start_nats [instance]
start_nats() {
    local name=${1:-nats}
    local config=$config_dir/$name.conf
    write_file "$config" <<CONF
server_name: luban
listen: "127.0.0.1:${port[$name]}"
jetstream {
  store_dir: "$local_dir/$name"
  max_memory_store: 64MB
  max_file_store: 4GB
}
CONF
    start "$name" "$(command -v nats-server)" --config "$config"
    await "$name" nats_ready "$name"
}

# The server's first line says what it can do; JetStream is up before it is said.
nats_ready() {
    local info=
    { read -r -t 1 info <"/dev/tcp/127.0.0.1/${port[$1]}"; } 2>/dev/null || return 1
    [[ $info == *'"jetstream":true'* ]]
}

# ── Services ─────────────────────────────────────────────────────────────────

start_service() { start "$1" "$bin_dir/$1" serve --config "$config_dir/$1.toml"; }

await_service() { await "$1" healthy "$1"; }

healthy() { "$bin_dir/$1" healthcheck --config "$config_dir/$1.toml" >/dev/null 2>&1; }
