//! SQL told apart into what is computed and what is said.

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// What the database computes.
    Plain,
    /// A comment.
    Comment,
    /// What dbt fills in.
    Template,
}

impl PieceKind {
    /// Its style class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Comment => "comment",
            Self::Template => "template",
        }
    }
}

/// A piece of a text of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: PieceKind,
    /// Its text.
    pub text: &'a str,
}

/// The text in pieces, from start to end.
#[must_use]
pub fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = sql;
    while !rest.is_empty() {
        let (kind, length) = if rest.starts_with("--") {
            (PieceKind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("{{") {
            (PieceKind::Template, after(rest, "}}"))
        } else if rest.starts_with("{%") {
            (PieceKind::Template, after(rest, "%}"))
        } else {
            let starts = ["--", "{{", "{%"].map(|start| rest.find(start).unwrap_or(rest.len()));
            (PieceKind::Plain, starts.into_iter().min().unwrap_or(rest.len()))
        };
        let (text, next) = rest.split_at(length);
        pieces.push(Piece { kind, text });
        rest = next;
    }
    pieces
}

fn after(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len())
}
