//! The analysis in a world that does what it asks for, in the order that a test wants.

mod data;
mod orders;
mod steps;
mod world;
