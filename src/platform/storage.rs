//! A Durable Object's storage: SQL, transactions, the alarm.

use std::cell::Cell;

use texting::{
    storage::{Row, Sql, StoreError, Value},
    time::Timestamp,
};
use worker::{
    Error, Storage,
    js_sys::{Array, Date, Promise},
    wasm_bindgen::{self, JsCast, JsValue, closure::ScopedClosure, prelude::wasm_bindgen},
    worker_sys::types::{SqlStorage, SqlStorageCursor},
};

/// The largest integer that JavaScript keeps exact.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// An object's storage. Counts the rows that Cloudflare bills.
pub struct ObjectStorage {
    storage: Storage,
    sql: SqlStorage,
    rows_read: Cell<usize>,
    rows_written: Cell<usize>,
}

impl ObjectStorage {
    /// The storage of a new instance of an object.
    pub fn new(storage: Storage) -> Self {
        Self {
            sql: storage.as_raw().sql(),
            storage,
            rows_read: Cell::new(0),
            rows_written: Cell::new(0),
        }
    }

    /// Rows read by this instance.
    pub fn rows_read(&self) -> usize {
        self.rows_read.get()
    }

    /// Rows written by this instance.
    pub fn rows_written(&self) -> usize {
        self.rows_written.get()
    }

    /// Sets the object's alarm. The promise is needed only to learn whether the write failed: the runtime's
    /// output gate holds every response until the write is durable.
    pub fn set_alarm(&self, at: Timestamp) -> Result<Promise, JsValue> {
        let date = Date::new(&JsValue::from_f64(at.as_millis() as f64));
        self.storage.as_raw().set_alarm(date, JsValue::NULL.into())
    }

    /// Runs `work` as one transaction: if it fails, its writes are undone.
    pub fn transaction(
        &self,
        work: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let storage: &Transactions = self.storage.as_raw().unchecked_ref();
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
            storage.run(closure.as_ref())
        };
        match (outcome, called) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(StoreError::Refused(Error::from(error).to_string())),
            (Some(Ok(())), Ok(_)) => Ok(()),
            (None, Ok(_)) => Err(StoreError::Refused(
                "the transaction did not run".to_owned(),
            )),
        }
    }

    fn count(&self, cursor: &SqlStorageCursor) {
        let read = self.rows_read.get() + cursor.rows_read() as usize;
        let written = self.rows_written.get() + cursor.rows_written() as usize;
        self.rows_read.set(read);
        self.rows_written.set(written);
    }
}

impl Sql for ObjectStorage {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let bound = params.iter().map(bind).collect::<Array>();
        let cursor = self.sql.exec(statement, bound).map_err(refused)?;
        // The rows of other statements are not read: they have run completely by now.
        let rows = if statement.starts_with("SELECT") {
            rows(&cursor)
        } else {
            Ok(Vec::new())
        };
        self.count(&cursor);
        rows
    }

    fn run(&self, script: &str) -> Result<(), StoreError> {
        let cursor = self.sql.exec(script, Array::new()).map_err(refused)?;
        self.count(&cursor);
        Ok(())
    }
}

fn bind(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
    }
}

fn rows(cursor: &SqlStorageCursor) -> Result<Vec<Row>, StoreError> {
    let (rows, mut read) = (cursor.raw(), Vec::new());
    loop {
        let next = rows.next().map_err(refused)?;
        if next.done() {
            return Ok(read);
        }
        read.push(row(next.value().unchecked_ref())?);
    }
}

fn row(values: &Array) -> Result<Row, StoreError> {
    let values = values.iter().enumerate();
    let values = values.map(|(column, value)| self::value(&value, column));
    values.collect::<Result<_, _>>().map(Row)
}

fn value(value: &JsValue, column: usize) -> Result<Value, StoreError> {
    if let Some(text) = value.as_string() {
        return Ok(Value::Text(text));
    }
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() <= LARGEST => {
            Ok(Value::Integer(number as i64))
        }
        None if value.is_null() => Ok(Value::Null),
        _ => Err(StoreError::Column {
            column,
            expected: "an integer or a text",
        }),
    }
}

fn refused(error: JsValue) -> StoreError {
    StoreError::Refused(worker::Error::from(error).to_string())
}

#[wasm_bindgen]
extern "C" {
    /// An object's storage, for the method `transactionSync`, which the `worker` crate does not wrap.
    type Transactions;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn run(this: &Transactions, closure: &JsValue) -> Result<JsValue, JsValue>;
}
