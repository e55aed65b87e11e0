//! Files to deployments: which LiteLLM config runs with which environment, release, mounts and
//! neighbours, and where each of these is said.
//!
//! Pure: the texts of files in, [`Deployment`]s out. Reading goes file by file
//! (`forms`: compose, Kubernetes, Helm, ECS …) and gives workloads, configs and the objects that
//! they name; joining follows bind mounts, command lines, `ConfigMap`s and images, and then what lies
//! beside. What can't be read whole is unknown, and says so.

use crate::deployments::Deployments;
use crate::environment::NamedText;
use crate::{forms, join};

/// Reads files, and finds what belongs together.
///
/// Names are paths with `/`, all from the same folder.
pub fn deployments(files: &[NamedText]) -> Deployments {
    let world = forms::read(files);
    join::join(files, world, false)
}

/// Reads files that somebody says belong together, wherever they lie.
pub fn together(files: &[NamedText]) -> Deployments {
    let world = forms::read(files);
    join::join(files, world, true)
}
