//! What snapshots saw of one player, in its panel.

use leptos::prelude::*;
use wow_engine::facts::PlayerFacts;

use crate::protocol::Failure;
use crate::ui::components::status::FailurePanel;
use crate::ui::state::State;
use wow_view::changes::{self, Change};

/// What snapshots of the database saw of the player, from one to the next.
#[component]
pub(super) fn Changes(id: i64) -> impl IntoView {
    let state = expect_context::<State>();
    let found = RwSignal::new(None::<Result<Vec<PlayerFacts>, Failure>>);
    let attempt = RwSignal::new(0_u32);
    Effect::new(move |_| {
        attempt.track();
        found.set(None);
        leptos::task::spawn_local(async move {
            let result = state.player_facts(id).await;
            // The panel may be closed by now.
            found.try_set(Some(result));
        });
    });
    let again = Callback::new(move |()| attempt.update(|attempt| *attempt = attempt.wrapping_add(1)));
    let row = |row: Change| {
        view! {
            <tr data-testid="player-change">
                <td>{row.from}</td>
                <td>{row.to}</td>
                <td>{row.what}</td>
            </tr>
        }
    };
    let table = move |rows: Vec<PlayerFacts>| {
        let changes = changes::changes(&rows);
        let is_empty = changes.is_empty();
        view! {
            <p class="say">{changes::say(&rows)}</p>
            <Show when=move || !is_empty>
                <div class="scroll-x changes" tabindex="0" role="region" aria-label="What snapshots saw">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"from"</th>
                                <th scope="col">"to"</th>
                                <th scope="col">"what changed"</th>
                            </tr>
                        </thead>
                        <tbody>{changes.clone().into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </Show>
        }
    };
    view! {
        <section class="card" data-testid="player-changes">
            <h2>"What snapshots saw"</h2>
            {move || match found.get() {
                None => view! { <p class="muted" role="status">"Looking for changes …"</p> }.into_any(),
                Some(Err(failure)) => {
                    let origin = state.origin();
                    view! { <FailurePanel failure origin again testid="changes-failure"/> }.into_any()
                }
                Some(Ok(rows)) => table(rows).into_any(),
            }}
        </section>
    }
}
