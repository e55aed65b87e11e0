//! What one client's connection proves for another's that is the same: sync and asyncio clients of equal settings
//! send a node of a cluster the same bytes, and a thousand nodes are not opened twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::plan::Settings;
use crate::session::Seen;

/// What a connection saw, once it has ended well; nothing where it failed.
pub(crate) type Place = Arc<OnceCell<Option<Seen>>>;

/// The connections of a probe that others may do without, by server.
#[derive(Debug, Default)]
pub(crate) struct Proved(Mutex<HashMap<String, Vec<(Settings, Place)>>>);

impl Proved {
    /// Where what such a connection saw is, or comes to be.
    pub(crate) fn place(&self, settings: &Settings) -> Place {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_server = all.entry(settings.target()).or_default();
        let wire = settings.on_the_wire();
        if let Some((_, place)) = of_server.iter().find(|(of, _)| *of == wire) {
            return Arc::clone(place);
        }
        let place = Place::default();
        of_server.push((wire, Arc::clone(&place)));
        place
    }
}

impl Seen {
    /// What another client of the server has seen, too: its state is said once.
    pub(crate) fn for_another(&self) -> Self {
        let mut seen = self.clone();
        seen.findings.truncate(seen.of_client);
        Self { health: None, scan: None, ..seen }
    }
}
