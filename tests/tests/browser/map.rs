//! The connection map: what it draws, and how it and the texts light each other up.

use redproof_tests::browser::Browser;
use serde_json::json;

use crate::desk;

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
    host: redis.test\n    port: 6380\n    ssl: true\nrouter_settings:\n  redis_host: redis.test\n  \
    redis_port: 6380\n";

/// What each edge of the wide map says, with its classes.
fn edges(browser: &Browser) -> Vec<String> {
    browser.settle();
    let script = "return [...document.querySelectorAll('.map-wide .edge')]
        .map((edge) => `${edge.getAttribute('class')}: ${edge.querySelector('text:last-child').textContent}`)";
    serde_json::from_value(browser.run(script, &[])).expect("texts")
}

fn lit_lines(browser: &Browser) -> Vec<String> {
    browser.texts(".cm-line.line-lit")
}

#[test]
fn the_map_shows_each_client_and_what_protects_it() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    assert_eq!(
        edges(&browser),
        [
            // The last of each three is LiteLLM's client in Rust.
            "edge warning unverified: TLS, name not checked · no password",
            "edge warning unverified: TLS, name not checked · no password",
            "edge warning unverified: TLS, name not checked · no password",
            "edge error open: plaintext · no password",
            "edge error open: plaintext · no password",
            "edge error open: plaintext · no password",
        ]
    );
    assert_eq!(browser.texts(".map-wide .target"), ["Redisredis.test:6380"]);
    browser.paste("config", "litellm_settings: {}\n");
    browser.wait("no map without Redis", "return !document.querySelector('.map')");
}

#[test]
fn a_large_cluster_says_how_many_nodes_there_are_besides() {
    let (_companion, browser, _directory) = desk();
    let nodes = (0..20).map(|at| format!("{{host: node-{at}, port: 7000}}"));
    let nodes = nodes.collect::<Vec<_>>().join(", ");
    let cache = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";
    browser.paste("config", &format!("{cache}    redis_startup_nodes: [{nodes}]\n"));
    let lines = browser.texts(".map-wide .target text");
    assert_eq!((lines.len(), lines[0].as_str()), (7, "Redis Cluster"));
    assert_eq!((lines[1].as_str(), lines[6].as_str()), ("node-0:7000", "and 15 more"));
}

#[test]
fn an_edge_lights_up_its_lines_and_leads_there() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    browser.hover(".map-wide .edge .api");
    assert_eq!(lit_lines(&browser), ["host: redis.test", "port: 6380", "ssl: true"]);
    let said = browser.texts(".map .note").concat();
    assert!(said.contains("response cache, coordination, sync to Redis redis.test:6380"), "{said}");
    browser.hover("h1");
    assert!(lit_lines(&browser).is_empty(), "the light goes out");
    // The same by keyboard: an edge is a stop of the Tab key, Enter leads to its first line.
    browser.run("document.querySelectorAll('.map-wide .edge')[3].focus()", &[]);
    assert_eq!(lit_lines(&browser), ["redis_host: redis.test", "redis_port: 6380"]);
    browser.press(&["\u{e007}"]);
    browser.wait(
        "an editor has the keyboard",
        "return !!document.activeElement.closest('.pane.config')",
    );
}

#[test]
fn a_line_lights_up_its_edges() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let lit = "return [...document.querySelectorAll('.map-wide .edge')]
        .map((edge) => edge.classList.contains('lit'))";
    browser.hover(".pane.config .cm-line:nth-child(9)");
    assert_eq!(browser.run(lit, &[]), json!([false, false, false, true, true, true]));
    browser.hover(".pane.config .cm-line:nth-child(7)");
    assert_eq!(browser.run(lit, &[]), json!([true, true, true, false, false, false]));
    browser.hover("h1");
    // The line that the keyboard is in counts where the mouse is elsewhere.
    browser.run("document.querySelector('.pane.config .cm-content').focus()", &[]);
    browser.press(&["\u{e009}", "\u{e011}"]);
    for _ in 0..8 {
        browser.press(&["\u{e015}"]);
    }
    browser.wait(
        "the router's edges are lit",
        "return [...document.querySelectorAll('.map-wide .edge')]
        .map((edge) => edge.classList.contains('lit')).join() === 'false,false,false,true,true,true'",
    );
}

