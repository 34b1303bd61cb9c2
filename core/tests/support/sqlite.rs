//! The core's SQL on a real SQLite.

use rusqlite::{Connection, params_from_iter, types::Value as SqlValue};
use texting::storage::{Row, Sql, StoreError, Value};

pub struct Sqlite(pub Connection);

impl Sql for Sqlite {
    fn exec(&self, statement: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let refused = |error: rusqlite::Error| StoreError::Refused(error.to_string());
        let mut prepared = self.0.prepare_cached(statement).map_err(refused)?;
        let columns = prepared.column_count();
        // The Worker returns no rows of other statements (src/platform/storage.rs).
        assert!(
            columns == 0 || statement.starts_with("SELECT"),
            "{statement}"
        );
        let params = params.iter().map(|value| match value {
            Value::Null => SqlValue::Null,
            Value::Integer(number) => SqlValue::Integer(*number),
            Value::Text(text) => SqlValue::Text(text.clone()),
        });
        let mut rows = prepared.query(params_from_iter(params)).map_err(refused)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(refused)? {
            let values = (0..columns).map(|column| match row.get(column).map_err(refused)? {
                SqlValue::Null => Ok(Value::Null),
                SqlValue::Integer(number) => Ok(Value::Integer(number)),
                SqlValue::Text(text) => Ok(Value::Text(text)),
                other => Err(StoreError::Refused(format!("{other:?}"))),
            });
            found.push(Row(values.collect::<Result<_, _>>()?));
        }
        Ok(found)
    }

    fn run(&self, script: &str) -> Result<(), StoreError> {
        let done = self.0.execute_batch(script);
        done.map_err(|error| StoreError::Refused(error.to_string()))
    }
}
