//! Records what real redis-py makes of every situation: `record-redis-py PYTHON…`, each Python
//! with a release of redis-py installed. Writes `truth/redis-py/RELEASE.json`.

use std::error::Error;

use redproof_tests::recorder::Recorder;
use redproof_tests::situations;

fn main() -> Result<(), Box<dyn Error>> {
    for python in std::env::args().skip(1) {
        let directory = tempfile::tempdir()?;
        let here = directory.path().display().to_string();
        let situations = situations::all(directory.path())?;
        let mut recorder = Recorder::start(&python, "redis-py/record.py")?;
        for situation in &situations {
            let live = situation.start();
            let port = format!(":{}", live.settings["port"]);
            let masked = |text: &str| text.replace(&here, "DIRECTORY").replace(&port, ":PORT");
            recorder.ask(situation.name, &live.settings, masked)?;
        }
        recorder.finish("redis-py")?;
    }
    Ok(())
}
