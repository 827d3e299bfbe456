#!/bin/sh
# ready: the server answers PONG, so it has loaded its data. alive: it answers anything at all.
# The login may do nothing but PING and has no password to keep. Proof of the server's identity would be worthless here,
# on the pod's own loopback, and would fail while certificates change.
answer=$(redis-cli -h 127.0.0.1 -p 6380 --tls --insecure --no-auth-warning --user health --pass none ping 2>&1)
code=$?
case "$1" in
  ready) [ "$answer" = PONG ] ;;
  alive) [ "$code" = 0 ] ;;
esac || {
  echo "$answer"
  exit 1
}
