//! One selector: `+`, `@` and depths around a method and its value.

use super::matching::Method;
use crate::failure::Failure;
use crate::output::shown;

/// A selector without spaces and commas.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Criterion<'a> {
    /// Which nodes are meant themselves.
    pub(super) method: Method<'a>,
    pub(super) value: &'a str,
    /// With all that reads them, and all that these read.
    pub(super) with_parents_of_children: bool,
    /// With what they read, up to so many steps if a number is given.
    pub(super) parents: Option<Option<u32>>,
    /// With what reads them, likewise.
    pub(super) children: Option<Option<u32>>,
}

impl<'a> Criterion<'a> {
    /// Reads a selector.
    ///
    /// # Errors
    /// [`Failure::Usage`] for a method that is not known, and where signs are put together that do not go together.
    pub(super) fn parse(selector: &'a str) -> anyhow::Result<Self> {
        let (with_parents_of_children, rest) = match selector.strip_prefix('@') {
            Some(rest) => (true, rest),
            None => (false, selector),
        };
        let (parents, rest) = match rest.split_once('+') {
            Some((depth, after)) if is_depth(depth) => (Some(steps(depth, selector)?), after),
            _ => (None, rest),
        };
        let (children, rest) = match rest.rsplit_once('+') {
            Some((before, depth)) if is_depth(depth) => (Some(steps(depth, selector)?), before),
            _ => (None, rest),
        };
        if with_parents_of_children && children.is_some() {
            return Err(Failure::usage(format!(
                "`{}` has `@` before and `+` behind, which do not go together; leave one out",
                shown(selector)
            )));
        }
        let is_method =
            |text: &str| text.chars().all(|sign| sign.is_alphanumeric() || sign == '_' || sign == '.');
        let (method, value) = match rest.split_once(':') {
            Some((method, value)) if !method.is_empty() && is_method(method) => {
                (Method::named(method)?, value)
            }
            _ => (Method::usual(rest), rest),
        };
        Ok(Self { method, value, with_parents_of_children, parents, children })
    }
}

fn is_depth(text: &str) -> bool {
    text.chars().all(|sign| sign.is_ascii_digit())
}

/// A number of steps; without one, any.
fn steps(depth: &str, selector: &str) -> anyhow::Result<Option<u32>> {
    if depth.is_empty() {
        return Ok(None);
    }
    let steps = depth.parse().map_err(|_| {
        Failure::usage(format!("`{}` has too many steps; leave the number out for all", shown(selector)))
    })?;
    Ok(Some(steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_around_a_name_say_what_comes_with_it() {
        let plain = Criterion::parse("m").unwrap();
        assert_eq!((plain.value, plain.parents, plain.children), ("m", None, None));
        let both = Criterion::parse("2+m+1").unwrap();
        assert_eq!((both.value, both.parents, both.children), ("m", Some(Some(2)), Some(Some(1))));
        let all = Criterion::parse("+config.meta.owner:me+").unwrap();
        assert_eq!((all.method, all.value), (Method::Config("meta.owner"), "me"));
        assert_eq!((all.parents, all.children), (Some(None), Some(None)));
        assert!(Criterion::parse("@m").unwrap().with_parents_of_children);
    }

    #[test]
    fn what_cannot_be_meant_is_wrong_use() {
        for selector in
            ["@m+", "metod:m", "99999999999+m", "test_type:x", "resource_type:x", "source:a.b.c.d", "tag:[a"]
        {
            let meant = Criterion::parse(selector).and_then(|criterion| {
                let project = crate::project::Project::load()?;
                project.nodes().iter().try_for_each(|node| criterion.matches(node).map(drop))
            });
            assert_eq!(Failure::status_of(&meant.unwrap_err()), 2, "{selector}");
        }
    }
}
