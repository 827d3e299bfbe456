# shellcheck shell=bash
# What images/build and images/check share: the cache, its lock, the list of images, buildah.

IMAGES_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${CISTERN_CACHE:-${HOME:-/root}/.cache/cistern}/images
STATE=$CACHE/state
LOGS=$CACHE/log
PREFIX=docker.io/cistern

die() {
  echo "images: $*" >&2
  exit 1
}

# Installs Debian packages, each given as COMMAND_OR_PATH=PACKAGE, where the command is missing.
need() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || [ -e "${pair%%=*}" ] || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$EUID" = 0 ] || die "missing packages: ${missing[*]}; install them or run as root"
  echo "images: installing ${missing[*]}"
  install_packages "${missing[@]}" || die "could not install ${missing[*]}, see $LOGS/apt.log"
}

install_packages() {
  local apt=(apt-get -q -o DPkg::Lock::Timeout=600)
  export DEBIAN_FRONTEND=noninteractive
  # A fresh machine has no package lists, an old one may have lists that name packages long gone.
  "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >"$LOGS/apt.log" 2>&1 && return
  "${apt[@]}" update </dev/null >"$LOGS/apt.log" 2>&1
  "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >>"$LOGS/apt.log" 2>&1
}

# The driver must be named: with --root, buildah ignores STORAGE_DRIVER. Root and runroot of our own
# keep this apart from any other buildah or podman of the machine.
b() {
  buildah --storage-driver overlay --root "$CACHE/storage" --runroot "$CACHE/run" "$@"
}

# One run at a time per cache: the storage, the base images and the tars are shared.
open_cache() {
  [ "$EUID" = 0 ] || die "needs root: the images hold files of several users"
  mkdir -p "$STATE" "$LOGS"
  exec 9>"$CACHE/.lock"
  flock -n 9 || { echo "images: waiting for another run to end"; flock 9; }
  need buildah=buildah runc=runc
  sweep
}

# What a killed run left behind. The lock is ours, so nobody works with any of it.
sweep() {
  local mounted boot
  boot=$(cat /proc/sys/kernel/random/boot_id)
  # buildah counts mounts in its runroot, and these counts are wrong after a reboot.
  if [ "$(cat "$CACHE/boot" 2>/dev/null)" != "$boot" ]; then
    rm -rf "$CACHE/run"
    echo "$boot" >"$CACHE/boot"
  fi
  rm -rf "$CACHE"/*.tmp "$CACHE/context"
  [ -d "$CACHE/storage/overlay-containers" ] || return 0
  [ -z "$(b containers -q)" ] || b rm --all >/dev/null
  awk -v d="$CACHE/storage/" 'index($5, d) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while read -r mounted; do umount -l "$mounted" || true; done
}

# The rows of versions.tsv: name, version, suite, upstream, licences and, in some, server.
rows() {
  grep -v -e '^#' -e '^$' "$IMAGES_DIR/versions.tsv"
}

# The rows that the arguments name, as `name` or `name/version`; without arguments, all engines.
select_rows() {
  local wanted found
  [ $# -gt 0 ] || { rows | awk -F'\t' '$4 != "-"'; return; }
  for wanted in "$@"; do
    found=$(rows | awk -F'\t' -v w="$wanted" '$1 == w || $1 "/" $2 == w')
    [ -n "$found" ] || die "no image $wanted in versions.tsv"
    echo "$found"
  done | awk '!seen[$0]++'
}

# state NAME VERSION KIND: the file that remembers one fact of an image.
state() { echo "$STATE/$1-$2.$3"; }
tar_of() { echo "$CACHE/$1-$2.tar"; }
reference() { echo "$PREFIX/$1:$2"; }

stored() { b images -q "$1" >/dev/null 2>&1; }

digest() { sha256sum | cut -c1-32; }
