//! Callbacks that stop start-up, as each release did when it was asked.

use redproof_core::document;
use redproof_core::environment::Environment;
use redproof_core::outcome::Startup;
use redproof_core::releases::Pair;
use redproof_core::simulate::simulate;
use redproof_core::source::SourceId;

fn startup(settings: &str, litellm: &str, redis_py: &str) -> String {
    let document = document::read(SourceId::CONFIG, &format!("litellm_settings: {settings}\n"));
    let environment = Environment::exactly(std::iter::empty::<(String, String)>());
    let pair = Pair::parse(litellm, redis_py).expect("releases");
    match simulate(&document, &environment, pair).startup {
        Startup::Ok => "ok".to_owned(),
        Startup::Exception(exception) => exception.to_string(),
        Startup::Unknown(why) => format!("unknown: {why}"),
    }
}

const EMPTY: &str = "ValueError: Empty module name";
const NO_FILE: &str = "ImportError: Could not find module file .py";
const NO_SUCH: &str = "FileNotFoundError: [Errno 2] No such file or directory: '.py'";

#[test]
fn a_word_that_no_release_knows_stops_it() {
    for (litellm, redis_py, expected) in [
        ("1.60.0", "5.2.1", NO_SUCH),
        ("1.72.0", "5.2.1", NO_SUCH),
        ("1.74.15", "5.2.1", NO_FILE),
        ("1.93.2", "5.3.1", NO_FILE),
        ("1.94.0", "5.3.1", EMPTY),
        ("1.109.1", "5.3.1", EMPTY),
        ("1.110.2", "8.1.0", EMPTY),
    ] {
        let asked = |settings: &str| startup(settings, litellm, redis_py);
        for settings in [
            "{callbacks: [anyword]}",
            "{callbacks: [langfuse, Langfuse]}",
            "{callbacks: langfuse}",
            "{callbacks: ''}",
            "{callbacks: [s3]}",
        ] {
            assert_eq!(asked(settings), expected, "{litellm} {settings}");
        }
        for settings in [
            "{callbacks: [langfuse, otel]}",
            "{callbacks: []}",
            "{success_callback: [anyword]}",
            "{success_callback: anyword}",
            "{failure_callback: [anyword]}",
        ] {
            assert_eq!(asked(settings), "ok", "{litellm} {settings}");
        }
        let of_kind = |kind: &str, name: &str| {
            format!("AttributeError: '{kind}' object has no attribute '{name}'")
        };
        let name = if expected == NO_SUCH { "split" } else { "startswith" };
        assert_eq!(asked("{callbacks: [5]}"), of_kind("int", name));
        assert_eq!(asked("{callbacks: null}"), of_kind("NoneType", name));
        assert_eq!(asked("{callbacks: {a: 1}}"), of_kind("dict", name));
        let walked = "TypeError: argument of type 'int' is not iterable";
        assert_eq!(asked("{failure_callback: [5]}"), walked);
        assert_eq!(asked("{success_callback: 5}"), "TypeError: 'int' object is not iterable");
    }
}

#[test]
fn the_letters_of_a_text_are_callbacks() {
    for (litellm, redis_py, expected) in [
        ("1.60.0", "5.2.1", EMPTY),
        ("1.80.0", "5.3.1", EMPTY),
        ("1.88.0", "5.3.1", NO_FILE),
        ("1.93.2", "5.3.1", NO_FILE),
        ("1.94.0", "5.3.1", EMPTY),
        ("1.110.2", "8.1.0", EMPTY),
    ] {
        for settings in ["{success_callback: my_mod.inst}", "{failure_callback: my_mod.inst}"] {
            assert_eq!(startup(settings, litellm, redis_py), expected, "{litellm} {settings}");
        }
    }
}
