#!/bin/sh
# The third-party peers of the peer tests, from npm, at exact versions, into .peers at the root of
# the repository. A second run ends at once. Needs node 20 or newer and npm; runs no package scripts.
set -eu
cd "$(dirname "$0")/../.."
peers=.peers

wanted="emulate@0.8.0 @stoplight/prism-cli@5.16.0 @twilio/cli-core@8.3.2 telegram-test-api@4.2.1"

there() {
	for pin in $wanted; do
		grep -qs "\"version\": *\"${pin##*@}\"" "$peers/node_modules/${pin%@*}/package.json" || return 1
	done
}

if there; then
	exit 0
fi
for tool in node npm; do
	command -v "$tool" >/dev/null || { echo "the peer tests need $tool" >&2; exit 1; }
done

mkdir -p "$peers"
cat >"$peers/package.json" <<'END'
{
  "name": "sankofa-peers",
  "private": true,
  "description": "Third-party peers of the tests; made by tests/peers/install.sh",
  "dependencies": {
    "@stoplight/prism-cli": "5.16.0",
    "@twilio/cli-core": "8.3.2",
    "emulate": "0.8.0",
    "telegram-test-api": "4.2.1"
  }
}
END
echo "installing the peers into $peers (about a minute, once)"
npm install --prefix "$peers" --ignore-scripts --no-audit --no-fund --no-package-lock \
	--loglevel=error
there || { echo "npm did not install what was asked for: $wanted" >&2; exit 1; }
