#!/bin/sh
# Starts this pod's Sentinel. Settings and members are written anew at each start, so a changed ConfigMap or password
# arrives and no ghost of a former pod stays; of the old file only the epochs (who was elected, whom we voted for) live on.
. "$(dirname "$0")/group.sh"
require_password
state=$DATA_DIR/sentinel.conf
[ -e "$state" ] || : >"$state"

own_view() {
  awk '$2 == "monitor" { master = $4 } $2 == "config-epoch" { epoch = $4 } END { if (master != "") print epoch + 0, master }' "$state"
}

# Redis identifies a Sentinel by 40 hexadecimal digits: the same name, the same Sentinel, also on a new volume.
id_of() { printf %s "$1" | sha1sum | cut -c 1-40; }

# Epoch 0 is "I know nothing": any Sentinel that has seen a failover outvotes it.
newest=$({ own_view && views; } | sort -rn | head -n 1)
newest=${newest:-0 ${MEMBERS%% *}}
master=${newest#* }

others() { for member in $MEMBERS; do [ "$member" = "$1" ] || echo "$member"; done; }

{
  echo "port $SENTINEL_PORT"
  echo "bind ${BIND:-* -::*}"
  echo "dir $DATA_DIR"
  echo 'protected-mode no'
  echo "requirepass $REDIS_PASSWORD"
  # Names before addresses: a pod's address changes with every restart. These lines must precede `monitor`.
  echo 'sentinel resolve-hostnames yes'
  echo 'sentinel announce-hostnames yes'
  echo "sentinel announce-ip $SELF"
  echo "sentinel announce-port $SENTINEL_PORT"
  echo "sentinel myid $(id_of "$SELF")"
  echo "sentinel monitor $GROUP $master $REDIS_PORT $(majority)"
  echo "sentinel auth-pass $GROUP $REDIS_PASSWORD"
  cat "$CONF_DIR/sentinel.conf"
  echo "sentinel config-epoch $GROUP ${newest%% *}"
  grep -E '^sentinel (current-epoch|leader-epoch) ' "$state" || true
  for member in $(others "$master"); do echo "sentinel known-replica $GROUP $member $REDIS_PORT"; done
  for member in $(others "$SELF"); do
    echo "sentinel known-sentinel $GROUP $member $SENTINEL_PORT $(id_of "$member")"
  done
} >"$state.new"
mv "$state.new" "$state"

say "watching $GROUP, whose master is $master since epoch ${newest%% *}"
exec redis-server "$state" --sentinel
