//! `--format azure`: issues of an Azure Pipelines run, by its logging commands.

use documents::places::Places;
use redproof_core::Report;
use redproof_core::deployment::Runs;
use redproof_core::finding::{Finding, Severity};
use redproof_core::visible::visible_lines;

use super::{Format, How};

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "azure"
    }

    fn help(&self) -> &'static str {
        "Issues of an Azure Pipelines run"
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, _how: How) -> String {
        let places = Places::new(report);
        report.diagnostics.iter().map(|found| issue(found, &places)).collect()
    }
}

fn issue(found: &Finding, places: &Places<'_>) -> String {
    // Azure has no other types.
    let kind = match found.severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Hint => "warning",
    };
    let place = found.primary.span.and_then(|span| places.of(span));
    let place = place.map_or(String::new(), |place| {
        let file = property(place.file);
        let (line, column) = (place.start.line, place.start.column);
        format!("sourcepath={file};linenumber={line};columnnumber={column};")
    });
    let help = found.help.as_ref().map_or(String::new(), |help| format!(" {help}"));
    let message =
        escape(&format!("{} {}: {}{help}", found.code, found.rule, found.message_of_all()));
    format!("##vso[task.logissue type={kind};{place}code={}]{message}\n", found.code)
}

/// As the agent's `CommandStringConvertor` reads it back.
fn escape(text: &str) -> String {
    visible_lines(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escape(text).replace(';', "%3B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use super::{escape, property};

    #[test]
    fn nothing_of_a_file_ends_the_command() {
        assert_eq!(property("a;b]c%.yaml\n"), "a%3Bb%5Dc%AZP25.yaml%0A");
        assert_eq!(escape("one\n##vso[task.complete]"), "one%0A##vso[task.complete]");
    }
}
