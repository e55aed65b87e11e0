//! Paths in the names of files: `/` between the parts, relative to where the files were found.

/// The last part.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What comes before the last part; empty for none.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind(['/', '\\']).map_or("", |at| &path[..at])
}

/// What templates of files add to the names: Terraform's, Jinja's, Go's.
const TEMPLATES: [&str; 6] = ["tpl", "tftpl", "tmpl", "gotmpl", "j2", "jinja2"];

/// What comes after the last dot of the last part; of a template, of the file that it makes: `yaml` of
/// `config.yaml.j2`.
pub fn extension(path: &str) -> &str {
    let ends = |name| str::rsplit_once(name, '.').map_or(("", ""), |(stem, end)| (stem, end));
    let (stem, extension) = ends(file_name(path));
    if TEMPLATES.contains(&extension) { ends(stem).1 } else { extension }
}

/// Whether another program makes a file of it.
pub(crate) fn is_template(path: &str) -> bool {
    let end = file_name(path).rsplit_once('.').map_or("", |(_, end)| end);
    TEMPLATES.contains(&end)
}

/// Whether Terraform fills in `${…}` of what the file holds.
pub(crate) fn is_filled_by_terraform(path: &str) -> bool {
    let end = file_name(path).rsplit_once('.').map_or("", |(_, end)| end);
    matches!(end, "tf" | "hcl" | "nomad" | "tpl" | "tftpl")
}

/// A path from a folder, `.` and `..` worked out. An absolute path stays as it is.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = vec![];
    let before = if absolute { "" } else { folder };
    let rooted = absolute || folder.starts_with('/');
    for part in before.split(['/', '\\']).chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

/// Stands for the folder that relative paths start from: as deep as anybody climbs with `..`.
const HERE: &str = "/./0/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19";

/// A path that can be compared with others.
pub(crate) fn plain(path: &str) -> String {
    join(HERE, path)
}

/// Whether a folder is another, or lies in it.
pub(crate) fn is_within(inner: &str, outer: &str) -> bool {
    let (inner, outer) = (plain(inner), plain(outer));
    inner == outer || inner.strip_prefix(&outer).is_some_and(|rest| rest.starts_with('/'))
}

/// How many folders lie between two, one of which holds the other; `None` where neither does.
pub(crate) fn distance(one: &str, other: &str) -> Option<usize> {
    let depth = |path: &str| plain(path).split('/').filter(|part| !part.is_empty()).count();
    (is_within(one, other) || is_within(other, one)).then(|| depth(one).abs_diff(depth(other)))
}

#[cfg(test)]
mod tests {
    use super::{distance, is_within, join};

    #[test]
    fn paths_are_worked_out() {
        for (folder, path, joined) in [
            ("", "./config.yaml", "config.yaml"),
            ("a/b", "../c/d.yaml", "a/c/d.yaml"),
            ("a", "/etc/x", "/etc/x"),
            ("", "../x", "../x"),
            ("../a", "../x", "../x"),
            ("/srv/a", "b", "/srv/a/b"),
            ("./a", ".", "a"),
        ] {
            assert_eq!(join(folder, path), joined, "{folder} {path}");
        }
        assert!(is_within("a/b", "a") && is_within("a", "") && !is_within("ab", "a"));
        assert_eq!(distance("a/b/c", "a"), Some(2));
        assert_eq!(distance("a", "b"), None);
        assert!(is_within("a", "..") && is_within("", "../..") && !is_within("..", "a"));
        assert_eq!(distance("", ".."), Some(1));
    }
}
