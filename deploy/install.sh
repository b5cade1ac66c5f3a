#!/bin/sh
# Installs Gongkai from a bundle, without a network; also an upgrade: each version has a folder of its own, and the link
# /opt/gongkai leads to the one in use.
#   ./install.sh                        as root: program, user, service, settings, data folder
#   ./install.sh --prefix DIR --no-service      the program alone, as anybody
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/gongkai
service=yes
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -ge 2 ] || { echo "--prefix needs a folder" >&2; exit 2; }; prefix=$2; shift 2 ;;
    --no-service) service=no; shift ;;
    *) echo "usage: $0 [--prefix DIR] [--no-service]" >&2; exit 2 ;;
  esac
done
[ -f "$here/SHA256SUMS" ] && [ -d "$here/wheels" ] || { echo "$here is no unpacked bundle: make bundle makes one" >&2; exit 1; }
[ "$service" = no ] || [ "$(id -u)" = 0 ] || { echo "The service is installed by root; without it: --prefix DIR --no-service" >&2; exit 1; }

echo "Checking that the bundle is whole ..."
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || { echo "The bundle is damaged; copy it again. Nothing was installed." >&2; exit 1; }

wanted=$(cat "$here/PLATFORM")
python=""
for each in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
  found=$("$each" -c 'import ensurepip, platform, sys, venv; print(f"cp{sys.version_info[0]}{sys.version_info[1]}-{sys.platform}-{platform.machine()}")' 2>/dev/null) || continue
  [ "$found" = "$wanted" ] && { python=$each; break; }
done
[ -n "$python" ] || { echo "This bundle is for $wanted; no such Python with venv is on this machine. Make the bundle on one like it." >&2; exit 1; }

# Two bundles of one version are told apart by what they hold.
target=$prefix-$(basename "$here" | sed 's/^gongkai-//')-$(sha256sum "$here/SHA256SUMS" | cut -c1-8)
if [ ! -e "$target/.installed" ]; then
  echo "Installing into $target ..."
  rm -rf "$target"
  mkdir -p "$target"
  (cd "$here" && tar --exclude=./wheels -cf - .) | tar -xf - -C "$target"
  "$python" -m venv "$target/.venv"
  pip() { "$target/.venv/bin/python" -m pip --isolated --disable-pip-version-check --quiet "$@"; }
  pip install --no-index --no-deps --find-links "$here/wheels" --require-hashes --requirement "$target/deploy/requirements.txt"
  pip install --no-index --no-deps --no-build-isolation --editable "$target"
  touch "$target/.installed"
fi
ln -sfn "$target" "$prefix.new" && mv -Tf "$prefix.new" "$prefix"
"$prefix/.venv/bin/gongkai" --version
[ "$service" = yes ] || exit 0

getent passwd gongkai >/dev/null || useradd --system --home-dir /var/lib/gongkai --no-create-home --shell /usr/sbin/nologin gongkai
install -d -m 0750 -o gongkai -g gongkai /var/lib/gongkai /var/cache/gongkai
install -d -m 0755 /etc/gongkai
[ -e /etc/gongkai/gongkai.env ] || install -m 0640 -g gongkai "$target/deploy/gongkai.env" /etc/gongkai/gongkai.env
if [ ! -e /var/lib/gongkai/data/bodies.csv ]; then
  cp -R "$target/data" /var/lib/gongkai/data
  chown -R gongkai:gongkai /var/lib/gongkai/data
fi
install -m 0644 "$target"/deploy/systemd/gongkai* /etc/systemd/system/
# The commands, with the settings of the service and as its user.
cat > /usr/local/bin/gongkai <<'END'
#!/bin/sh
set -a
. /etc/gongkai/gongkai.env
set +a
[ "$(id -un)" = gongkai ] && exec /opt/gongkai/.venv/bin/gongkai "$@"
exec runuser -u gongkai -- /opt/gongkai/.venv/bin/gongkai "$@"
END
chmod 0755 /usr/local/bin/gongkai
if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable gongkai.service gongkai-backup.timer
  systemctl restart gongkai.service
  systemctl start gongkai-backup.timer
fi
echo "Installed. Settings: /etc/gongkai/gongkai.env; then: systemctl restart gongkai. nginx: docs/operate.md"
