//! Input that would hurt: pipes, devices, other encodings, bombs, and characters that act.

mod folder;

use std::fs;
use std::process::Command;

use folder::{Folder, code, stderr, stdout};

const CONFIG: &str =
    "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 1}\n";

fn pipe(folder: &Folder, name: &str) {
    let made = Command::new("mkfifo").arg(folder.path().join(name)).status().expect("run mkfifo");
    assert!(made.success());
}

#[test]
fn pipes_and_devices_beside_a_config_are_passed_over() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    for name in ["requirements.txt", ".env", "compose.yaml", "redproof.toml", "uv.lock"] {
        pipe(&folder, name);
    }
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("Pipfile.lock")).expect("a link");
    fs::remove_file(folder.path().join("redproof.toml")).expect("remove the pipe");
    for arguments in [&["check", "config.yaml"][..], &["check", "."], &["explain", "config.yaml"]] {
        assert_eq!(code(&folder.run(arguments)), 0, "{arguments:?}");
    }
    pipe(&folder, "redproof.toml");
    let output = folder.run(&["check", "config.yaml"]);
    assert!(code(&output) == 0 || stderr(&output).contains("regular file"), "{}", stderr(&output));
}

#[test]
fn an_endless_device_and_utf_16_are_said_and_the_run_goes_on() {
    let folder = Folder::new(&[("good.yaml", CONFIG)]);
    let wide: Vec<u8> = CONFIG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("bare.yaml"), &wide).expect("write a file");
    fs::write(folder.path().join("marked.yaml"), [&[0xff, 0xfe][..], &wide].concat())
        .expect("write a file");
    for name in ["bare.yaml", "marked.yaml"] {
        let output = folder.run(&["check", name, "good.yaml"]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains("it is UTF-16; save it as UTF-8"), "{}", stderr(&output));
        assert!(stdout(&output).contains("1 configuration"), "{}", stdout(&output));
    }
}

#[test]
fn values_that_double_end_in_a_note() {
    let mut env = String::from("A0=xxxxxxxxxx\n");
    for at in 1..60 {
        env += &format!("A{at}=${{A{0}}}${{A{0}}}\n", at - 1);
    }
    let folder = Folder::new(&[("config.yaml", CONFIG), ("bomb.env", &env)]);
    let output = folder.run(&["explain", "config.yaml", "--env-file", "bomb.env"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("grows too large"), "{}", stdout(&output));
}

#[test]
fn nothing_in_a_config_acts_on_a_terminal_or_on_ci() {
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                  host: \"h\\e]0;pwn\\a\\e[2Jx\\n::error file=x::pwn\\u202e\"\n    port: 6379\n    \
                  \"a\\n::error file=x::pwn\\e[2J\\u202e\": x\n    \
                  namespace: \"n\\r\\n##vso[task.complete]\"\n    ssl_cert_reqs: \"\\eNONE\\n::x::y\"\n";
    let folder = Folder::new(&[("config.yaml", config)]);
    let runs = [
        &["check", "config.yaml"][..],
        &["check", "config.yaml", "--format", "concise"],
        &["check", "config.yaml", "--format", "github"],
        &["check", "config.yaml", "--format", "azure"],
        &["explain", "config.yaml"],
        &["compare", "config.yaml", "--from", "1.80.0"],
        &["fix", "--diff", "--unsafe", "config.yaml"],
        &["fix", "--unsafe", "config.yaml"],
    ];
    for arguments in runs {
        let output = folder.run(arguments);
        for text in [stdout(&output), stderr(&output)] {
            let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(acts), "{arguments:?}: {text:?}");
            for line in text.lines() {
                let own = arguments.contains(&"github") && line.contains("config.yaml,line=");
                assert!(own || !line.trim_start().starts_with("::"), "{arguments:?}: {text}");
                let own = arguments.contains(&"azure") && line.contains("sourcepath=config.yaml;");
                assert!(own || !line.trim_start().starts_with("##vso"), "{arguments:?}: {text}");
            }
        }
    }
}
