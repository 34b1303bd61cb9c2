// A picture in place of a photo's bytes, which nobody has.

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = [
  ["rect", { class: "sky", width: 132, height: 88 }],
  ["circle", { class: "sun", cx: 98, cy: 26, r: 11 }],
  ["path", { class: "far", d: "M0 70 38 34 66 60 92 42 132 74V88H0z" }],
  ["path", { class: "near", d: "M0 88V76L30 62 74 84 108 68 132 80V88z" }],
];

const shape = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

export const photo = () => {
  const picture = shape("svg", { class: "photo", viewBox: "0 0 132 88", role: "img", "aria-label": "A photo" });
  picture.append(...SHAPES.map(([name, attributes]) => shape(name, attributes)));
  return picture;
};
