// How many numbers users need, based on how many conversations they have at a time.
import { request } from "./api.js";
import { barChart } from "./chart.js";
import { card, factList, h, number, plural, table } from "./dom.js";

const percentage = (users, all) => (users ? `${((100 * users) / all).toFixed(users < all / 100 ? 2 : 1)} %` : "0 %");

const runOutTable = ({ advice, demand_per_user: demand, pool }) => {
  const all = demand.reduce((total, place) => total + place.users, 0);
  const last = advice.run_out.findIndex((one) => one.users === 0);
  const shown = advice.run_out.slice(0, Math.max(last + 1, pool, advice.enough ?? 0) || 30);
  const remark = (size) =>
    [size === pool && "your pool", size === advice.enough && "enough for 99 of 100 users"].filter(Boolean).join(", ");
  const rows = shown.map((one) => ({
    kind: [one.numbers === pool && "own", one.numbers === advice.enough && "good"].filter(Boolean).join(" "),
    cells: [number(one.numbers), number(one.users), percentage(one.users, all), remark(one.numbers)],
  }));
  return table(["Numbers", "Users who run out", "Share", ""], rows, { class: "run-out" });
};

const histogram = ({ demand_per_user: demand, pool }) => {
  const users = new Map(demand.map((place) => [place.numbers, place.users]));
  const most = Math.max(9, pool, ...users.keys());
  const places = Math.min(most, 30) + 1;
  const above = demand.filter((place) => place.numbers >= places - 1).reduce((total, place) => total + place.users, 0);
  const all = Array.from({ length: places }, (_, at) => ({
    label: most > 30 && at === 30 ? "30+" : String(at),
    value: most > 30 && at === 30 ? above : (users.get(at) ?? 0),
  }));
  const every = places > 15 ? 5 : 1;
  return barChart("Users by conversations at a time", all, {
    mark: pool,
    width: Math.min(640, innerWidth),
    ticks: all.map((_, at) => at).filter((at) => at % every === 0),
  });
};

export const numbersView = async () => {
  const all = await request("statistics");
  const { advice, users, pool, without_number: without } = all;
  if (!users) {
    return card(
      null,
      h("p", { class: "lead" }, "No users counted yet."),
      h(
        "p",
        { class: "muted" },
        `Your pool has ${plural(pool, "number")}. A user is first counted three hours after one of their messages was texted, read or dropped.`,
      ),
    );
  }
  const verdict =
    pool >= advice.enough
      ? `Your ${plural(pool, "number")} ${pool === 1 ? "is" : "are"} enough.`
      : `Add ${plural(advice.enough - pool, "number")}: ${advice.enough} are enough.`;
  return [
    card(
      null,
      h("p", { class: "lead" }, verdict),
      h(
        "p",
        { class: "muted" },
        "A user needs one number for each conversation that is active at the same time. A pool is enough if at most one user in a hundred would run out of numbers.",
      ),
      factList([
        ["Your pool", number(pool)],
        ["Enough", number(advice.enough)],
        ["Mean + 2 deviations", number(advice.by_mean)],
        ["Mean per user", advice.mean.toFixed(2)],
        ["Deviation", advice.deviation.toFixed(2)],
        ["Users counted", number(users)],
        ["Dropped without a number, 30 days", number(without)],
      ]),
    ),
    card(
      "Conversations at a time, per user",
      histogram(all),
      h(
        "p",
        { class: "muted small" },
        "Counts conversations that have a number and those that recently got none. The size of your pool is marked; users to its right run out of numbers.",
      ),
    ),
    card("Other pool sizes", runOutTable(all)),
  ];
};
