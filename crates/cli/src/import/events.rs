//! The rows of a file in the order in which it has them, row group by row group.

use wow_engine::contract::Column;
use wow_engine::pipeline::Strings;
use wow_engine::read::{Log as _, LogFile, Rows};
use wow_engine::schema::NumberKind;

use super::Source;
use crate::interrupt;
use crate::source::codes::are_few;

impl Source {
    /// Rows, as far as the file says how many.
    pub(crate) fn rows(&self) -> u64 {
        self.file.reading().rows.unwrap_or(0)
    }

    /// The smallest and the largest player id, where the file notes them of its row groups.
    pub(crate) fn player_ids(&self) -> Option<(i64, i64)> {
        let LogFile::Parquet(file) = &self.file else { return None };
        let of_groups = (0..file.row_groups()).filter_map(|index| file.row_group(index).players);
        of_groups.reduce(|all, of_group| (all.0.min(of_group.0), all.1.max(of_group.1)))
    }

    /// How guild numbers are stored.
    pub(crate) fn guild_kind(&self) -> NumberKind {
        self.file.guild_kind()
    }

    /// The type in which it has a column; `None` where it has no rows, whose type says nothing.
    pub(crate) fn type_of(&self, column: Column) -> Option<String> {
        let reading = self.file.reading();
        let found = reading.columns.into_iter().find(|found| found.column == column);
        found.filter(|_| reading.rows != Some(0)).map(|found| found.stored_as)
    }

    /// Gives `visit` the rows in the order of the file, with the texts that their codes stand for. The texts are those of some
    /// row groups, so that memory stays bounded however many there are in the file.
    ///
    /// # Errors
    /// A [`crate::failure::Failure`] that says what is wrong with the file, those of `visit`, and after Ctrl-C.
    pub(crate) fn each_rows(
        &self,
        visit: &mut dyn FnMut(Rows<'_>, &Strings) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let LogFile::Parquet(file) = &self.file else { return Ok(()) };
        let mut strings = Strings::default();
        for index in 0..file.row_groups() {
            let Strings { race, class, zone } = &strings;
            if ![race, class, zone].iter().all(|dictionary| are_few(dictionary.texts())) {
                strings = Strings::default();
            }
            let mut reader = file.events(Some(vec![index]));
            while let Some(rows) = reader.next_rows(&mut strings).map_err(|error| self.refused(&error))? {
                interrupt::check()?;
                visit(rows, &strings)?;
            }
        }
        Ok(())
    }
}
