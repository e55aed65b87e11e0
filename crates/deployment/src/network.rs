//! What a container's network is, as far as files say: what `localhost` reaches, and who has which name.

use std::collections::BTreeSet;

use base::source::Span;

/// A container's network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// What `localhost` reaches.
    pub localhost: Localhost,
    /// The names without a dot that it resolves; `None` where files may not name all of them.
    pub names: Option<BTreeSet<String>>,
    /// Its namespace in Kubernetes, where files say.
    pub namespace: Option<String>,
    /// The Kubernetes Services in the same files, of all namespaces, as far as one may be Redis'.
    pub services: Vec<Service>,
    /// These are all of them: there may be too many.
    pub has_all_services: bool,
}

/// What `localhost` reaches from a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Localhost {
    /// Files don't say.
    #[default]
    Unknown,
    /// The container alone.
    Itself,
    /// Other containers too, or the host.
    Others,
}

/// How a Redis server is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// By one of its names.
    #[default]
    ByName,
    /// By the variables that the chart sets which installs both: its name is not known.
    ByChart,
    /// At `localhost`: it is in the same pod, or on the same network stack.
    AtLocalhost,
    /// Not at all: they have no network in common.
    Apart,
}

/// A Kubernetes Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its namespace, where files say.
    pub namespace: Option<String>,
    /// The ports that it listens on, each with that of the pods where it is a number.
    pub ports: Vec<(u16, Option<u16>)>,
    /// Whether a pod in the files has the labels that it selects; `None` where that is not known.
    pub finds_pods: Option<bool>,
    /// Clients get to its ports; not so where its name stands for the pods themselves (`clusterIP:
    /// None`), or for a name elsewhere.
    pub forwards: bool,
    /// Where it is named.
    pub span: Option<Span>,
}
