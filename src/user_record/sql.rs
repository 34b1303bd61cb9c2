//! The core's SQL over the Durable Object's SQLite, and its transactions.

use std::cell::Cell;

use texting::record::store::{Row, Sql, StoreError, Value};
use worker::{
    SqlStorage, SqlStorageValue, Storage,
    js_sys::{Function, Reflect},
    wasm_bindgen::{JsCast, JsValue, closure::ScopedClosure},
};

/// The object's SQLite, and what it cost so far.
pub struct ObjectSql {
    sql: SqlStorage,
    read: Cell<usize>,
    written: Cell<usize>,
}

impl ObjectSql {
    /// Nothing read or written yet.
    pub fn new(sql: SqlStorage) -> Self {
        Self {
            sql,
            read: Cell::new(0),
            written: Cell::new(0),
        }
    }

    /// Rows read and rows written since this instance started, as Cloudflare counts them.
    pub fn rows(&self) -> (usize, usize) {
        (self.read.get(), self.written.get())
    }
}

impl Sql for ObjectSql {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let params: Vec<_> = params.iter().map(bind).collect();
        let cursor = self.sql.exec(statement, params).map_err(refused)?;
        let rows = cursor
            .raw()
            .map(|row| row.map_err(refused).and_then(read))
            .collect();
        self.read.set(self.read.get() + cursor.rows_read());
        self.written.set(self.written.get() + cursor.rows_written());
        rows
    }
}

fn bind(value: &Value) -> SqlStorageValue {
    match value {
        Value::Null => SqlStorageValue::Null,
        Value::Integer(number) => SqlStorageValue::Integer(*number),
        Value::Text(text) => SqlStorageValue::String(text.clone()),
    }
}

fn read(row: Vec<SqlStorageValue>) -> Result<Row, StoreError> {
    let read = |(column, value)| match value {
        SqlStorageValue::Null => Ok(Value::Null),
        SqlStorageValue::Integer(number) => Ok(Value::Integer(number)),
        SqlStorageValue::Boolean(flag) => Ok(Value::Integer(i64::from(flag))),
        SqlStorageValue::String(text) => Ok(Value::Text(text)),
        SqlStorageValue::Float(_) | SqlStorageValue::Blob(_) => Err(StoreError::Column {
            column,
            expected: "an integer or a text",
        }),
    };
    row.into_iter()
        .enumerate()
        .map(read)
        .collect::<Result<_, _>>()
        .map(Row)
}

fn refused(error: worker::Error) -> StoreError {
    StoreError::Refused(error.to_string())
}

/// Runs `work` as one transaction: what it wrote is undone when it fails.
///
/// The runtime's `transactionSync` is not wrapped by the `worker` crate. `work` is no type parameter:
/// there would be a copy of all this for each of a dozen turns.
pub fn transaction(
    storage: &Storage,
    work: &mut dyn FnMut() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut outcome = None;
    let called = {
        let mut run = || {
            let done = work();
            let undo = done.is_err();
            outcome = Some(done);
            if undo {
                Err(JsValue::from_str("undone"))
            } else {
                Ok(())
            }
        };
        let closure: ScopedClosure<'_, dyn FnMut() -> Result<(), JsValue>> =
            ScopedClosure::borrow_mut_assert_unwind_safe(&mut run);
        call(storage, closure.as_ref())
    };
    match (outcome, called) {
        (Some(Err(error)), _) => Err(error),
        (_, Err(error)) => Err(StoreError::Refused(format!("{error:?}"))),
        (Some(Ok(())), Ok(_)) => Ok(()),
        (None, Ok(_)) => Err(StoreError::Refused(
            "the transaction did not run".to_owned(),
        )),
    }
}

fn call(storage: &Storage, closure: &JsValue) -> Result<JsValue, JsValue> {
    let storage = storage.as_raw();
    let transaction: Function =
        Reflect::get(storage, &JsValue::from_str("transactionSync"))?.dyn_into()?;
    transaction.call1(storage, closure)
}
