//! Changes what lies in a database beside the log, in one transaction of DuckDB's: all of it or nothing.

use std::path::Path;

use duckdb::Connection;

use super::database::{explain, spill_into};
use super::{Place, Workspace, folder_of, followed};
use crate::commands::Context;
use crate::consent::ConsentArgs;
use crate::{database, interrupt};

/// The target's database, locked and open for writing.
pub(crate) struct Transaction {
    // Closed before the lock is given up.
    connection: Connection,
    workspace: Workspace,
}

impl Transaction {
    /// Locks the database and opens it, and asks before production is written; `what` reads like `the models`. A symbolic
    /// link is followed.
    ///
    /// # Errors
    /// A [`crate::failure::Failure`] when there is no database, production is meant and not confirmed, or another process is
    /// at work on it.
    pub(crate) fn open(
        context: &Context,
        command: &'static str,
        consent: ConsentArgs,
        what: &str,
    ) -> anyhow::Result<Self> {
        database::require_file(&context.target)?;
        consent.confirm(context, what)?;
        let path = followed(&context.target.path)?;
        let folder = folder_of(&path).to_owned();
        let workspace = Workspace::open(Place { path, folder, command, option: "--database FILE" })?;
        let connection = database::open_writable(&workspace.place.path)?;
        spill_into(&connection, &workspace)?;
        Ok(Self { connection, workspace })
    }

    /// The connection, for what is looked at before anything is changed.
    pub(crate) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Where what is needed on the way may lie until then.
    pub(crate) fn temporary(&self) -> &Path {
        self.workspace.temporary()
    }

    /// Makes the changes that `change` makes, or none.
    ///
    /// # Errors
    /// What `change` gave, if it says what to do, else that the database could not be written and why; and after Ctrl-C.
    /// In each case it is as it was.
    pub(crate) fn commit<T>(
        self,
        change: impl FnOnce(&Connection) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let made = (|| {
            self.connection.execute_batch("begin")?;
            let made = change(&self.connection)?;
            interrupt::last_check()?;
            self.connection.execute_batch("commit")?;
            Ok(made)
        })();
        made.map_err(|error| explain(error, &self.workspace.place.path))
    }
}
