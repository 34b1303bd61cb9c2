// How many numbers users need, based on how many conversations they have at a time.
import { request } from "./api.js";
import { barChart } from "./chart.js";
import { card, factList, joined, lead, muted, note, number, plural, table } from "./dom.js";

const NEED =
  "A user needs one number for each conversation that is active at the same time. A pool is enough if at most one " +
  "user in a hundred would run out of numbers.";
const COUNTED =
  "Counts conversations that have a number and those that recently got none. The size of your pool is marked; users " +
  "to its right run out of numbers.";
const FIRST_COUNT = "A user is first counted three hours after one of their messages was texted, read or dropped.";

/** The histogram's last place, which includes all above it. */
const LAST_PLACE = 30;

const sumOfUsers = (places) => places.reduce((total, place) => total + place.users, 0);

const percentage = (users, all) => (users ? `${((100 * users) / all).toFixed(users < all / 100 ? 2 : 1)} %` : "0 %");

const runOutTable = ({ advice, demand_per_user: demand, pool }) => {
  const all = sumOfUsers(demand);
  const last = advice.run_out.findIndex((one) => one.users === 0);
  const shown = advice.run_out.slice(0, Math.max(last + 1, pool, advice.enough ?? 0) || 30);
  const rows = shown.map(({ numbers, users }) => {
    const own = numbers === pool;
    const enough = numbers === advice.enough;
    const remark = joined(own && "your pool", enough && "enough for 99 of 100 users");
    return {
      kind: [own && "own", enough && "good"].filter(Boolean).join(" "),
      cells: [number(numbers), number(users), percentage(users, all), remark],
    };
  });
  return table(["Numbers", "Users who run out", "Share", ""], rows, { class: "run-out" });
};

const histogram = ({ demand_per_user: demand, pool }) => {
  const users = new Map(demand.map((place) => [place.numbers, place.users]));
  const most = Math.max(9, pool, ...users.keys());
  const bars = Array.from({ length: Math.min(most, LAST_PLACE) + 1 }, (_, at) =>
    at === LAST_PLACE && most > LAST_PLACE
      ? { label: `${LAST_PLACE}+`, value: sumOfUsers(demand.filter((place) => place.numbers >= LAST_PLACE)) }
      : { label: String(at), value: users.get(at) ?? 0 },
  );
  const every = bars.length > 15 ? 5 : 1;
  const ticks = bars.map((_, at) => at).filter((at) => at % every === 0);
  return barChart("Users by conversations at a time", bars, { mark: pool, width: Math.min(640, innerWidth), ticks });
};

const verdict = ({ advice, pool }) =>
  pool >= advice.enough
    ? `Your ${plural(pool, "number")} ${pool === 1 ? "is" : "are"} enough.`
    : `Add ${plural(advice.enough - pool, "number")}: ${advice.enough} are enough.`;

const facts = ({ advice, users, pool, without_number: without }) =>
  factList([
    ["Your pool", number(pool)],
    ["Enough", number(advice.enough)],
    ["Mean + 2 deviations", number(advice.by_mean)],
    ["Mean per user", advice.mean.toFixed(2)],
    ["Deviation", advice.deviation.toFixed(2)],
    ["Users counted", number(users)],
    ["Dropped without a number, 30 days", number(without)],
  ]);

export const numbersView = async () => {
  const all = await request("statistics");
  if (!all.users) {
    const pool = `Your pool has ${plural(all.pool, "number")}.`;
    return card(null, lead("No users counted yet."), muted(`${pool} ${FIRST_COUNT}`));
  }
  return [
    card(null, lead(verdict(all)), muted(NEED), facts(all)),
    card("Conversations at a time, per user", histogram(all), note(COUNTED)),
    card("Other pool sizes", runOutTable(all)),
  ];
};
