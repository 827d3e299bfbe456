# Gives the operator its role: after the first start, and whenever this instance becomes the primary.
# Patroni calls it with a connection string, or with: on_role_change ROLE SCOPE.
if [ "$1" = on_role_change ] && [ "$2" != primary ]; then
  exit 0
fi
exec psql -X -q -v ON_ERROR_STOP=1 -h /var/run/postgresql -U postgres -d postgres -f /etc/cistern/patroni/login.sql
