//! Opens the connections of an [`redproof_core::outcome::Outcome`] against real servers.
