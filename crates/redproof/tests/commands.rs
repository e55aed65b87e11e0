//! docs/commands.md is what each command's `--help` says.

use std::process::Command;

/// What `redproof` prints.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(arguments)
        .env_remove("COLUMNS")
        .output()
        .expect("redproof starts");
    assert!(output.status.success(), "{arguments:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    // clap pads empty lines of long lists.
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The commands that `--help` lists.
fn commands(help: &str) -> Vec<&str> {
    let list = help.split("Commands:\n").nth(1).expect("a list of commands");
    let names = list.lines().take_while(|line| !line.is_empty());
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

fn page() -> String {
    let overview = printed(&["--help"]);
    let mut text = format!(
        "# Commands\n\nWhat each command says with `--help`.\n\n## `redproof`\n\n```text\n{overview}```\n"
    );
    for command in commands(&overview) {
        let help = printed(&[command, "--help"]);
        text += &format!("\n## `redproof {command}`\n\n```text\n{help}```\n");
    }
    text
}

#[test]
fn the_page_of_commands_is_up_to_date() {
    let text = page();
    assert!(text.contains("## `redproof probe`"), "{text}");
    support::hold!([("docs/commands.md", text)]);
}
