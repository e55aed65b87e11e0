//! What to change in the files that somebody has: a kustomize component, a compose file that lies over
//! theirs, an overlay of Helm values, a task definition. The image, and all that is not said here, stays theirs.

mod compose;
mod ecs;
mod kustomize;
mod tree;
mod values;

use deployment::{Container, Form};
use report::CheckInput;

use super::mounts::Mount;
use super::plan::{Exported, Plan, Set};
use super::{Draft, Export, ExportError, Secrets};

/// The name of what is added.
const ADDED: &str = "litellm-redproof";

/// What a deployment lacks.
struct Changes<'p> {
    plan: &'p Plan,
    container: &'p Container,
    /// Variables that nobody sets, or that hold a secret in plain text.
    variables: Vec<&'p Exported>,
    /// Files that the config names and that no mount brings.
    files: Vec<&'p Mount>,
}

impl Changes<'_> {
    /// The variables that a Secret is to keep.
    fn kept(&self) -> impl Iterator<Item = &Exported> {
        self.variables.iter().copied().filter(|one| one.secret && one.value_from.is_none())
    }
}

/// Writes what to change in the files that deploy a configuration.
///
/// # Errors
/// When the config can't be read, a secret can't be taken out of its text, or no file says how the config
/// is deployed.
pub fn patch(input: &CheckInput<'_>, secrets: Secrets) -> Result<Export, ExportError> {
    let Some(container) = &input.environment.container else {
        return Err(ExportError::NoPatch("no file beside it says how it is deployed".to_owned()));
    };
    let plan = Plan::of(input, secrets)?;
    let mut draft = Draft { tokens: plan.tokens.clone(), ..Draft::default() };
    // Only in these can a value be replaced by a reference.
    let replaces = matches!(container.form, Form::Kubernetes | Form::Ecs);
    let variables = plan.variables.iter().filter(|one| match one.set {
        Set::There => false,
        Set::Plain => replaces && one.secret,
        Set::Nowhere => true,
    });
    let brought = |file: &&Mount| {
        let covers = |target: &str| {
            let rest = file.target.strip_prefix(target.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !file.directory && !container.mounts.iter().any(|mount| covers(&mount.target))
    };
    let changes = Changes {
        plan: &plan,
        container,
        variables: variables.collect(),
        files: plan.mounts.iter().filter(brought).collect(),
    };
    if changes.variables.is_empty() && changes.files.is_empty() && !plan.changed {
        let why = "there is nothing to change: no secret stands in the config, and each variable and file is there";
        return Err(ExportError::NoPatch(why.to_owned()));
    }
    match container.form {
        Form::Kubernetes => kustomize::write(&changes, &mut draft)?,
        Form::Compose => compose::write(&changes, input, &mut draft),
        Form::Helm if container.values.is_some() => values::write(&changes, input, &mut draft)?,
        Form::Ecs => ecs::write(&changes, input, &mut draft),
        form => {
            return Err(ExportError::NoPatch(format!(
                "there is no patch for this kind of {}: `export kubernetes` and `export compose` write the whole",
                form.words()
            )));
        }
    }
    draft.notes.extend(plan.notes.iter().cloned());
    Ok(draft.finished())
}

/// The file of the Secret's values, in words, for what has to be filled in.
fn content_of(file: &Mount, draft: &mut Draft) -> String {
    let what = format!("the content of {}: {}", file.path, file.what);
    draft.tokens.fresh(&file.key, what, None)
}
