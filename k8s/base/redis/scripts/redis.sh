#!/bin/sh
# Starts this pod's Redis in the role the Sentinels give it. It never guesses: without a majority it waits, and a
# member without data does not lead members that have some (an empty master would wipe its replicas).
. "$(dirname "$0")/group.sh"
require_password
waiting=$RUN_DIR/waiting # live.sh accepts this file in place of a PONG
conf=$RUN_DIR/redis.conf # writable: Sentinel asks for CONFIG REWRITE
patience_rounds=25 # of a fifth of a second

has_data() { [ -d "$DATA_DIR/appendonlydir" ] || [ -s "$DATA_DIR/dump.rdb" ]; }

# Always for the cache; for the others a person may say so once: touch /run/redis/accept-loss
data_may_be_lost() { [ "${DATA_MAY_BE_LOST:-no}" = yes ] || [ -e "$RUN_DIR/accept-loss" ]; }
may_lead() { [ "$master" = "$SELF" ] || has_data || data_may_be_lost; }

# A member that cannot be asked may hold the data we lack.
others_are_empty() {
  for member in $MEMBERS; do
    [ "$member" = "$SELF" ] && continue
    case $(redis_of "$member" INFO keyspace) in
      *Keyspace*keys=*) echo "this volume is empty and $member has data" && return 1 ;;
      *Keyspace*) ;;
      *) data_may_be_lost || { echo "$member does not say whether it has data" && return 1; } ;;
    esac
  done
}

# Sets `master` once it is safe to start, else `reason`.
decide() {
  seen=$(views)
  answers=$(echo "$seen" | grep -c . || true)
  master=$(echo "$seen" | awk 'NR == 1 { print $2 }')
  # All Sentinels, or a lasting majority: the one that is missing could be the one with the newest epoch.
  if [ "$answers" -lt "$(majority)" ]; then
    reason="only $answers of $(member_count) Sentinels answer"
  elif [ "$answers" -lt "$(member_count)" ] && [ "$round" -lt "$patience_rounds" ]; then
    reason="waiting for all Sentinels, $answers of $(member_count) answer"
  elif [ "$master" != "$SELF" ] || has_data; then
    return 0
  else
    reason=$(others_are_empty) && return 0
  fi
  return 1
}

: >"$waiting"
round=0 said=''
until decide; do
  [ "$reason" = "$said" ] || say "$reason"
  said=$reason round=$((round + 1))
  sleep 0.2
done

{
  cat "$CONF_DIR/common.conf" "$CONF_DIR/redis.conf"
  echo "port $REDIS_PORT"
  echo "bind ${BIND:-* -::*}"
  echo "dir $DATA_DIR"
  echo 'protected-mode no'
  echo "requirepass $REDIS_PASSWORD"
  echo "masterauth $REDIS_PASSWORD"
  echo "replica-announce-ip $SELF"
  [ "$master" = "$SELF" ] || echo "replicaof $master $REDIS_PORT"
  # An empty replica is not electable until ready.sh has seen it in sync, or it would lead those that have data.
  may_lead || echo 'replica-priority 0'
} >"$conf"
rm -f "$waiting" "$RUN_DIR/accept-loss"
say "starting; the master is $master"
exec redis-server "$conf"
