#!/bin/sh
# Readiness, which the disruption budget counts: a master, or a replica that is in sync with one.
. "$(dirname "$0")/group.sh"
case $(redis_of "$POD_IP" ROLE | tr '\n' ' ') in
  'master '*) ;;
  'slave '*' connected '*) redis_of "$POD_IP" CONFIG SET replica-priority 100 >/dev/null ;; # see redis.sh
  *) exit 1 ;;
esac
