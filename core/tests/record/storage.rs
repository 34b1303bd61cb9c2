use texting::{
    chat::status::Status,
    ids::{Position, UserId},
    phone::{Number, Phone},
    record::{
        command::Outcome, outcome::TextOutcome, policy::DigestPolicy, reply::ReplyOutcome, schema,
        tables::made::Table,
    },
    sms::inbound::InboundText,
    storage::Sql,
    time::{HOUR, MINUTE},
};

use crate::support::{
    Dispatched, NUMBERS, User, conversation_id, message_id, message_of, part, reply,
};

#[test]
fn the_schema_is_pinned() {
    assert_eq!(schema::VERSION, 5);
    let pinned = include_str!("schema-5.sql");
    let statements = texts(
        &User::with_all_tables(),
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
    );
    assert_eq!(normal(&statements.join(";\n")), normal(pinned));
}

/// The values of a statement with one column of texts.
fn texts(user: &User, statement: &str) -> Vec<String> {
    let rows = user.sql.exec(statement, &[]).unwrap();
    rows.iter().map(|row| row.read().unwrap()).collect()
}

#[test]
fn a_record_of_an_older_version_gets_the_same_tables_as_a_new_one() {
    let columns = "SELECT tables.name || ' ' || columns.cid || ' ' || columns.name || ' '
            || columns.type || ' ' || columns.\"notnull\" || ' ' || ifnull(columns.dflt_value, '')
        FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns ORDER BY 1";
    let versions = [
        (1, include_str!("schema-1.sql")),
        (2, include_str!("schema-2.sql")),
        (3, include_str!("schema-3.sql")),
        (4, include_str!("schema-4.sql")),
    ];
    for (version, schema) in versions {
        let script = format!("{schema}; INSERT INTO schema VALUES ({version})");
        let older = User::from_script(&script);
        older.make_all_tables();
        assert_eq!(
            texts(&older, columns),
            texts(&User::with_all_tables(), columns)
        );
        assert_eq!(texts(&older, "SELECT '' || version FROM schema"), ["5"]);
    }
}

#[test]
fn a_table_is_made_for_its_first_row() {
    let user = User::new();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let first = ["notices", "profile", "schema"];
    assert_eq!(texts(&user, tables), first);
    user.sent(1, 1);
    user.turn(|record| record.show());
    assert_eq!(texts(&user, tables), first);
    user.turn(|record| record.receipt(&message_id(2), Status::Read));
    assert_eq!(
        texts(&user, tables),
        ["notices", "profile", "schema", "seen"]
    );
    assert!(user.made().has(Table::Seen) && !user.made().has(Table::Links));
}

#[test]
fn a_record_that_was_only_looked_at_has_no_tables() {
    let user = User::from_script("");
    user.turn(|record| record.show());
    assert!(user.made().is_empty());
    user.turn(|record| record.ensure_profile(&UserId::new("ben")));
    assert_eq!(texts(&user, "SELECT '' || version FROM schema"), ["5"]);
}

