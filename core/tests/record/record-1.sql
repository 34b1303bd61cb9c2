-- A record as version 1 left it at 2023-11-14 22:13:20 UTC: one link, a text
-- on a new link that Nexmo may have taken, and one on a number that is being taken over, one notice that is due and whose
-- attempt was interrupted, one behind it, a reply and half of another, an opt-out of nobody, a failure.
INSERT INTO schema (version) VALUES (1);
INSERT INTO profile (id, user_id, without_number) VALUES (1, 'ben', 2);
INSERT INTO links VALUES ('12025550101', '00000002-0000-4000-8000-000000000001', 1700000600000, 1, '15550102030', NULL, NULL);
INSERT INTO links VALUES ('12025550102', '00000002-0000-4000-8000-000000000004', 1700000600000, 0, NULL, '15550102031', NULL);
INSERT INTO links VALUES ('12025550109', '00000002-0000-4000-8000-000000000005', 1700000600000, 1, '15550102030', NULL, NULL);
INSERT INTO links VALUES ('12025550109', '00000002-0000-4000-8000-000000000006', 1700000600000, 0, NULL, '15550102031', NULL);
INSERT INTO lookups VALUES ('15550102030', '12025550101');
INSERT INTO notices (message_id, conversation_id, position, sent_at, arrived, status, message, due_at, wake_at, lease_until, claims, tries, first_try_at)
VALUES ('00000001-0000-4000-8000-000000000001', '00000002-0000-4000-8000-000000000001', NULL, 1, 1699999000000, 'sent', '{"parts":[]}', 1699999900000, 1699999999000, 1699999999000, 1, 0, 1699999950000);
INSERT INTO notices (message_id, conversation_id, position, sent_at, arrived, status, message, due_at)
VALUES ('00000001-0000-4000-8000-000000000002', '00000002-0000-4000-8000-000000000001', '00000000000000000007', 2, 1699999000001, 'delivered', '{"parts":[]}', 1699999900001);
INSERT INTO seen VALUES (472222, '00000001-0000-4000-8000-000000000003', 'texted');
INSERT INTO seen VALUES (472222, '00000001-0000-4000-8000-000000000004', 'heard delivered');
INSERT INTO ranges VALUES (472222, '00000002-0000-4000-8000-000000000002', '00000000000000000001', '00000000000000000009', 'read');
INSERT INTO replies (seq, kind, message_id, lane, phone, number, body, received_at, due_at, wake_at)
VALUES (1, 'post', 'A1', '00000002-0000-4000-8000-000000000001', '15550102030', '12025550101', 'on my way', 1699999999000, 1699999999000, 1699999999000);
INSERT INTO heard VALUES (18888, 'A1');
INSERT INTO heard VALUES (18888, 'P1');
INSERT INTO parts VALUES ('15550102030', '12025550101', '7', 2, 1, 'P1', 'half ', '00000002-0000-4000-8000-000000000001', 1700000500000);
INSERT INTO failures (seq, kind, message_id, conversation_id, number, reason, body, failed_at)
VALUES (1, 'text', '00000001-0000-4000-8000-000000000009', '00000002-0000-4000-8000-000000000009', '12025550102', 'status 6', '{"parts":[]}', 1699990000000);
