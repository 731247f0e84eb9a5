//! How the log is changed so that a column is as the reference SQL needs it.

use duckdb::Connection;
use wow_engine::contract::Column;

use super::TABLE;
use crate::database::quoted;
use crate::view;

/// What the log is, as far as that decides how it can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A table of columns and nothing else.
    Plain,
    /// A table with indexes, constraints or computed columns, for the sake of which DuckDB refuses to change it.
    Tied,
    /// A table that a foreign key of another leads to, so that it cannot be replaced either.
    Held,
    /// A view.
    View,
}

impl Form {
    /// What the log of this database is.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub(crate) fn of(connection: &Connection) -> anyhow::Result<Self> {
        if view::is_view(connection)? {
            return Ok(Self::View);
        }
        let sql = format!(
            "with things as (
                 select 'tied' as kind, database_name, schema_name, table_name from duckdb_indexes()
                 union all select 'tied', database_name, schema_name, table_name from duckdb_constraints()
                 union all select 'held', database_name, schema_name, referenced_table from duckdb_constraints()
                 union all select 'tied', table_catalog, table_schema, table_name from system.information_schema.columns
                     where is_generated = 'ALWAYS')
             select coalesce(bool_or(kind = 'held'), false), count(*) > 0 from things
             where database_name = current_database() and schema_name = 'main' and lower(table_name) = '{TABLE}'"
        );
        Ok(connection.query_row(&sql, [], |row| {
            Ok(match (row.get(0)?, row.get(1)?) {
                (true, _) => Self::Held,
                (false, true) => Self::Tied,
                (false, false) => Self::Plain,
            })
        })?)
    }

    /// How a column gets its name, as the end of a sentence.
    pub(super) fn rename(self, found: &str, name: &str) -> String {
        let (found, name) = (quoted(found), quoted(name));
        match self {
            Self::Plain => format!("rename it: ALTER TABLE {TABLE} RENAME COLUMN {found} TO {name}"),
            _ => format!(
                "name it so{}",
                self.select(&format!("RENAME ({found} AS {name})"), &format!("{found} AS {name}"))
            ),
        }
    }

    /// How the values of a column are replaced by those that an expression gives, as the end of a sentence.
    pub(super) fn replace(self, column: Column, type_name: &str, expression: &str) -> String {
        let name = quoted(column.name());
        match self {
            Self::Plain => {
                format!(": ALTER TABLE {TABLE} ALTER {name} TYPE {type_name} USING {expression}")
            }
            _ => {
                let replaced = format!("{expression} AS {name}");
                self.select(&format!("REPLACE ({replaced})"), &replaced)
            }
        }
    }

    /// The whole log selected anew where a statement can do that, else the one column.
    fn select(self, all: &str, one: &str) -> String {
        match self {
            Self::Plain | Self::Tied => format!(
                " in a table that replaces this one, without its indexes and constraints: CREATE OR REPLACE TABLE {TABLE} \
                 AS SELECT * {all} FROM {TABLE}"
            ),
            Self::Held => format!(" in a table that no foreign key leads to: {one}"),
            Self::View => format!(" in the view: {one}"),
        }
    }
}
