# shellcheck shell=bash
# Shared by the scripts beside it: which kubectl and helm, and steps that show how long they took.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CLUSTER=${CLUSTER:-local}
NAMESPACE=${NAMESPACE:-cistern-system}
CISTERN_CACHE=${CISTERN_CACHE:-$HOME/.cache/cistern}

case $CLUSTER in
  local)
    kubectl() { "$root/cluster/run" kubectl "$@"; }
    helm() { "$root/cluster/run" helm "$@"; }
    ;;
  current)
    for tool in kubectl helm; do
      type -P "$tool" > /dev/null || { echo "CLUSTER=current uses your own $tool, and there is none" >&2; exit 1; }
    done
    kubectl() { command kubectl "$@"; }
    helm() { command helm "$@"; }
    ;;
  k3s)
    echo "CLUSTER=k3s is for the tests, where Testcontainers starts and ends it: use local or current" >&2
    exit 1
    ;;
  *)
    echo "CLUSTER is local or current, not $CLUSTER" >&2
    exit 1
    ;;
esac

# step TEXT COMMAND...: runs it; its output is shown only when it fails.
step() {
  local text=$1 began=$EPOCHREALTIME log
  shift
  log=$(mktemp)
  if "$@" > "$log" 2>&1; then
    printf '%7.1f s  %s\n' "$(elapsed "$began")" "$text"
    rm -f "$log"
  else
    echo "  failed: $text" >&2
    tail -40 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

elapsed() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'; }

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}
