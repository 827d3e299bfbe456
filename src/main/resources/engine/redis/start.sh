#!/bin/sh
# Composes the configuration of this start and becomes the server.
#
# What the operator changes live is kept by CONFIG REWRITE in a file on the volume, and that file wins over the
# ConfigMap: loading AOF data in RDB mode, or the other way round, would start with old data or none at all. Everything
# else (paths, ports, memory) belongs to the pod and never comes from the volume.
set -eu

files=/etc/cistern/redis
kept=/data/redis.conf
manifest=/data/appendonlydir/appendonly.aof.manifest
dump=/data/dump.rdb
live='^(port|save|appendonly|maxmemory-policy) '

if [ -s "$kept" ]; then
  from=$kept
else
  from=$files/redis.conf
fi

value() {
  sed -n "s/^$1 //p" "$from" | head -n 1
}

for setting in port save appendonly maxmemory-policy; do
  [ -n "$(value "$setting")" ] || {
    echo "$from says nothing about $setting" >&2
    exit 1
  }
done

# Files of a persistence that was switched off are old; loaded again some day they would bring deleted keys back. Without
# a kept configuration the volume is new or a restored one, and all that lies there is to be loaded.
if [ "$from" = "$kept" ] && [ "$(value appendonly)" = no ]; then
  rm -rf /data/appendonlydir
  [ "$(value save)" != '""' ] || rm -f "$dump"
fi

{
  grep -vE "$live" "$files/redis.conf"
  grep -E "$live" "$from"
  echo "maxmemory $MAXMEMORY"
} > "$kept.new"
sync "$kept.new"
mv -f "$kept.new" "$kept"

# With the AOF on and none there, the server would start empty beside a snapshot: a restored volume. It loads the
# snapshot instead, and the operator switches the AOF on live. The file keeps saying yes, so that a second start comes
# here again.
if [ "$(value appendonly)" = yes ] && [ ! -s "$manifest" ] && [ -s "$dump" ]; then
  exec redis-server "$kept" --appendonly no
fi
exec redis-server "$kept"
