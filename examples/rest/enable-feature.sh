#!/bin/sh
# Switches a feature on (FEATURE, default force-ssl); poll get-database.sh until its status is ACTIVATED.
# ID is any of: ad-<UID of the Database>, the first 24 hex digits of the UID, or <name>-<first 4 of them>.
# Needs URL and TOKEN as well: see call.sh.
set -eu
: "${ID:?ID of the database is not set}"
exec "$(dirname "$0")/call.sh" POST "/api/databases/$ID/features" "{\"feature\": {\"name\": \"${FEATURE:-force-ssl}\"}}"
