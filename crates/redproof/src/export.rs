//! `redproof export`.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use redproof_core::export::{File, Format, Secrets, patch};
use redproof_core::{Export, export};
use tempfile::NamedTempFile;

use crate::Ending;
use crate::args::{ExportArgs, ExportFormat};
use crate::files;
use crate::input::Surroundings;
use crate::output::{self, Failure};

/// Writes one format's files.
///
/// # Errors
/// When an input can't be used, or the output can't be written.
pub(crate) fn run(args: &ExportArgs) -> Result<Ending, Failure> {
    let (mut surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let (config, text) = surroundings.config(&args.config)?;
    let name = files::name(&config);
    let runs = surroundings.runs(&config, &text);
    let mut export = surroundings
        .with_input(&config, &text, |input| match format(args.format) {
            Some(format) => export(input, format, Secrets::Placeholders),
            None => patch(input, Secrets::Placeholders),
        })
        .map_err(|error| Failure::Said(format!("{name}: {error}")))?;
    if let ([first, others @ ..], ExportFormat::Patch) = (&runs[..], args.format)
        && !others.is_empty()
    {
        export.notes.push(format!(
            "the patch is for {}; {} more run this config",
            first.name(),
            others.len()
        ));
    }
    match &args.output {
        None => output::write_all(on_one_stream(&export).as_bytes())?,
        Some(path) => save(&export.files, path, args.force)?,
    }
    remind(&export);
    Ok(Ending::Clean)
}

/// The whole in one form; `None` for what to change in what is there.
fn format(format: ExportFormat) -> Option<Format> {
    Some(match format {
        ExportFormat::Patch => return None,
        ExportFormat::Config => Format::Config,
        ExportFormat::Env => Format::Env,
        ExportFormat::Kubernetes => Format::Kubernetes,
        ExportFormat::Compose => Format::Compose,
        ExportFormat::RedisConf => Format::RedisConf,
        ExportFormat::Commands => Format::Commands,
    })
}

/// The one file as it is, or all of them, each below its name: every format takes `#` comments.
fn on_one_stream(export: &Export) -> String {
    if let [only] = export.files.as_slice() {
        return only.text.clone();
    }
    let mut text = String::new();
    for file in &export.files {
        // Writing to a String does not fail.
        let _ = writeln!(text, "# ==> {} <==\n{}", file.name, file.text);
    }
    text
}

/// Says what is left to do, apart from the files.
fn remind(export: &Export) {
    let mut text = String::new();
    for note in &export.notes {
        let _ = writeln!(text, "note: {note}");
    }
    if !export.to_fill_in.is_empty() {
        text.push_str("Fill in:\n");
    }
    for placeholder in &export.to_fill_in {
        let _ = writeln!(text, "  {}  {}", placeholder.token, placeholder.what);
    }
    // Nowhere left to say that standard error is closed.
    let _ = anstream::stderr().lock().write_all(output::harmless(&text).as_bytes());
}

/// Writes all files, or none.
fn save(files: &[File], path: &Path, force: bool) -> Result<(), Failure> {
    let is_folder =
        files.len() > 1 || path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/');
    let targets: Vec<PathBuf> = if is_folder {
        files.iter().map(|file| path.join(&file.name)).collect()
    } else {
        vec![path.to_owned()]
    };
    let folder = if is_folder {
        fs::create_dir_all(path).map_err(|error| failed(path, &error))?;
        path
    } else {
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
    };
    if !force && let Some(there) = targets.iter().find(|target| target.symlink_metadata().is_ok()) {
        return Err(Failure::Said(format!(
            "{} is there already: nothing was written; --force replaces it",
            there.display()
        )));
    }
    let mut ready = vec![];
    for (file, target) in files.iter().zip(&targets) {
        ready.push(staged(folder, &file.text).map_err(|error| failed(target, &error))?);
    }
    let mut written: Vec<&PathBuf> = vec![];
    for (file, target) in ready.into_iter().zip(&targets) {
        let moved = if force { file.persist(target) } else { file.persist_noclobber(target) };
        if let Err(error) = moved {
            // Half a deployment is worse than none.
            for done in written.into_iter().filter(|_| !force) {
                let _ = fs::remove_file(done);
            }
            return Err(failed(target, &error.error));
        }
        written.push(target);
    }
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::Said(format!("cannot write {}: {error}", path.display()))
}

/// The text in a file that has no name yet.
fn staged(folder: &Path, text: &str) -> io::Result<NamedTempFile> {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "modes are Unix's"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any program's files: the user's umask takes away from this.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}
