//! Whether the numbers can be trusted.
