// What Nexmo's delivery receipts say of texts, in words.

/** By class, as they are counted: the word, its name, what it means. Numbers in brackets are Nexmo's codes. */
export const VERDICTS = [
  ["delivered", "Delivered", "The phone has all parts of the text. Counted with DELIVERY_RECEIPTS=all only."],
  [
    "undelivered_passing",
    "Phone off or busy",
    "The phone or its network was absent or busy for as long as Nexmo tried (2, 7, 8).",
  ],
  [
    "undelivered_for_good",
    "Out of service",
    "The phone is out of service, or its owner has barred texts (3, 4). It is not texted for 30 days.",
  ],
  ["undelivered_opted_out", "Opted out at the carrier", "The carrier says that the user opted out (9), as by STOP."],
  [
    "undelivered_unreachable",
    "Unreachable or blocked",
    "The phone cannot be reached, or the carrier blocks the text (12, 14). After three in a row the phone is not " +
      "texted for 30 days.",
  ],
  ["undelivered_recipient", "Ported, under age, no credit", "Something else about the phone (5, 13, 15)."],
  [
    "undelivered_operator",
    "Spam filter, no route",
    "Something on your side (6, 10, 11, 99): see text.undelivered in the log.",
  ],
  ["undelivered_unknown", "Not delivered, no reason", "Nexmo does not say why, or with another code."],
];

export const UNDELIVERED = VERDICTS.map(([word]) => word).filter((word) => word !== "delivered");

const REASONS = {
  2: "phone absent",
  3: "out of service",
  4: "texts barred by its owner",
  5: "ported to another network",
  6: "taken for spam",
  7: "phone busy",
  8: "network failure",
  9: "opted out at the carrier",
  10: "not allowed",
  11: "no route to the phone",
  12: "unreachable",
  13: "under age",
  14: "blocked by the carrier",
  15: "no prepaid credit",
  99: "general error",
};

/** What became of one text: "delivered", or "not delivered: out of service (code 3)". */
export const verdictOf = ({ verdict, code }) =>
  verdict === "delivered" ? "delivered" : `not delivered: ${REASONS[code] ?? "no reason given"} (code ${code})`;
