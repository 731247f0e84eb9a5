//! Any bytes as a file of whatever format, read in any order.

use bytes::Bytes;
use wow_engine::Params;
use wow_engine::pipeline::Strings;
use wow_engine::read::{Gatherer, Log as _, LogFile};

use crate::seeds::go_on;

/// A CSV file is refused, or both ways to read it have the rows that its first pass found, and they can be put in order.
pub fn csv(bytes: &[u8]) {
    let Ok(LogFile::Csv(file)) = LogFile::open(Bytes::copy_from_slice(bytes)) else { return };
    let mut rows = 0;
    let surveyed = file.check(&mut |players| {
        rows += players.rows() as u64;
        Ok(())
    });
    let Ok(survey) = surveyed else { return };
    assert_eq!(rows, survey.rows, "players of the first pass");
    let _ = (file.notices(), file.columns());

    let mut found = 0;
    let read = file.each_rows(&mut Strings::default(), &mut |rows, _| {
        assert_eq!(rows.player_id.rows(), rows.events.len());
        found += rows.events.len() as u64;
        Ok(())
    });
    assert_eq!((read, found), (Ok(()), survey.rows), "what the first pass takes, the second refuses");

    let mut gatherer = Gatherer::default();
    assert_eq!(gatherer.take(&file, &mut |_| go_on()), Ok(()));
    let sorted = gatherer.sorted().expect("there is no room for a few events");
    let report =
        sorted.scan(Params::default(), &mut |_| go_on()).expect("sorted events are out of order").finish();
    assert_eq!(report.rows + report.rejected.total(), survey.rows);
}
