//! Which nodes are meant, in dbt's grammar of selectors.

mod criterion;
mod matching;

use std::collections::BTreeSet;

use clap::Args;

use self::criterion::Criterion;
use super::{Node, Project, ResourceType};
use crate::artifacts;
use crate::failure::Failure;
use crate::output::shown;

/// More names than this are not listed in a sentence.
const LISTED_NAMES_MAX: usize = 10;
/// Names that are less alike than this are not taken for one another.
const ALIKE: f64 = 0.8;

/// Which nodes to take, as dbt writes it; all unless something is given.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SelectArgs {
    /// What to take, as dbt writes it: NAME, +NAME with what it reads, NAME+ with what reads it, 2+NAME, @NAME, tag:TAG,
    /// path:…, config.materialized:table …; `*`, `?` and `[…]` stand for others. A space means or, a comma means and.
    #[arg(long, short, value_name = "SELECTOR", num_args = 1..)]
    pub(crate) select: Vec<String>,
    /// What to leave out of it, likewise.
    #[arg(long, value_name = "SELECTOR", num_args = 1..)]
    pub(crate) exclude: Vec<String>,
}

/// Nodes by their places in the project.
type Places = BTreeSet<usize>;

impl Project {
    /// The nodes of these types that are meant, what is read before what reads it. Tests are meant with what they read.
    ///
    /// # Errors
    /// [`Failure::Usage`] for a selector that cannot be understood, and for one that matches nothing.
    pub(crate) fn select(&self, args: &SelectArgs, types: &[ResourceType]) -> anyhow::Result<Vec<&Node>> {
        let mut places: Places = match &*args.select {
            [] => (0..self.nodes.len()).collect(),
            select => self.union(select, types)?,
        };
        for place in self.union(&args.exclude, types)? {
            places.remove(&place);
        }
        let nodes = places.iter().filter_map(|place| self.nodes.get(*place));
        let nodes: Vec<&Node> = nodes.filter(|node| types.contains(&node.resource_type)).collect();
        if nodes.is_empty() {
            return Err(Failure::usage(match &*args.exclude {
                [] => self.nothing(&args.select.join(" "), types),
                exclude => {
                    format!("`--exclude {}` leaves nothing; leave less out", shown(&exclude.join(" ")))
                }
            }));
        }
        Ok(nodes)
    }

    /// What any of the selectors means. Each must mean something, for otherwise it is a slip of the hand.
    fn union(&self, selectors: &[String], types: &[ResourceType]) -> anyhow::Result<Places> {
        let mut found = Places::new();
        for selector in selectors.iter().flat_map(|selector| selector.split_whitespace()) {
            let meant = self.intersection(selector)?;
            if meant.is_empty() {
                return Err(Failure::usage(self.nothing(selector, types)));
            }
            found.extend(meant);
        }
        Ok(found)
    }

    fn intersection(&self, selector: &str) -> anyhow::Result<Places> {
        let mut found: Option<Places> = None;
        for part in selector.split(',') {
            let meant = self.meant_by(&Criterion::parse(part)?)?;
            found = Some(match found {
                None => meant,
                Some(found) => &found & &meant,
            });
        }
        Ok(found.unwrap_or_default())
    }

    fn meant_by(&self, criterion: &Criterion) -> anyhow::Result<Places> {
        let mut direct = Places::new();
        for (place, node) in self.nodes.iter().enumerate() {
            if criterion.matches(node)? {
                direct.insert(place);
            }
        }
        let mut meant = direct.clone();
        if criterion.with_parents_of_children {
            meant.extend(self.children(&direct, None));
            meant.extend(self.parents(&meant, None));
        }
        if let Some(depth) = criterion.parents {
            meant.extend(self.parents(&direct, depth));
        }
        if let Some(depth) = criterion.children {
            meant.extend(self.children(&direct, depth));
        }
        let tests = self.children(&meant, Some(1)).into_iter();
        meant.extend(tests.filter(|place| self.nodes[*place].resource_type == ResourceType::Test));
        Ok(meant)
    }

    /// What these read, and what that reads, up to so many steps.
    fn parents(&self, of: &Places, depth: Option<u32>) -> Places {
        reached(of, depth, |place| {
            let parents = &self.nodes[place].parents;
            self.places(move |node| parents.contains(&node.unique_id))
        })
    }

    /// What reads these, and what reads that, up to so many steps.
    fn children(&self, of: &Places, depth: Option<u32>) -> Places {
        reached(of, depth, |place| {
            let id = &self.nodes[place].unique_id;
            self.places(move |node| node.parents.contains(id))
        })
    }

    fn places(&self, is_meant: impl Fn(&Node) -> bool) -> Places {
        let places = self.nodes.iter().enumerate().filter(|(_, node)| is_meant(node));
        places.map(|(place, _)| place).collect()
    }

    /// What to say of a selector that matches nothing.
    fn nothing(&self, selector: &str, types: &[ResourceType]) -> String {
        let start = match selector {
            "" => "there is nothing of that type".to_owned(),
            selector => format!("nothing matches `{}`", shown(selector)),
        };
        let name = selector.trim_matches(|sign: char| sign == '+' || sign == '@' || sign.is_ascii_digit());
        if let Some(path) = artifacts::own_model(name) {
            return format!(
                "`{}` is a model of your own ({}), which dbt runs: `wow dbt run --select {}`",
                shown(name),
                path.display(),
                shown(selector)
            );
        }
        let names: Vec<&str> = self
            .nodes
            .iter()
            .filter(|node| types.contains(&node.resource_type))
            .map(|node| &*node.name)
            .collect();
        let nearest = names
            .iter()
            .map(|known| (strsim::jaro_winkler(name, known), known))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        let meant = nearest.map(|(_, known)| format!("; did you mean `{known}`?")).unwrap_or_default();
        let separator = if meant.is_empty() { "; there" } else { " There" };
        match names.len() {
            0..=LISTED_NAMES_MAX => format!("{start}{meant}{separator} are {}", names.join(", ")),
            _ => format!("{start}{meant}{separator} are {} names, which `wow ls` lists", names.len()),
        }
    }
}

/// What is reached from some places in so many steps, or in any number of them.
fn reached(from: &Places, depth: Option<u32>, next: impl Fn(usize) -> Places) -> Places {
    let mut found = Places::new();
    let mut edge = from.clone();
    let mut steps = 0;
    while !edge.is_empty() && depth.is_none_or(|depth| steps < depth) {
        edge = edge.iter().flat_map(|place| next(*place)).filter(|place| !found.contains(place)).collect();
        found.extend(&edge);
        steps += 1;
    }
    found
}
