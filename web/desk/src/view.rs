//! The views of the workbench.

/// A view, one of which shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named for what they show")]
pub enum View {
    Settings,
    Upgrade,
    Start,
    Certificates,
    Export,
}

impl View {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Settings, Self::Upgrade, Self::Start, Self::Certificates, Self::Export];

    /// Its name, in scripts and in style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Upgrade => "upgrade",
            Self::Start => "start",
            Self::Certificates => "certificates",
            Self::Export => "export",
        }
    }

    /// The view of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}
