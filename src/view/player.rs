//! One player: facts, verdict, sessions.
