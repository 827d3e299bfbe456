#!/bin/sh
# Switches a feature off (FEATURE, default force-ssl).
# ID is any of: ad-<UID of the Database>, the first 24 hex digits of the UID, or <name>-<first 4 of them>.
# Needs URL and TOKEN as well: see call.sh.
set -eu
: "${ID:?ID of the database is not set}"
exec "$(dirname "$0")/call.sh" DELETE "/api/databases/$ID/features?feature=${FEATURE:-force-ssl}"
