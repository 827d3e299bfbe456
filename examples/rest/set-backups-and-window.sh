#!/bin/sh
# Sets when backups are taken and when planned work may interrupt; only what is named changes. A database whose manifest
# lives in Git answers 409 and names the manager that owns the field.
# ID is any of: ad-<UID of the Database>, the first 24 hex digits of the UID, or <name>-<first 4 of them>.
# Needs URL and TOKEN as well: see call.sh.
set -eu
: "${ID:?ID of the database is not set}"
exec "$(dirname "$0")/call.sh" PATCH "/api/databases/$ID" '{
  "database": {
    "periodic_backups_enabled": true,
    "periodic_backups_scheduled_at": 3,
    "maintenance_window": {"weekday_utc": 3, "starting_hour_utc": 21}
  }
}'
