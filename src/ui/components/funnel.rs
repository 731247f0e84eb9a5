//! What each model keeps, as bars of the log's rows.

use leptos::prelude::*;
use wow_charts::format;

use crate::view::overview::Step;

/// A card with a bar for each model.
#[component]
pub(crate) fn Funnel(
    #[prop(into)] steps: Signal<Vec<Step>>,
    #[prop(into)] say: Signal<String>,
) -> impl IntoView {
    let step = |step: Step| {
        view! {
            <li class:bot=step.is_bots data-testid=format!("funnel-{}", step.key) data-value=step.count>
                <span class="model">{step.model}</span>
                <span class="bar"><i style:--share=step.share.to_string()></i></span>
                <b>{format::count(step.count)}</b>
                <em>{step.unit}</em>
            </li>
        }
    };
    view! {
        <section class="card" data-testid="funnel">
            <h2>"From log to players"</h2>
            <p class="say">{say}</p>
            <ol class="funnel">{move || steps.get().into_iter().map(step).collect_view()}</ol>
        </section>
    }
}
