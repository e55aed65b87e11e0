//! `_load_environment_variables`: what `environment_variables` sets.

use facts::Behaviour;
use python::{PyResult, Stop, Value, convert};

use crate::process::Process;
use crate::sections::section;
use crate::trace::DropReason;

/// Keys that `environment_variables` may not set, of the ones that matter to a process.
const BLOCKED: [&str; 13] = [
    "PATH",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "HOME",
    "USER",
    "SHELL",
    "LOGNAME",
    "NO_PROXY",
];

/// `_load_environment_variables`
pub(super) fn load_environment_variables(
    process: &mut Process<'_>,
    config: &Value,
) -> PyResult<()> {
    let Some(variables) = section(config, "environment_variables") else {
        return Ok(());
    };
    if !convert::truth(variables)? {
        return Ok(());
    }
    let Some(dict) = variables.as_dict() else {
        return Err(Stop::no_attribute(variables, "items"));
    };
    let skips = process.pair.behaves(Behaviour::OddVariableNamesAreSkipped);
    let blocklist = process.pair.behaves(Behaviour::EnvironmentVariablesBlocklist);
    for entry in &dict.entries {
        let Some(name) = entry.key.as_str() else {
            if skips {
                continue;
            }
            if !process.pair.behaves(Behaviour::EnvironmentVariablesSectionWins) {
                return Err(Stop::no_attribute(&entry.key, "startswith"));
            }
            let kind = entry.key.type_name().unwrap_or("object");
            let message = format!("str expected, not {kind}");
            return Err(Stop::raise("TypeError", message).because_of(&entry.key.origin));
        };
        if blocklist && BLOCKED.contains(&name) {
            let path = format!("environment_variables.{name}");
            process.dropped(&path, &entry.key, DropReason::BlockedVariable);
            continue;
        }
        if name.is_empty() || name.contains(['=', '\0']) {
            let stop = match name {
                "" => Stop::raise("OSError", "[Errno 22] Invalid argument"),
                name if name.contains('\0') => Stop::raise("ValueError", "embedded null byte"),
                _ => Stop::raise("ValueError", "illegal environment variable name"),
            };
            return Err(stop.because_of(&entry.key.origin));
        }
        if !process.pair.behaves(Behaviour::EnvironmentVariablesSectionWins) {
            set_from_environment(process, name, &entry.value)?;
            continue;
        }
        let value = match entry.value.as_str() {
            // Resolved before; what is left unresolved after that stays unset.
            Some(text) if text.starts_with("os.environ/") => match process.get_secret_str(text)? {
                Some(value) => value,
                None => continue,
            },
            _ => match convert::str_of(&entry.value) {
                Ok(text) => Value::str(text, entry.value.origin.clone()),
                Err(Stop::Unknown(_)) => entry.value.clone(),
                Err(stop) => return Err(stop),
            },
        };
        if value.as_str().is_some_and(|text| text.contains('\0')) {
            let stop = Stop::raise("ValueError", "embedded null byte");
            return Err(stop.because_of(&entry.value.origin));
        }
        process.set_environ(name, value);
    }
    Ok(())
}

/// `os.environ[name] = str(get_secret(secret_name=name, default_value=value))`: `get_secret` has
/// the default only where reading the secret raises, which reading a variable does not.
fn set_from_environment(process: &mut Process<'_>, name: &str, value: &Value) -> PyResult<()> {
    let value = match process.get_secret(name)? {
        Some(found) => match convert::str_of(&found) {
            Ok(text) => Value::str(text, found.origin),
            Err(Stop::Unknown(_)) => found,
            Err(stop) => return Err(stop),
        },
        None => Value::str("None", value.origin.clone()),
    };
    process.set_environ(name, value);
    Ok(())
}
