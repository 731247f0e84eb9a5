//! What zones are put together by, below every chart of them.

use leptos::prelude::*;

use crate::ui::state::State;
use wow_view::zones::Grouping;

/// The switch; all charts of zones follow it.
#[component]
pub(crate) fn ZonesSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let button = move |grouping: Grouping| {
        view! {
            <button
                aria-pressed=move || state.choice.with(|choice| choice.zones == grouping).to_string()
                on:click=move |_| state.choice.update(|choice| choice.zones = grouping)
            >
                {grouping.key()}
            </button>
        }
    };
    view! {
        <span class="switch" role="group" aria-label="Zones by">
            {Grouping::ALL.map(button).collect_view()}
        </span>
    }
}
