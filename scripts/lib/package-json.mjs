// package-json.mjs FOLDER: writes a package.json and a package-lock.json of the package for operators into FOLDER. Of the
// project's npm packages they name only wrangler and what it needs, in the locked versions. Done here and not by npm,
// because what npm writes depends on npm's version.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const WITH_TOOLS = "scripts/with-tools.sh ";
const REQUIRED = ["dependencies", "peerDependencies"];
const OPTIONAL = "optionalDependencies";

const root = new URL("../../", import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, root), "utf8"));
const { name, description, version, license, cloudflare, scripts, devDependencies } = read("package.json");
const { packages, ...lock } = read("package-lock.json");
const dependencies = { wrangler: devDependencies.wrangler };

/** Where Node finds a package that the one at `from` imports: beside it or in a folder above. "": nowhere. */
function found(from, dependency) {
  const path = `${from && `${from}/`}node_modules/${dependency}`;
  if (path in packages) return path;
  const above = from.slice(0, Math.max(from.lastIndexOf("/node_modules/"), 0));
  return from && found(above, dependency);
}

/** The paths of the packages at `paths` and of all that they need, by dependencies of these kinds. */
function reached(paths, kinds) {
  const all = new Set(paths);
  // The loop also visits what is added meanwhile.
  for (const path of all) {
    const dependencies = kinds.flatMap((kind) => Object.keys(packages[path][kind] ?? {}));
    for (const dependency of dependencies) all.add(found(path, dependency));
    all.delete(""); // an optional peer that nobody needs
  }
  return all;
}

/** The entries of the lock file for wrangler and what it needs: no longer for development only. */
function locked() {
  const start = [found("", "wrangler")];
  const required = reached(start, REQUIRED);
  const all = reached(start, [...REQUIRED, OPTIONAL]);
  const kept = Object.entries(packages).filter(([path]) => all.has(path));
  return kept.map(([path, entry]) => [
    path,
    { ...entry, dev: undefined, optional: required.has(path) ? undefined : true },
  ]);
}

/** The commands that need nothing but wrangler. */
const commands = Object.entries(scripts)
  .filter(([, command]) => command.startsWith(`${WITH_TOOLS}wrangler `))
  .map(([name, command]) => [name, command.slice(WITH_TOOLS.length)]);

const [folder] = process.argv.slice(2);
const write = (file, value) => writeFileSync(join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
write("package.json", {
  name,
  description,
  version,
  private: true,
  license,
  scripts: Object.fromEntries(commands),
  dependencies,
  cloudflare,
});
write("package-lock.json", {
  ...lock,
  packages: { "": { name, version, license, dependencies }, ...Object.fromEntries(locked()) },
});
