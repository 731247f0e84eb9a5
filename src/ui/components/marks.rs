//! Marks of players: the buttons that make one, the cell that shows it, and the filter by them.

use leptos::html;
use leptos::prelude::*;
use wow_view::marks::{Answer, MOST_NOTE_CHARACTERS, Marked, Marks, NOT_KEPT, marked_say};

use super::table::{CellText, Column, Sorted};
use crate::ui::state::State;

/// What stands for no filter.
const ALL: &str = "all";

/// Marks the player whose panel is open. It stays while one goes on to the next, so that the keys stay where they are.
#[component]
pub(crate) fn MarkCard(id: Memo<Option<i64>>) -> impl IntoView {
    let state = expect_context::<State>();
    let review = state.review;
    let note = NodeRef::<html::Input>::new();
    let mark = Memo::new(move |_| {
        let id = id.get()?;
        review.marks.with(|marks| marks.get(id).cloned())
    });
    let is_marked = move || mark.with(Option::is_some);
    let press = move |answer: Answer| {
        let Some(id) = id.get_untracked() else { return };
        let before = mark.get_untracked().map(|mark| mark.answer);
        let typed = note.get_untracked().map(|note| note.value()).unwrap_or_default();
        review.mark(id, (before != Some(answer)).then_some(answer), &typed);
    };
    let keep_note = move |typed: String| {
        if let (Some(id), Some(mark)) = (id.get_untracked(), mark.get_untracked()) {
            review.mark(id, Some(mark.answer), &typed);
        }
    };
    let button = move |answer: Answer| {
        let is_pressed = move || mark.with(|mark| mark.as_ref().is_some_and(|mark| mark.answer == answer));
        view! {
            <button
                data-testid=format!("mark-{}", answer.key())
                aria-pressed=move || is_pressed().to_string()
                on:click=move |_| press(answer)
            >
                {capital(answer.words())}
            </button>
        }
    };
    view! {
        <section class="card marking" data-testid="player-mark">
            <h2 id="mark-title">"Your mark"</h2>
            <span class="switch" role="group" aria-labelledby="mark-title">
                {Answer::ALL.map(button).collect_view()}
            </span>
            <input
                type="text"
                node_ref=note
                aria-label="Note"
                data-testid="mark-note"
                placeholder=move || if is_marked() { "Why?" } else { "Mark the player first, then say why" }
                maxlength=MOST_NOTE_CHARACTERS.to_string()
                disabled=move || !is_marked()
                prop:value=move || mark.with(|mark| mark.as_ref().map(|mark| mark.note.clone()).unwrap_or_default())
                on:input:target=move |event| keep_note(event.target().value())
            />
            <p class="say" role="status" data-testid="mark-say">{move || mark.with(|mark| marked_say(mark.as_ref()))}</p>
            <NotKept/>
        </section>
    }
}

/// That marks last as long as the page, where there are any and the browser keeps none.
#[component]
pub(crate) fn NotKept() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <Show when=move || !state.review.is_kept.get() && state.review.marks.with(|marks| !marks.is_empty())>
            <p class="say" role="alert" data-testid="marks-not-kept">{NOT_KEPT}</p>
        </Show>
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Shows only players that are marked so, in the tables of all players and of flagged ones.
#[component]
pub(crate) fn MarkedFilter() -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = Memo::new(move |_| state.choice.with(|choice| choice.players.marked));
    let option = move |(key, words, marked): (&'static str, &'static str, Option<Marked>)| {
        view! { <option value=key prop:selected=move || chosen.get() == marked>{words}</option> }
    };
    let answers = Marked::ALL.map(|marked| (marked.key(), marked.words(), Some(marked)));
    let options = std::iter::once((ALL, ALL, None)).chain(answers).map(option);
    let pick = move |key: String| state.choice.update(|choice| choice.players.marked = Marked::named(&key));
    view! {
        <label>
            "Marked"
            <select data-testid="filter-marked" on:change:target=move |event| pick(event.target().value())>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// Columns of players with that of marks beside the id, where anybody is marked.
pub(crate) fn with_column(mut columns: Vec<Column>, marks: &Marks) -> Vec<Column> {
    let column = (!marks.is_empty()).then_some(Column {
        key: "mark",
        label: "your mark",
        title: "What you marked the player as, and your note",
        is_number: false,
        width_px: 130,
        has_bars: false,
        sorted: Sorted::Never,
    });
    let place = columns.len().min(1);
    columns.splice(place..place, column);
    columns
}

/// A player's cells with the one of that column.
pub(crate) fn with_cell(mut cells: Vec<CellText>, marks: &Marks, player_id: i64) -> Vec<CellText> {
    let cell = (!marks.is_empty()).then(|| CellText {
        text: marks.words(player_id),
        class: "marked",
        bar_percent: 0,
    });
    let place = cells.len().min(1);
    cells.splice(place..place, cell);
    cells
}