#[test]
fn padlocks_say_in_words_what_protects_a_connection() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    browser.paste("environment", "");
    let legend = browser.texts(".map .padlocks li");
    let names: Vec<&str> = legend.iter().filter_map(|one| one.split(':').next()).collect();
    assert_eq!(names, ["Encrypted only", "Open", "Rust"]);
    assert_eq!(browser.texts(".map-wide .edge .padlock").len(), 6);
    browser
        .paste("config", &CONFIG.replace("ssl: true", "ssl: true\n    ssl_check_hostname: true"));
    let legend = browser.texts(".map .padlocks li").concat();
    assert!(legend.starts_with("Verified: TLS, certificate and host name verified"), "{legend}");
}

/// Words are beside the lines and the boxes, on a phone and on a wall; whoever goes through them by keyboard goes from
/// top to bottom.
#[test]
fn no_words_meet_a_line_or_a_box() {
    let (_companion, browser, _directory) = desk();
    let verified =
        CONFIG.replace("ssl: true", "ssl: true\n    ssl_check_hostname: os.environ/CHECK");
    let several = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    \
        similarity_threshold: 0.8\n    redis_url: rediss://semantic.example.com:6390\nrouter_settings:\n  \
        redis_url: rediss://:pw@other.example.com:6381/2\ngeneral_settings:\n  coordination_redis: {host: \
        coordination.internal.example.com, port: 6400, password: os.environ/PW}\n";
    let met = "const svg = [...document.querySelectorAll('.map > svg')].find((one) => one.clientWidth > 0);
        const boxes = [...svg.querySelectorAll(':is(.user, .target) > rect')].map((one) => one.getBBox());
        const lines = [...svg.querySelectorAll('.line')];
        const meets = ({ x, y, width, height }) => (at) =>
            at.x > x && at.x < x + width && at.y > y && at.y < y + height;
        return [...svg.querySelectorAll('.edge > text:last-child')].flatMap((text) => {
            const box = text.getBBox();
            const inside = boxes.filter((one) => one.x < box.x + box.width && box.x < one.x + one.width
                && one.y < box.y + box.height && box.y < one.y + one.height);
            const through = lines.filter((line) => Array.from({ length: 200 }, (_, at) =>
                line.getPointAtLength(line.getTotalLength() * at / 199)).some(meets(box)));
            return inside.length + through.length > 0 ? [text.textContent] : [];
        }).concat([...svg.querySelectorAll('.user')].filter((user) => {
            const { x, width } = user.querySelector('rect').getBBox();
            return [...user.querySelectorAll('text')].some((text) =>
                text.getBBox().x + text.getBBox().width > x + width - 3);
        }).map((user) => user.textContent))";
    let order = "const tops = [...document.querySelectorAll('.map-wide .edge .api')].map((one) => one.getBBox().y);
        return tops.every((top, at) => at === 0 || top > tops[at - 1])";
    for config in [CONFIG, &verified, several] {
        browser.resize(1280, 900);
        browser.paste("config", config);
        browser.settle();
        assert_eq!(browser.run(order, &[]), json!(true), "from top to bottom");
        for width in [320, 360, 768, 1440] {
            browser.resize(width, 900);
            if width < 900 {
                browser.click(".tabs button:last-child");
            }
            assert_eq!(browser.run(met, &[]), json!([]), "at {width}");
            if width < 900 {
                browser.click(".tabs button");
            }
        }
    }
}

#[test]
fn the_map_can_be_taken_along() {
    let (_companion, browser, _directory) = desk();
    browser.paste("config", CONFIG);
    let keep = "navigator.clipboard.writeText = async (text) => { globalThis.copied = text }";
    browser.run(keep, &[]);
    browser.click(".map-head button");
    browser.wait("a picture is copied", "return globalThis.copied !== undefined");
    let picture = browser.run("return globalThis.copied", &[]);
    let picture = picture.as_str().unwrap_or_default();
    assert!(picture.starts_with("<svg") && picture.contains("redis.test:6380"), "{picture}");
    assert!(
        picture.contains("fill=\"rgb(") && !picture.contains("class="),
        "it has its looks: {picture}"
    );
    browser.wait(
        "it says so",
        "return document.querySelector('.toast').textContent.includes('copied as SVG')",
    );
    browser.click(".map-head button + button");
    browser.wait(
        "a PNG is saved",
        "return document.querySelector('.toast').textContent.includes('redproof-connections.png')",
    );
}
