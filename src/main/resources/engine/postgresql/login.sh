# Gives the operator its role: after the first start, and whenever this instance becomes the primary.
# Patroni calls it with a connection string, or with: on_role_change ROLE SCOPE.
if [ "$1" = on_role_change ] && [ "$2" != primary ]; then
  exit 0
fi
sql() {
  psql -X -q -A -t -v ON_ERROR_STOP=1 -h /var/run/postgresql -U postgres -d postgres "$@"
}
# Patroni tells of the new role when it has asked for the promotion, not when it is done.
tries=0
until [ "$(sql -c 'select pg_is_in_recovery()')" = f ]; do
  tries=$((tries + 1))
  if [ "$tries" -ge 120 ]; then
    exit 1
  fi
  sleep 0.5
done
sql -f /etc/cistern/patroni/login.sql
