// A plausible month of statistics: more by day than by night, and one night in which Nexmo was down.

const HOUR = 3_600_000;
const WEEK = [1, 1.1, 1.05, 1.15, 1.2, 0.5, 0.4];
/** How many users have so many links, and need so many numbers. */
const LINKS = { 0: 210, 1: 820, 2: 390, 3: 128 };
const DEMAND = { 0: 210, 1: 820, 2: 390, 3: 88, 4: 27, 5: 9, 6: 3, 8: 1 };

const countsOfHour = (back) => {
  const wave = Math.max(0, Math.sin(((back + 3) / 24) * 2 * Math.PI)) * 40;
  return {
    texted: 8 + wave,
    read: 20 + 2.4 * wave,
    reply_posted: 3 + wave / 2,
    opted_out: back % 5,
    no_phone: back % 3,
    unwanted: back % 4,
    capped: back % 6 === 0 ? 1 : 0,
    no_number: back % 7 === 0 ? 2 : 0,
    failed: [9, 10, 11].includes(back) ? 12 : 0,
    delivered: 7 + 0.9 * wave,
    undelivered_passing: back % 4,
    undelivered_for_good: back % 9 === 0 ? 1 : 0,
  };
};

const countsOfDay = (back) => ({
  texted: 430,
  read: 1300,
  reply_posted: 240,
  opted_out: 9,
  no_phone: 14,
  unwanted: 11,
  capped: 2,
  blank: 3,
  deleted: 21,
  no_number: back === 8 ? 31 : 3,
  failed: back === 12 ? 44 : 2,
  unreachable: 4,
  delivered: 400,
  undelivered_passing: 14,
  undelivered_for_good: 2,
  undelivered_opted_out: 1,
  undelivered_operator: back === 20 ? 30 : 1,
});

/** Fills the database of the statistics. */
export const fill = (database) => {
  const insert = (table) => database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?)`);
  const [hours, days, users] = [insert("hours"), insert("days"), insert("users")];
  const now = Math.floor(Date.now() / HOUR);
  const today = Math.floor(now / 24);
  for (let back = 3; back < 48; back++) {
    const counts = Object.entries(countsOfHour(back)).filter(([, count]) => count >= 1);
    for (const [word, count] of counts) hours.run(now - back, word, Math.round(count));
  }
  for (let back = 2; back < 29; back++) {
    const counts = Object.entries(countsOfDay(back));
    for (const [word, count] of counts) days.run(today - back, word, Math.round(count * WEEK[back % 7]));
  }
  for (const [place, count] of Object.entries(LINKS)) users.run("links", Number(place), count);
  for (const [place, count] of Object.entries(DEMAND)) users.run("demand", Number(place), count);
};
