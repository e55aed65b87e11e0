//! The table of texts, by what they are about.

mod cluster;
mod files;
mod limits;
mod litellm;
mod login;
mod native;
mod network;
mod pool;
mod search;
mod sentinel;
mod server;
mod settings;
mod shared;
mod startup;
mod stored;
mod tls;
mod verify;

use crate::{Cause, Entry, Kind, Speaker, Text, When};

/// All entries, in the order of the table.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    let tables = [
        network::ENTRIES,
        tls::ENTRIES,
        verify::ENTRIES,
        files::ENTRIES,
        login::ENTRIES,
        server::ENTRIES,
        cluster::ENTRIES,
        sentinel::ENTRIES,
        pool::ENTRIES,
        settings::ENTRIES,
        startup::ENTRIES,
        litellm::ENTRIES,
        shared::ENTRIES,
        limits::ENTRIES,
        stored::ENTRIES,
        search::ENTRIES,
        native::ENTRIES,
    ];
    tables.into_iter().flatten()
}

/// The entry of this name.
pub fn entry(id: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.id == id)
}

impl Entry {
    const fn new(
        id: &'static str,
        title: &'static str,
        texts: &'static [Text],
        means: &'static str,
        causes: &'static [Cause],
        look: &'static str,
    ) -> Self {
        Self { id, title, kind: Kind::Cause, texts, means, causes, look, outcome: None }
    }

    const fn outcome(self, outcome: &'static str) -> Self {
        Self { outcome: Some(outcome), ..self }
    }

    const fn envelope(self) -> Self {
        Self { kind: Kind::Envelope, ..self }
    }

    const fn news(self) -> Self {
        Self { kind: Kind::News, ..self }
    }
}

const fn litellm(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::Litellm, says, source)
}

const fn redis_py(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::RedisPy, says, source)
}

const fn python(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::Python, says, source)
}

const fn openssl(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::OpenSsl, says, source)
}

const fn system(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::System, says, source)
}

const fn server(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::Server, says, source)
}

const fn native(says: &'static str, source: &'static str) -> Text {
    Text::new(Speaker::Native, says, source)
}

const fn defect(id: &str) -> Cause {
    Cause::defect(id)
}

const fn cause(when: When, says: &'static str, cure: &'static str) -> Cause {
    Cause::new(when, says, cure)
}
