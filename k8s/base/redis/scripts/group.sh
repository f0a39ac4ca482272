# shellcheck shell=sh
# What every script of a Redis pod knows. The pod sets:
#   GROUP           session, cache or queue; also the name of the master
#   SELF, MEMBERS   this pod's name in DNS, and those of all pods; the first leads a brand-new group
#   POD_IP, REDIS_PASSWORD, BIND (addresses to listen on, all by default)
set -eu
umask 077
CONF_DIR=${CONF_DIR:-/etc/redis} DATA_DIR=${DATA_DIR:-/data} RUN_DIR=${RUN_DIR:-/run/redis}
REDIS_PORT=${REDIS_PORT:-6379} SENTINEL_PORT=${SENTINEL_PORT:-26379}

say() { echo "$(basename "$0"): $*" >&2; }

# The apps put the password into a URL, so it must not need encoding; a placeholder is too short.
require_password() {
  case $REDIS_PASSWORD in
    *[!A-Za-z0-9]*) say 'REDIS_PASSWORD may hold letters and digits only: openssl rand -hex 32' && exit 78 ;;
  esac
  [ "${#REDIS_PASSWORD}" -ge 32 ] || { say 'REDIS_PASSWORD is shorter than 32 characters: openssl rand -hex 32' && exit 78; }
}

# A hung server, a lost packet or a slow DNS costs two seconds at most.
ask() {
  host=$1 port=$2 && shift 2
  REDISCLI_AUTH=$REDIS_PASSWORD timeout 2 redis-cli --no-auth-warning -h "$host" -p "$port" "$@" 2>/dev/null || true
}
redis_of() { member=$1 && shift && ask "$member" "$REDIS_PORT" "$@"; }
sentinel_of() { member=$1 && shift && ask "$member" "$SENTINEL_PORT" "$@"; }

member_count() { echo "$MEMBERS" | wc -w; }
majority() { echo $(($(member_count) / 2 + 1)); }

# One line "epoch master" for each Sentinel that answers, the newest first. A failover raises the epoch.
views() {
  for member in $MEMBERS; do
    sentinel_of "$member" SENTINEL MASTER "$GROUP" | awk '
      NR % 2 { key = $0; next }
      key == "ip" { master = $0 }
      key == "config-epoch" { epoch = $0 }
      END { if (master != "") print epoch, master }'
  done | sort -rn
}

role_of() { redis_of "$1" ROLE | head -n 1; }
replicas_of() { redis_of "$1" INFO replication | tr -d '\r' | sed -n 's/^connected_slaves://p'; }
