#!/usr/bin/env bash
# release-notes.sh TAG: prints what CHANGELOG.md says of the version that a tag names. Fails if it is not the version of
# package.json, or has no date in CHANGELOG.md. Links to files lead to them on GitHub. Used by .github/workflows/release.yml.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
[ $# -eq 1 ] || die "no tag given" "Usage: scripts/release-notes.sh vVERSION"
cd "$ROOT"

version=$(package_version)
[ "$1" = "v$version" ] || die "the tag is $1, but the version in package.json is $version" "See CONTRIBUTING.md, Releasing."
grep -qE "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md ||
  die "CHANGELOG.md has no heading '## [$version] - YEAR-MONTH-DAY'" "See CONTRIBUTING.md, Releasing."
awk -v heading="## [$version] " '/^## / { wanted = index($0, heading) == 1; next } wanted' CHANGELOG.md |
  sed -E "s#\]\(([^h\#][^)]*)\)#](https://github.com/${GITHUB_REPOSITORY:-OWNER/NAME}/blob/$1/\1)#g"
