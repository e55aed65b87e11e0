//! The names in a certificate, against the host.

use redproof_probe::ProbeOutcome as O;
use serde_json::json;

use super::pki::Pki;
use super::{Error, Situation, both};
use crate::certificates::Wish;

pub(super) fn situations(pki: &Pki) -> Result<Vec<Situation>, Error> {
    let mut list = Vec::new();
    // By default redis-py 5.3.1 does not check the name, 8.1.0 does.
    let wrong = [O::Ok, O::HostnameMismatch];
    let right = both(O::Ok);
    let mut case = |name: &'static str, wish: &Wish, host, expected: [O; 2]| -> Result<(), Error> {
        let server = pki.serve(&pki.leaf(wish)?, &[])?;
        let strict = expected[1];
        let client = pki.client(host, json!({}));
        list.push(Situation::new(name, server.clone(), client, expected).strict(strict));
        let client = pki.client(host, json!({"ssl_check_hostname": true}));
        let name = format!("{name}: checked").leak();
        list.push(Situation::new(name, server, client, both(strict)).strict(strict));
        Ok(())
    };
    let good = Wish::server();
    let dns = |names: &[&'static str]| Wish::server().named(names, &[]);
    let ip = |addresses: &[&'static str]| Wish::server().named(&[], addresses);
    let cn = |common_name| Wish { common_name, ..Wish::server() }.named(&[], &[]);
    case("name", &good, "localhost", right)?;
    case("address", &good, "127.0.0.1", right)?;
    case("name in another case", &dns(&["REDIS.TEST"]), "redis.test", right)?;
    case("host in another case", &good, "Redis.TEST", right)?;
    case("host with a trailing dot", &good, "redis.test.", wrong)?;
    case("other name", &dns(&["elsewhere.test"]), "localhost", wrong)?;
    case("other name, host an address", &dns(&["elsewhere.test"]), "127.0.0.1", wrong)?;
    case("name only, host an address", &dns(&["localhost"]), "127.0.0.1", wrong)?;
    case("address only, host a name", &ip(&["127.0.0.1"]), "localhost", wrong)?;
    case("other address", &ip(&["127.0.0.2"]), "127.0.0.1", wrong)?;
    case("address written as a DNS name", &dns(&["127.0.0.1"]), "127.0.0.1", wrong)?;
    case("short form of an address", &ip(&["127.0.0.1"]), "127.1", wrong)?;
    case("many names, the last one fits", &dns(&many_names()), "redis.test", right)?;
    case("name with an underscore", &dns(&["redis_1.redis.test"]), "redis_1.redis.test", right)?;
    case("wildcard", &dns(&["*.redis.test"]), "a.redis.test", right)?;
    case("wildcard, host without the label", &dns(&["*.redis.test"]), "redis.test", wrong)?;
    case("wildcard, host with two labels", &dns(&["*.redis.test"]), "a.b.redis.test", wrong)?;
    case("wildcard for part of a label", &dns(&["a*.redis.test"]), "ab.redis.test", wrong)?;
    case("wildcard in a later label", &dns(&["a.*.test"]), "a.redis.test", wrong)?;
    case("wildcard below a top domain", &dns(&["*.test"]), "redis.test", wrong)?;
    case("wildcard alone", &dns(&["*"]), "localhost", wrong)?;
    case("common name only", &cn("localhost"), "localhost", right)?;
    case("common name only, a wildcard", &cn("*.redis.test"), "a.redis.test", right)?;
    case("address as common name", &cn("127.0.0.1"), "127.0.0.1", wrong)?;
    case(
        "common name fits, DNS name does not",
        &Wish { common_name: "localhost", ..dns(&["elsewhere.test"]) },
        "localhost",
        wrong,
    )?;
    case(
        "common name fits, beside an address",
        &Wish { common_name: "localhost", ..ip(&["10.0.0.1"]) },
        "localhost",
        right,
    )?;
    case(
        "common name fits, beside a URI",
        &Wish { uris: vec!["spiffe://test/redis"], ..cn("localhost") },
        "localhost",
        right,
    )?;
    case("no name at all", &cn(""), "localhost", wrong)?;

    let elsewhere =
        || -> Result<_, Error> { pki.serve(&pki.leaf(&dns(&["elsewhere.test"]))?, &[]) };
    let set = |name, more, expected| -> Result<Situation, Error> {
        Ok(Situation::new(name, elsewhere()?, pki.client("localhost", more), expected)
            .strict(O::HostnameMismatch))
    };
    list.push(set(
        "other name, checked",
        json!({"ssl_check_hostname": true}),
        both(O::HostnameMismatch),
    )?);
    list.push(set("other name, not checked", json!({"ssl_check_hostname": false}), right)?);
    list.push(set(
        "other name, verification optional",
        json!({"ssl_cert_reqs": "optional"}),
        wrong,
    )?);
    Ok(list)
}

fn many_names() -> Vec<&'static str> {
    let mut names = vec!["elsewhere.test"; 300];
    names.push("redis.test");
    names
}
