//! Records what real redis-py makes of every situation: `record-redis-py PYTHON…`, each Python
//! with a release of redis-py installed. Writes `tests/goldens/probe/redis-py-RELEASE.json`.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use redproof_tests::situations;
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for python in std::env::args().skip(1) {
        let directory = tempfile::tempdir()?;
        let situations = situations::all(directory.path())?;
        let mut child = Command::new(&python)
            .arg(root.join("record_redis_py.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut questions = child.stdin.take().ok_or("standard input is piped")?;
        let output = child.stdout.take().ok_or("standard output is piped")?;
        let mut answers = BufReader::new(output).lines();
        let mut answer = || -> Result<Value, Box<dyn Error>> {
            let line = answers.next().ok_or("Python ended early")??;
            Ok(serde_json::from_str(&line)?)
        };
        let release = answer()?["redis_py"].as_str().ok_or("Python tells the release")?.to_owned();
        let mut recorded = Map::new();
        for situation in &situations {
            let live = situation.start();
            let question = json!({"name": situation.name, "settings": live.settings});
            writeln!(questions, "{question}")?;
            let mut answer = answer()?;
            // Ports and directories differ from run to run.
            let text = serde_json::to_string(&answer)?
                .replace(&directory.path().display().to_string(), "DIRECTORY")
                .replace(&format!(":{}", live.settings["port"]), ":PORT");
            answer = serde_json::from_str(&text)?;
            recorded.insert(
                situation.name.to_owned(),
                json!({"sync": answer["sync"], "async": answer["async"]}),
            );
        }
        drop(questions);
        child.wait()?;
        let path = root.join(format!("goldens/probe/redis-py-{release}.json"));
        std::fs::create_dir_all(path.parent().ok_or("a file has a directory")?)?;
        std::fs::write(&path, serde_json::to_string_pretty(&recorded)? + "\n")?;
        println!("{}: {} situations", path.display(), recorded.len());
    }
    Ok(())
}
