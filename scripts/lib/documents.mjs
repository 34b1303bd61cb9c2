// documents.mjs FROM TO: copies README.md, without the section on the demo, and every document and picture that it leads
// to, also through others, from the folder FROM to TO. Fails if one is missing. What else they lead to, such as code, does
// not come along: its link becomes text, unless the file is in TO already.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { posix } from "node:path";

const { dirname, join } = posix;
const DOCUMENT = /\.(md|svg|png|yaml|example)$|^LICENSE$/;
/** A link to a file of the project: its words, its path, and perhaps a heading. */
const LINK = /\[([^\]]*)\]\(([^):#]+)(?:#[^)]*)?\)/g;

const [from, to] = process.argv.slice(2);
/** The documents, each with the one that leads to it. */
const all = new Map([["README.md", "the package"]]);

/** The README without what needs the project's scripts. */
const withoutDemo = (readme) => readme.replace(/^## See it work\n[^]*?(?=^## )/m, "");

/** A document as it stands in the copy. Notes which others it leads to. */
function relinked(document, path) {
  return document.toString().replaceAll(LINK, (link, words, target) => {
    const linked = join(dirname(path), target);
    if (DOCUMENT.test(linked)) all.set(linked, all.get(linked) ?? path);
    else if (!existsSync(join(to, linked))) return words === linked ? linked : `${words}: ${linked}`;
    return link;
  });
}

// The loop also visits what is added meanwhile.
for (const [path, by] of all) {
  if (!existsSync(join(from, path))) {
    console.error(`error: ${path} does not exist, but ${by} leads to it`);
    process.exit(1);
  }
  const content =
    path === "README.md" ? withoutDemo(readFileSync(join(from, path), "utf8")) : readFileSync(join(from, path));
  mkdirSync(dirname(join(to, path)), { recursive: true });
  writeFileSync(join(to, path), path.endsWith(".md") ? relinked(content, path) : content);
}
