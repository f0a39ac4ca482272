#!/bin/sh
# Before this Redis is stopped: hands a master's role over without losing an acknowledged write. The Sentinel of this
# pod is a sidecar and still there. Waiting to be demoted would take Sentinel 13 s, so we leave as soon as the new
# master leads: our exit closes the clients' sockets, and they ask Sentinel again.
. "$(dirname "$0")/group.sh"
pause_ms=9000
rounds=80 # of 0.1 s and a few round trips, within the pause

[ "$(role_of "$POD_IP")" = master ] || exit 0
before=$(replicas_of "$POD_IP")

# One connection, because WAIT looks at what its own connection has seen: every write before the pause.
caught_up=$(printf 'CLIENT PAUSE %s WRITE\nWAIT %s 2000\n' "$pause_ms" "$before" |
  REDISCLI_AUTH=$REDIS_PASSWORD timeout 4 redis-cli --no-auth-warning -h "$POD_IP" -p "$REDIS_PORT" | tail -n 1 | grep -x "[0-9]*") || caught_up=0
answer=''
[ "$caught_up" -lt 1 ] || answer=$(sentinel_of "$POD_IP" SENTINEL FAILOVER "$GROUP")
if [ "$answer" != OK ]; then
  say "no hand-over: $caught_up of $before replicas caught up, Sentinel says '$answer'"
  redis_of "$POD_IP" CLIENT UNPAUSE >/dev/null
  exit 0
fi

# The new master must be known to a majority, and, when there is a third member, already have it as its replica:
# with none it refuses writes (min-replicas-to-write).
handed_over() {
  [ "$(views | awk -v self="$SELF" '$2 != self' | wc -l)" -ge "$(majority)" ] || return 1
  successor=$(views | awk 'NR == 1 { print $2 }')
  [ "$(role_of "$successor")" = master ] || return 1
  [ "$before" -lt 2 ] || [ "$(replicas_of "$successor")" -ge 1 ]
}
until handed_over; do
  rounds=$((rounds - 1))
  [ "$rounds" -gt 0 ] || { say 'the successor is not complete in time' && exit 0; }
  sleep 0.1
done
say "handed $GROUP over to $successor"
