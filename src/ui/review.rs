//! The review of players: what was decided about those of the log that is shown, and which of them a table lists.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::js_sys::Date;
use wow_engine::time::Micros;
use wow_view::marks::{self, Answer, Mark, Marks};
use wow_view::turn::Turn;

use super::state::State;
use crate::own;

/// Where the marks that are shown stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// Something came of an import.
    Done(String),
    /// It did not.
    Failed(String),
}

/// A part of the page's state.
#[derive(Clone, Copy)]
pub(crate) struct Review {
    /// The marks of the log's players, as far as they were asked for.
    pub(crate) marks: RwSignal<Arc<Marks>>,
    /// Whether the browser keeps them; else they last as long as the page.
    pub(crate) is_kept: RwSignal<bool>,
    /// What came of the last import.
    pub(crate) said: RwSignal<Option<Said>>,
    /// The log whose marks these are.
    log: StoredValue<Option<String>>,
    /// The players that the page's table lists, in its order.
    listed: RwSignal<Option<Memo<Vec<i64>>>>,
}

impl Review {
    pub(crate) fn new() -> Self {
        Self {
            marks: RwSignal::default(),
            is_kept: RwSignal::new(true),
            said: RwSignal::new(None),
            log: StoredValue::new(None),
            listed: RwSignal::new(None),
        }
    }

    /// Has the marks of what is shown, now and when that is another log. For whatever shows any.
    pub(crate) fn follow(self, state: State) {
        Effect::new(move |_| {
            state.dataset.track();
            leptos::task::spawn_local(async move {
                self.read(state).await;
            });
        });
    }

    /// The marks of what is shown, once they are there.
    pub(crate) async fn read(self, state: State) -> Arc<Marks> {
        let log = state.dataset.with_untracked(|dataset| dataset.as_deref().map(marks::log_of));
        let is_other = self.log.with_value(|before| *before != log);
        if let Some(log) = log.filter(|_| is_other) {
            self.log.set_value(Some(log.clone()));
            self.marks.set(Arc::default());
            let kept = own::marks(&log).await;
            if self.is_of(&log) {
                self.is_kept.set(kept.is_ok());
                let mut all = kept.unwrap_or_default();
                // Those that were made meanwhile.
                all.extend(self.marks.with_untracked(|marks| Marks::clone(marks)));
                self.marks.set(Arc::new(all));
            }
        }
        self.marks.get_untracked()
    }

    fn is_of(self, log: &str) -> bool {
        self.log.with_value(|shown| shown.as_deref() == Some(log))
    }

    /// Marks a player; without an answer its mark is taken away.
    pub(crate) fn mark(self, player_id: i64, answer: Option<Answer>, note: &str) {
        let Some(log) = self.log.get_value() else { return };
        // As it is typed, or no space could be: the ends are cut where it is shown.
        let note: String = note.chars().take(marks::MOST_NOTE_CHARACTERS).collect();
        match answer {
            Some(answer) => {
                self.take_over(log, Marks::from_iter([(player_id, Mark { answer, note, marked_us: now() })]));
            }
            None => {
                self.change(|marks| marks.remove(player_id));
                leptos::task::spawn_local(async move {
                    self.is_kept.set(own::remove_mark(&log, player_id).await.is_ok());
                });
            }
        }
    }

    /// Takes marks over from a file, but for those that are older than the ones here, and says so.
    pub(crate) fn import(self, file: &[u8]) {
        let Some(log) = self.log.get_value() else { return };
        self.said.set(Some(match marks::from_csv(file, now()) {
            Err(why) => Said::Failed(why),
            Ok(others) => {
                let newer = self.marks.with_untracked(|here| here.newer(&others));
                let said = marks::imported_say(newer.len(), others.len());
                self.take_over(log, newer);
                Said::Done(said)
            }
        }));
    }

    fn take_over(self, log: String, others: Marks) {
        self.change(|marks| marks.extend(others.clone()));
        leptos::task::spawn_local(async move {
            self.is_kept.set(own::keep_marks(&log, &others).await.is_ok());
        });
    }

    fn change(self, change: impl FnOnce(&mut Marks)) {
        self.marks.update(|marks| change(Arc::make_mut(marks)));
    }

    /// Takes note of whom the page's table lists, as long as it is there.
    pub(crate) fn list(self, listed: Memo<Vec<i64>>) {
        self.listed.set(Some(listed));
        on_cleanup(move || self.listed.set(None));
    }

    /// Where a player stands in the page's table, after the turn `before`; nothing where the page lists no players.
    pub(crate) fn turn(self, player_id: i64, before: Option<&Turn>) -> Option<Turn> {
        let listed = self.listed.get()?;
        listed.try_with(|listed| Turn::new(listed, player_id, before))
    }
}

fn now() -> Micros {
    Micros::new((Date::now() * 1_000.0) as i64).unwrap_or_default()
}
