#!/bin/sh
# One call of the REST API, used by the scripts beside it: call.sh METHOD PATH [JSON]
#   URL    of the gateway, such as https://cistern-gateway.cistern.svc
#   TOKEN  of a user or ServiceAccount: kubectl create token NAME
#   CACERT file with the gateway's CA, unless the system trusts it: key ca.crt of the Secret cistern-gateway-tls
# Prints the answer; fails on every status but 2xx.
set -eu
: "${URL:?URL of the gateway is not set}" "${TOKEN:?TOKEN of the caller is not set}"
method=$1 path=$2 body=${3:-}
# The token goes through standard input, because the arguments of a process can be read by others.
printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" |
  curl --config - --silent --show-error --fail-with-body --max-time 60 ${CACERT:+--cacert "$CACERT"} \
    --header 'Accept: application/json' --header 'Content-Type: application/json' \
    --request "$method" ${body:+--data "$body"} "$URL$path"
echo
