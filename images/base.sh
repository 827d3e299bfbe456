# shellcheck shell=bash
# A stand-in for docker.io/library/debian:SUITE-slim, made of Debian packages alone and stored under
# that very name, so that an ordinary FROM resolves without a registry.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

base_key() {
  { cat "$IMAGES_DIR/base.sh"; echo "$1"; dpkg --print-architecture; } | digest
}

base_name() { echo "docker.io/library/debian:$1-slim"; }

ensure_base() {
  local suite=$1 key started=$SECONDS
  key=$(base_key "$suite")
  if [ "$(cat "$STATE/base-$suite.key" 2>/dev/null)" = "$key" ] && stored "$(base_name "$suite")"; then
    return
  fi
  need mmdebstrap=mmdebstrap "$KEYRING=debian-archive-keyring"
  rm -f "$STATE/base-$suite.key"
  bootstrap "$suite" "$CACHE/base.tar.tmp" >"$LOGS/base-$suite.log" 2>&1 || {
    tail -n 20 "$LOGS/base-$suite.log" >&2
    die "could not make the base image of $suite"
  }
  import_base "$suite" "$CACHE/base.tar.tmp"
  echo "$key" >"$STATE/base-$suite.key"
  echo "debian:$suite-slim made in $((SECONDS - started)) s"
}

# The mirrors are those of this machine's own apt, whatever they are.
mirror() {
  # shellcheck disable=SC2016 # apt fills these in
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v r="$1" '$1 == r && $2 == "main" { print $3; exit }'
}

sources() {
  local suite=$1 host main security
  host=$(. /etc/os-release && echo "$VERSION_CODENAME")
  main=$(mirror "$host")
  security=$(mirror "$host-security")
  [ -n "$main" ] || { echo "apt of this machine has no mirror for $host main"; return 1; }
  echo "deb [signed-by=$KEYRING] $main $suite main"
  echo "deb [signed-by=$KEYRING] $main $suite-updates main"
  if [ -n "$security" ]; then
    echo "deb [signed-by=$KEYRING] $security $suite-security main"
  fi
}

bootstrap() {
  local suite=$1 tar=$2 list extra=()
  list=$(sources "$suite") || { echo "$list"; return 1; }
  # Up to bookworm the merge of /usr is a package's work, which otherwise draws in perl.
  [ "$suite" != bookworm ] || extra+=(--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --include=usr-is-merged)
  case $list in *https:*) extra+=(--include=ca-certificates) ;; esac
  mmdebstrap "${extra[@]}" --quiet --variant=minbase --mode=root \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/lintian/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-include=/usr/share/locale/locale.alias' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="$(declare -f slim); slim \"\$1\"" \
    --format=tar "$suite" "$tar" - <<<"$list"
}

# Runs in a shell of mmdebstrap, on the finished tree.
slim() {
  # The build machine's resolver and name are none of the image's business.
  : >"$1/etc/resolv.conf"
  echo localhost >"$1/etc/hostname"
  find "$1/var/log" "$1/var/cache" -type f -delete
  sed -i 's#\[signed-by=[^]]*\] ##' "$1/etc/apt/sources.list"
  # As in the image this stands in for: no caches of apt in a layer, no services started. A mirror
  # may be frozen, so an expired Release file must not stop the build.
  cat >"$1/etc/apt/apt.conf.d/docker-clean" <<'CONF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
CONF
  printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
  chmod 755 "$1/usr/sbin/policy-rc.d"
}

import_base() {
  local container
  container=$(b from scratch)
  b add -q "$container" "$2" / >/dev/null
  b config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  b commit -q --rm "$container" "$(base_name "$1")" >/dev/null
  rm -f "$2"
}
