//! The columns of the table of players.
