//! Prometheus' text format.

use std::collections::HashSet;
use std::fmt::Write;

/// The text, metric by metric.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    /// Several connections may go to one node: Prometheus refuses a page with a row twice.
    rows: HashSet<String>,
}

pub(super) type Row<'a> = &'a mut dyn FnMut(&[(&str, &str)], f64);

impl Page {
    pub(super) fn add(&mut self, name: &str, kind: &str, help: &str, fill: impl FnOnce(Row<'_>)) {
        self.head(name, kind, help);
        fill(&mut |labels, value| self.row(name, labels, value));
    }

    // Writing to a String does not fail.
    pub(super) fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    pub(super) fn row(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> =
            labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escape(value))).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let row = format!("{name}{labels}");
        if !self.rows.contains(&row) {
            let _ = writeln!(self.text, "{row} {value}");
            self.rows.insert(row);
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

pub(super) fn flag(set: bool) -> f64 {
    f64::from(u8::from(set))
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus has floats alone")]
pub(super) fn count(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus has floats alone")]
pub(super) fn signed(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn labels_are_escaped() {
        let mut page = Page::default();
        page.row("m", &[("subject", "CN = a\\b \"c\"\nd")], 1.0);
        page.row("m", &[("subject", "CN = a\\b \"c\"\nd")], 2.0);
        assert_eq!(page.text, "m{subject=\"CN = a\\\\b \\\"c\\\"\\nd\"} 1\n");
    }
}
