// The time where everybody lives: UTC and an offset, which changes when the clock is set.

const MINUTE = 60_000;

let offsets = [{ since: 0, minutes: 0 }];

/** Takes over the offsets of the server, oldest first. */
export const useOffsets = (list) => {
  offsets = list;
};

/** What happened before the clock was set keeps the time that it showed then. */
const offsetAt = (ms) => (offsets.findLast(({ since }) => since <= ms) ?? offsets[0]).minutes * MINUTE;

/** The clock's time of day at a moment in milliseconds since 1970. */
export const clock = (ms, seconds = false) => new Date(ms + offsetAt(ms)).toISOString().slice(11, seconds ? 19 : 16);

/** The clock's time of day now. */
export const clockNow = () => clock(Date.now());
