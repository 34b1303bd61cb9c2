CREATE TABLE failures (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, message_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL, number TEXT, reason TEXT NOT NULL, body TEXT NOT NULL,
    failed_at INTEGER NOT NULL, status TEXT, position TEXT, sent_at INTEGER, phone TEXT);
CREATE TABLE heard (
    span INTEGER, message_id TEXT, PRIMARY KEY (span, message_id)) WITHOUT ROWID;
CREATE TABLE links (
    number TEXT, conversation_id TEXT, expires_at INTEGER NOT NULL,
    introduced INTEGER NOT NULL, phone TEXT, phone_pending TEXT, claimed_until INTEGER,
    perhaps_texted INTEGER NOT NULL DEFAULT 0, phone_perhaps TEXT,
    retired INTEGER NOT NULL DEFAULT 0, texted_at INTEGER,
    shown TEXT, shown_position TEXT, said TEXT, repeated_at INTEGER, heard_at INTEGER,
    PRIMARY KEY (number, conversation_id)) WITHOUT ROWID;
CREATE TABLE lookups (phone TEXT, number TEXT, PRIMARY KEY (phone, number)) WITHOUT ROWID;
CREATE TABLE notices (
    message_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL,
    position TEXT, sent_at INTEGER NOT NULL, arrived INTEGER NOT NULL,
    status TEXT NOT NULL, message TEXT NOT NULL,
    due_at INTEGER NOT NULL, wake_at INTEGER, lease_until INTEGER,
    claims INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
    throttled INTEGER NOT NULL DEFAULT 0, first_try_at INTEGER, gone TEXT,
    perhaps_taken INTEGER NOT NULL DEFAULT 0, faults INTEGER NOT NULL DEFAULT 0,
    fault_at INTEGER, refused_numbers TEXT, covers TEXT, waits_for TEXT,
    put_off_until INTEGER) WITHOUT ROWID;
CREATE INDEX notices_in_order ON notices (conversation_id, position, sent_at, arrived);
CREATE INDEX notices_to_wake ON notices (wake_at) WHERE wake_at IS NOT NULL;
CREATE TABLE parts (
    phone TEXT, number TEXT, reference TEXT, total INTEGER, part INTEGER,
    message_id TEXT NOT NULL, body TEXT NOT NULL, conversation_id TEXT NOT NULL,
    give_up_at INTEGER NOT NULL,
    PRIMARY KEY (phone, number, reference, total, part)) WITHOUT ROWID;
CREATE TABLE profile (
    id INTEGER PRIMARY KEY CHECK (id = 1), user_id TEXT NOT NULL,
    opted_out_at INTEGER, opted_out_phone TEXT,
    without_number INTEGER NOT NULL DEFAULT 0,
    reported_links INTEGER, reported_demand INTEGER, recent_texts TEXT,
    unreachable_at INTEGER, unreachable_phone TEXT);
CREATE TABLE ranges (
    span INTEGER, conversation_id TEXT, first TEXT, last TEXT, status TEXT,
    PRIMARY KEY (span, conversation_id, first, last, status)) WITHOUT ROWID;
CREATE TABLE replies (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, message_id TEXT NOT NULL,
    lane TEXT NOT NULL, phone TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL,
    received_at INTEGER NOT NULL, due_at INTEGER NOT NULL, wake_at INTEGER,
    lease_until INTEGER, claims INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
    shown TEXT, shown_position TEXT);
CREATE INDEX replies_in_order ON replies (lane, seq);
CREATE INDEX replies_to_wake ON replies (wake_at) WHERE wake_at IS NOT NULL;
CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE seen (
    span INTEGER, message_id TEXT, state TEXT NOT NULL,
    PRIMARY KEY (span, message_id)) WITHOUT ROWID;
CREATE TABLE texts (
    reference TEXT PRIMARY KEY, message_id TEXT NOT NULL, claim INTEGER NOT NULL,
    number TEXT NOT NULL, conversation_id TEXT NOT NULL, phone TEXT NOT NULL,
    shown TEXT NOT NULL, counted TEXT NOT NULL, last_shown TEXT, parts INTEGER NOT NULL, taken INTEGER NOT NULL DEFAULT 0,
    part_ids TEXT, delivered TEXT, verdict TEXT, code INTEGER) WITHOUT ROWID
