//! Files of process managers that start LiteLLM by its command line: supervisord's, and Procfiles.

use crate::environment::{NamedText, Variable};
use base::source::Span;

use super::source;
use crate::model::{EnvFile, Form, Replicas, Sets, Workload, World};
use crate::paths;
use crate::words;

/// Whether a file is one of them, by its name and text.
pub(super) fn is_one(name: &str, text: &str) -> bool {
    is_procfile(name)
        || (matches!(paths::extension(name), "conf" | "ini") && text.contains("[program:"))
}

fn is_procfile(name: &str) -> bool {
    name == "Procfile" || name.starts_with("Procfile.")
}

/// Reads a file.
pub(super) fn read(file: usize, files: &[NamedText], world: &mut World) {
    let NamedText { name, text } = &files[file];
    if is_procfile(paths::file_name(name)) {
        procfile(file, files, world);
    } else {
        supervisord(file, text, world);
    }
}

/// `web: litellm --config config.yaml`, with the `.env` beside it.
fn procfile(file: usize, files: &[NamedText], world: &mut World) {
    let NamedText { name, text } = &files[file];
    let dotenv = paths::join(paths::folder(name), ".env");
    let beside = files.iter().any(|one| paths::plain(&one.name) == paths::plain(&dotenv));
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((process, command)) = line.split_once(':') else { continue };
        let mut workload = Workload::new(file, Form::Process, process.trim());
        if beside {
            let (path, by) = (dotenv.clone(), EnvFile::Unquoted);
            workload.sets.push(Sets::File { path, by, span: None });
        }
        if start_by(file, start + process.len() + 1, command, &mut workload) {
            world.workloads.push(workload);
        }
    }
}

/// The words of a command line; whether it starts LiteLLM.
fn start_by(file: usize, offset: usize, command: &str, workload: &mut Workload) -> bool {
    let found = words::split(command.trim_end());
    let program = |word: &str| word.rsplit('/').next() == Some("litellm");
    let Some(at) = found.iter().position(|word| program(&word.text)) else { return false };
    let place = |word: &words::Word| {
        Some(Span::new(source(file), offset + word.range.start, offset + word.range.end))
    };
    for word in &found[..at] {
        let Some((name, value)) = word.text.split_once('=') else { continue };
        let variable = match word.expands {
            true => Variable::unknown("what the shell fills in", place(word)),
            false => Variable::known(value, place(word)),
        };
        workload.set(name, variable);
    }
    workload.span = place(&found[at]);
    workload.args = found[at..].iter().map(|word| word.text.clone()).collect();
    workload.is_litellm = true;
    workload.whole = false;
    true
}

/// The programs of a supervisord's file.
fn supervisord(file: usize, text: &str, world: &mut World) {
    let mut shared: Vec<(String, Variable)> = vec![];
    let mut programs: Vec<(Workload, bool)> = vec![];
    let mut section = String::new();
    for (start, line) in lines(text) {
        if let Some(name) = line.trim().strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
            if let Some(program) = name.strip_prefix("program:") {
                programs.push((Workload::new(file, Form::Process, program), false));
            }
            continue;
        }
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let at = start + key.len() + 1;
        let variables = || pairs(value).into_iter().map(|pair| pair.variable(file, at));
        let program = programs.last_mut().filter(|_| section.starts_with("program:"));
        match (key.trim(), program) {
            ("environment", None) if section == "supervisord" => shared.extend(variables()),
            ("environment", Some((program, _))) => {
                for (name, variable) in variables() {
                    program.set(name, variable);
                }
            }
            ("command", Some((program, starts))) => *starts = start_by(file, at, value, program),
            ("numprocs", Some((program, _))) => {
                program.replicas = Replicas::of(value.trim().parse().ok());
            }
            _ => {}
        }
    }
    for (mut program, _) in programs.into_iter().filter(|(_, starts)| *starts) {
        let own = std::mem::take(&mut program.sets);
        let shared = shared.iter().cloned();
        program.sets = shared.map(|(name, variable)| Sets::Variable(name, variable)).collect();
        program.sets.extend(own);
        world.workloads.push(program);
    }
}

/// Lines with where they start; indented ones go on with the one before, ` ;` starts a comment.
fn lines(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = vec![];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.starts_with(['#', ';']) || line.trim().is_empty() {
            continue;
        }
        let end = line.find(" ;").or_else(|| line.find("\t;")).unwrap_or(line.len());
        let content = line[..end].trim_end();
        match found.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some((from, whole)) => {
                // As long as what it stands for, so that places stay.
                while *from + whole.len() < start {
                    whole.push(' ');
                }
                whole.push_str(content);
            }
            None => found.push((start, content.to_owned())),
        }
    }
    found
}

/// `NAME="value"` of an `environment`.
struct Pair {
    name: String,
    value: String,
    from: usize,
    to: usize,
}

impl Pair {
    fn variable(self, file: usize, at: usize) -> (String, Variable) {
        let span = Some(Span::new(source(file), at + self.from, at + self.to));
        // `%(ENV_HOME)s`, `%(process_num)d`
        let variable = match self.value.contains("%(") {
            true => Variable::unknown("what supervisord fills in", span),
            false => Variable::known(&self.value.replace("%%", "%"), span),
        };
        (self.name, variable)
    }
}

/// The pairs of `A="x",B='y,z',C=w`.
fn pairs(text: &str) -> Vec<Pair> {
    let mut pairs = vec![];
    let mut rest = 0;
    while let Some(equals) = text[rest..].find('=').map(|at| rest + at) {
        let name = text[rest..equals].trim_matches([',', ' ', '\t']);
        let start = equals + 1;
        let quote = text[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
        let from = start + quote.map_or(0, char::len_utf8);
        let to = match quote {
            Some(quote) => text[from..].find(quote),
            None => text[from..].find(','),
        };
        let to = to.map_or(text.len(), |end| from + end);
        let value = if quote.is_some() { &text[from..to] } else { text[from..to].trim() };
        if !name.is_empty() {
            pairs.push(Pair { name: name.to_owned(), value: value.to_owned(), from, to });
        }
        rest = (to + quote.map_or(0, char::len_utf8)).min(text.len());
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn pairs_of_an_environment() {
        let shown = |text: &str| -> Vec<String> {
            pairs(text).iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect()
        };
        assert_eq!(shown("A=\"x\",B='y,z', C=w"), ["A=x", "B=y,z", "C=w"]);
        for text in ["", "=", "A=\"", ",,=,", "A=\u{1F600},", "A='"] {
            pairs(text);
        }
    }
}
