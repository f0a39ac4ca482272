#!/bin/sh
# Liveness: does the process answer at all? Loading, or waiting for the Sentinels, is no reason to kill it.
. "$(dirname "$0")/group.sh"
if [ "${1:-redis}" = sentinel ]; then
  answer=$(sentinel_of "$POD_IP" PING)
elif [ -e "$RUN_DIR/waiting" ]; then
  answer=PONG
else
  answer=$(redis_of "$POD_IP" PING)
fi
case $answer in PONG | LOADING* | MASTERDOWN*) ;; *) exit 1 ;; esac