fn normal(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn migrating_twice_changes_nothing() {
    let user = User::new();
    user.sent(1, 1);
    schema::migrate(&user.sql).unwrap();
    assert!(user.wake().is_some());
}

#[test]
fn what_is_shown_holds_no_message_text_and_an_erased_record_holds_nothing() {
    let mut user = User::new();
    user.sent(1, 1);
    user.later(MINUTE * 10).text();
    user.inbound(&reply("A1", NUMBERS[0], "very private"));
    user.inbound(&reply("A2", NUMBERS[0], "private too"));
    user.inbound(&part("P1", NUMBERS[0], "also private", (1, 2)));
    let shown = user.turn(|record| record.show());
    assert_eq!(shown["links"][0]["number"], NUMBERS[0]);
    assert_eq!(shown["replies"]["waiting"], 2);
    assert_eq!(shown["parts_waiting"], 1);
    assert!(!shown.to_string().contains("private"));
    user.turn(|record| record.erase());
    let shown = user.turn(|record| record.show());
    assert_eq!(
        (
            shown["links"].as_array().unwrap().len(),
            &shown["parts_waiting"]
        ),
        (0, &0.into())
    );
    assert_eq!(user.wake(), None);
}

/// What a deployment finds: the rows of the first version, read by this one.
#[test]
fn a_record_of_version_1_goes_on_where_it_was() {
    let user = User::from_script(concat!(
        include_str!("schema-1.sql"),
        ";\n",
        include_str!("record-1.sql")
    ));
    assert_eq!(user.sent(3, 1), Outcome::Known);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[0]));
    assert_eq!(user.text().as_deref(), Some(NUMBERS[0]));
    let claim = user.turn(|record| record.claim_reply()).unwrap();
    assert_eq!(
        (claim.reply.message_id.as_str(), claim.reply.body.as_str()),
        ("A1", "on my way")
    );
    user.turn(|record| record.reply_ended(&claim, ReplyOutcome::Done, 0));
    assert_eq!(
        user.inbound(&reply("A1", NUMBERS[0], "again")),
        Outcome::Known
    );
    user.inbound(&part("P2", NUMBERS[0], "and half", (2, 2)));
    let claim = user.turn(|record| record.claim_reply()).unwrap();
    assert_eq!(claim.reply.body, "half and half");
    for (number, phone, conversation) in [
        (NUMBERS[1], "15550102031", 4),
        ("12025550109", "15550102030", 5),
        ("12025550109", "15550102031", 6),
    ] {
        let text = InboundText {
            phone: Phone::from_digits(phone),
            ..reply(&format!("B{conversation}"), number, "hello")
        };
        assert_eq!(user.inbound(&text), Outcome::Stored);
        let claim = user.turn(|record| record.claim_reply()).unwrap();
        assert_eq!(
            claim.reply.action.conversation(),
            conversation_id(conversation).as_str()
        );
    }
    let mut read = message_of(5, 2);
    read.position = Some(Position::new(4));
    user.turn(|record| record.message(&read));
    assert!(user.notice(&message_id(5)).is_none());
    let shown = user.turn(|record| record.show());
    assert_eq!(shown["failures"][0]["reason"], "status 6");
    assert_eq!(shown["dropped_without_number"], 2);
}

/// The same record, with the interrupted attempt of one message and the one behind it, once digests are on.
#[test]
fn a_record_of_version_1_goes_on_with_digests() {
    let mut user = User::from_script(concat!(
        include_str!("schema-1.sql"),
        ";\n",
        include_str!("record-1.sql")
    ));
    user.policy.digest = Some(DigestPolicy { interval: HOUR });
    let claim = user.claim().unwrap();
    assert!(claim.in_doubt);
    assert_eq!(claim.covered().all(), [message_id(1), message_id(2)]);
    let taken = |message| {
        user.notice(&message_id(message))
            .unwrap()
            .tries
            .perhaps_taken
    };
    assert_eq!((taken(1), taken(2)), (1, 0));
    let number = Number::from_digits(NUMBERS[0]);
    user.end(&claim, TextOutcome::Accepted { number });
    assert!(user.notice(&message_id(1)).is_none() && user.notice(&message_id(2)).is_none());
    user.sent(7, 1);
    let next = user.notice(&message_id(7)).unwrap();
    assert_eq!(next.wake_at, Some(user.now + HOUR));
}

/// What a deployment finds that goes back to this version: words that only a later one stores.
#[test]
fn words_of_a_later_version_keep_nothing_from_being_stored_texted_or_retried() {
    let mut user = User::with_all_tables();
    let hour = user.now.index_of(HOUR);
    let range = format!(
        "INSERT INTO ranges VALUES ({hour}, '{}', '{}', '{}', 'glanced')",
        conversation_id(1),
        Position::new(1),
        Position::new(9)
    );
    user.sql.run(&range).unwrap();
    let mut sent = message_of(1, 1);
    sent.position = Some(Position::new(4));
    assert_eq!(user.turn(|record| record.message(&sent)), Outcome::Stored);
    user.sql
        .run("UPDATE notices SET gone = 'bewitched'")
        .unwrap();
    user.later(MINUTE * 10);
    let Dispatched { claim, number } = user.dispatch().unwrap();
    let why = "barred".to_owned();
    user.end(&claim, TextOutcome::Refused { number, why });
    user.sql
        .run("UPDATE failures SET status = 'glanced'")
        .unwrap();
    let seq = user.turn(|record| record.kept_failures())[0].seq;
    assert_eq!(user.turn(|record| record.retry(seq)), Outcome::Stored);
    assert_eq!(user.text().as_deref(), Some(NUMBERS[0]));
}
